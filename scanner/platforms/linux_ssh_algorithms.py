"""Which algorithms OpenSSH's server is told to offer: `sshd -T`, or lists written out in a file.

What stands in no file is the default of a release, and a list with `+`, `-` or `^` changes that
default: then only what was added is told, and the list counts as incomplete.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.crypto_facts import SshOffer
from rules.facts import Citation, Fact, Known
from scanner.platforms.linux_ssh_logins import ports
from scanner.platforms.linux_sshd import Sshd

_KEYWORDS = {
    "key_exchange": "kexalgorithms",
    "host_keys": "hostkeyalgorithms",
    "ciphers": "ciphers",
    "macs": "macs",
}
_COMPRESSION = {
    "yes": ("none", "zlib@openssh.com"),
    "delayed": ("none", "zlib@openssh.com"),
    "no": ("none",),
}
_PROTOCOLS = {"2": "2.0", "1": "1.5", "1,2": "1.99", "2,1": "1.99"}
_NAME = re.compile(r"[!-+\--~]{1,120}")
_KINDS = re.compile(r"(?<![a-z0-9])(rsa|ecdsa|ed25519|dsa)(?![a-z0-9])")
_OF_KIND = {
    "rsa": re.compile(r"(?:ssh-rsa|rsa-sha2-\d+)(?:-cert-v01@openssh\.com)?"),
    "ecdsa": re.compile(r"ecdsa-sha2-nistp\d+(?:-cert-v01@openssh\.com)?"),
    "ed25519": re.compile(r"ssh-ed25519(?:-cert-v01@openssh\.com)?"),
    "dsa": re.compile(r"ssh-dss(?:-cert-v01@openssh\.com)?"),
}


def algorithms(sshd: Sshd) -> Fact[tuple[SshOffer, ...]] | None:
    """`ssh.algorithms`, once for every port that is told; None where no list is."""
    lists: dict[str, tuple[str, ...]] = {}
    # a file that was cut off may have been cut off within a list
    certain = sshd.whole or sshd.computed
    incomplete: list[str] = [] if certain else [*_KEYWORDS]
    citations: list[Citation] = []
    for field, keyword in _KEYWORDS.items():
        setting = sshd.one(keyword)
        value = setting.value if setting else ""
        names = [name.strip() for name in value.lstrip("+^-").split(",")]
        added = not value.startswith("-")
        lists[field] = tuple(name for name in names if added and _NAME.fullmatch(name))
        if not value or value[0] in "+-^" or len(lists[field]) < len(names):
            incomplete.append(field)
        if setting is not None:
            citations.append(setting.citation)
    if not citations:
        return None
    held = tuple(_held(sshd, lists["host_keys"]))
    if any(_OF_KIND["rsa"].fullmatch(name) for name in held):
        incomplete.append("rsa_bits")
    setting = sshd.one("compression")
    compression = _COMPRESSION.get(setting.value.lower(), ()) if setting else ()
    if not compression:
        incomplete.append("compression")
    offers = (
        SshOffer(
            port,
            _protocol(sshd),
            key_exchange=lists["key_exchange"],
            host_keys=held,
            ciphers=lists["ciphers"],
            macs=lists["macs"],
            compression=compression,
            incomplete=tuple(sorted(set(incomplete))),
        )
        for port in (ports(sshd) or (None,))
    )
    return Known(tuple(offers), tuple(citations))


def _protocol(sshd: Sshd) -> str:
    """Servers that print no such line speak version 2 alone."""
    setting = sshd.one("protocol")
    if setting is None:
        return "2.0" if sshd.computed else ""
    return _PROTOCOLS.get(setting.value.replace(" ", ""), "")


def _held(sshd: Sshd, names: tuple[str, ...]) -> Iterator[str]:
    """Of the algorithms allowed, those for which a key is named; all where the names do not tell.

    A file name tells the kind of its key by custom, and certificates are files of their own.
    """
    files = [setting.value.rpartition("/")[2] for setting in sshd.common.get("hostkey", ())]
    found = [_KINDS.search(name.lower()) for name in files]
    kinds = {match[1] for match in found if match is not None}
    certified = bool(sshd.common.get("hostcertificate"))
    for name in names:
        fits = any(_OF_KIND[kind].fullmatch(name) for kind in kinds)
        if not kinds or None in found or (fits and (certified or "-cert-" not in name)):
            yield name
