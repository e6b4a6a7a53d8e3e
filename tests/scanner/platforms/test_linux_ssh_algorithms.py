"""Which algorithms sshd is told to offer; what a release adds by itself is no known list."""

from __future__ import annotations

import pytest

from rules.crypto_facts import SshOffer
from tests.scanner.platforms.linux_host_files import facts, lines, saved, told

EFFECTIVE = """port 22
usepam yes
compression yes
ciphers aes256-gcm@openssh.com,3des-cbc
macs hmac-sha2-256-etm@openssh.com
kexalgorithms curve25519-sha256
hostkeyalgorithms ssh-ed25519-cert-v01@openssh.com,ssh-ed25519,rsa-sha2-512,ecdsa-sha2-nistp256
authorizedkeysfile .ssh/authorized_keys
hostkey /etc/ssh/ssh_host_ed25519_key
"""
USUAL = "PermitRootLogin no\nPasswordAuthentication no\nUsePAM yes\n"
ZLIB = ("none", "zlib@openssh.com")


LISTS = ("ciphers", "host_keys", "key_exchange", "macs")


def of_server(text: str) -> SshOffer:
    (offer,) = told("ssh.algorithms", saved("sshd-T.txt", text))
    return offer


def of_file(text: str) -> SshOffer:
    (offer,) = told("ssh.algorithms", saved("sshd_config", text + USUAL))
    return offer


def test_what_the_server_computes_is_told_with_its_lines() -> None:
    assert of_server(EFFECTIVE) == SshOffer(
        22,
        "2.0",
        key_exchange=("curve25519-sha256",),
        host_keys=("ssh-ed25519",),
        ciphers=("aes256-gcm@openssh.com", "3des-cbc"),
        macs=("hmac-sha2-256-etm@openssh.com",),
        compression=ZLIB,
    )
    assert lines("ssh.algorithms", saved("sshd-T.txt", EFFECTIVE)) == [6, 7, 4, 5]


def test_only_keys_that_the_server_holds_are_offered() -> None:
    with_rsa = of_server(EFFECTIVE + "hostkey /etc/ssh/ssh_host_rsa_key\n")
    assert with_rsa.host_keys == ("ssh-ed25519", "rsa-sha2-512")
    assert with_rsa.incomplete == ("rsa_bits",)
    certified = of_server(EFFECTIVE + "hostcertificate /etc/ssh/ssh_host_ed25519_key-cert.pub\n")
    assert certified.host_keys == ("ssh-ed25519-cert-v01@openssh.com", "ssh-ed25519")
    unnamed = of_server(EFFECTIVE + "hostkey /etc/ssh/mine\n")
    assert len(unnamed.host_keys) == 4


def test_lists_that_a_file_writes_out_are_told_and_the_others_stay_open() -> None:
    offer = of_file("Port 2222\nCiphers aes128-ctr,arcfour\nMACs hmac-sha2-256\n")
    assert (offer.port, offer.protocol) == (2222, "")
    assert (offer.ciphers, offer.macs) == (("aes128-ctr", "arcfour"), ("hmac-sha2-256",))
    assert offer.incomplete == ("compression", "host_keys", "key_exchange")


@pytest.mark.parametrize(
    ("value", "ciphers"),
    [("+3des-cbc", ("3des-cbc",)), ("^aes256-ctr", ("aes256-ctr",)), ("-*cbc", ())],
)
def test_a_change_of_the_default_tells_what_was_added_alone(
    value: str, ciphers: tuple[str, ...]
) -> None:
    offer = of_file(f"Ciphers {value}\n")
    assert offer.ciphers == ciphers
    assert "ciphers" in offer.incomplete


def test_a_torn_file_tells_no_whole_list() -> None:
    offer = of_file("Ciphers aes128-ctr\nnonsense~\n")
    assert set(LISTS) <= set(offer.incomplete)


@pytest.mark.parametrize(
    ("word", "protocol"), [("2", "2.0"), ("2,1", "1.99"), ("1", "1.5"), ("7", "")]
)
def test_old_versions_of_the_protocol(word: str, protocol: str) -> None:
    assert of_file(f"Protocol {word}\nCiphers aes128-ctr\n").protocol == protocol


def test_a_file_without_any_list_tells_nothing() -> None:
    document = saved("sshd_config", USUAL)
    assert "ssh.algorithms" not in facts(document)
