"""Who issued a certificate: real chains, shown by real servers, and names that nearly fit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rules.facts import Known
from scanner.collect.errors import CollectError
from scanner.collect.journal import NullJournal
from scanner.collect.tls import look, tls_facts
from scanner.collect.tls_trust import Trusted, read_authorities
from scanner.evidence import Document
from tests.scanner.collect.authority import Made, made, tls_server

ROOT = made("CA tinh", ca=True)
MIDDLE = made("CA trung gian", ROOT, ca=True)
DEVICE = made("vcs", MIDDLE, names=("vcs.tinh.example", "127.0.0.1"))
NO_AUTHORITY = made("vcs-1", ROOT)
BY_DEVICE = made("vcs-2", NO_AUTHORITY)
LATE = made("vcs-3", ROOT, until=datetime.now(UTC) - timedelta(days=1))
OWN = made("vcs-4")
OTHER = made("CA tinh", ca=True)


@pytest.mark.parametrize(
    ("chain", "trust"),
    [
        ((DEVICE, MIDDLE), "trusted"),
        ((DEVICE, MIDDLE, ROOT), "trusted"),
        ((DEVICE,), "untrusted"),
        ((DEVICE, ROOT), "untrusted"),
        ((BY_DEVICE, NO_AUTHORITY), "untrusted"),
        ((NO_AUTHORITY,), "trusted"),
        ((LATE,), "trusted"),
        ((OWN,), "untrusted"),
        ((made("vcs", OTHER), OTHER), "untrusted"),
        ((), "unchecked"),
    ],
    ids=["whole", "with root", "middle missing", "wrong middle", "by a device", "short", "expired",
         "self-signed", "of a namesake", "nothing"],
)  # fmt: skip
def test_a_chain_leads_to_an_authority_or_not(chain: tuple[Made, ...], trust: str) -> None:
    ders = [one.der for one in chain]
    assert Trusted((ROOT.certificate,)).of(ders) == trust
    assert Trusted().of(ders) == "unchecked"


def test_a_certificate_that_is_none_is_not_trusted() -> None:
    assert Trusted((ROOT.certificate,)).of([b"\x30\x00", DEVICE.der]) == "untrusted"


@pytest.mark.parametrize(
    ("of_device", "of_certificate", "named"),
    [
        (("10.0.0.1",), ("10.0.0.1",), True),
        (("10.0.0.1",), ("10.0.0.10", "vcs"), False),
        (("2001:db8::1",), ("2001:0DB8:0:0::1",), True),
        (("10.0.0.1", "VCS.tinh.example"), ("vcs.tinh.example.",), True),
        (("vcs.tinh.example",), ("*.tinh.example",), True),
        (("vcs.phong.tinh.example",), ("*.tinh.example",), False),
        (("tinh.example",), ("*.tinh.example",), False),
        (("10.0.0.1",), ("*.0.0.1",), False),
        (("vcs",), (), False),
        ((), ("vcs",), None),
    ],
)
def test_names(
    of_device: tuple[str, ...], of_certificate: tuple[str, ...], named: bool | None
) -> None:
    assert Trusted(names=of_device).named_in(of_certificate) is named


def test_a_server_shows_its_chain_and_the_facts_compare_it(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(ROOT.pem)
    authorities = read_authorities([tmp_path / "ca.pem"])
    with tls_server(tmp_path, DEVICE, MIDDLE) as port:
        seen = look("127.0.0.1", port, NullJournal(), "vcs", timeout_s=2)
    fact = tls_facts([seen], Trusted(authorities, ("127.0.0.1",)))["tls.certificates"]
    assert isinstance(fact, Known)
    (certificate,) = fact.value
    assert (certificate.trust, certificate.named, certificate.seen) == ("trusted", True, True)
    assert {"issuer CN=CA trung gian", "subject CN=vcs"} - {c.text for c in fact.citations} == {
        "subject CN=vcs"
    }
    cut = seen.content.rindex(b"-----BEGIN")
    short = Document(seen.content[:cut], seen.source, "P", seen.captured)
    again = tls_facts([short], Trusted(authorities, ("10.0.0.1",)), [8443])["tls.certificates"]
    assert isinstance(again, Known)
    assert [(c.port, c.trust, c.named, c.seen) for c in again.value] == [
        (port, "untrusted", False, True),
        (8443, "unchecked", None, False),
    ]


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_file_that_holds_no_authority_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CollectError) as refused:
        read_authorities([file])
    assert "scan.ca_files" in refused.value.reason.vi
