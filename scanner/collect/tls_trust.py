"""Whether a certificate comes from an authority that the inventory names, and names its device.

The chain is built and checked by `cryptography`. Networks without internet have authorities of
their own, whose certificates leave out much of what public ones need: demanded is what makes a
chain hold, no more. Dates are judged elsewhere; a certificate that expired is checked as of its
last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from inventory.text import Text
from scanner.collect.errors import CollectError

CA_FILE_MAX = 4_000_000
CHAIN_MAX = 10
"""Certificates of one chain that are looked at."""

Authority = x509.Certificate
Trust = Literal["trusted", "untrusted", "unchecked"]


@dataclass(frozen=True, slots=True)
class Trusted:
    """What certificates of one device are compared with."""

    authorities: tuple[Authority, ...] = ()
    names: tuple[str, ...] = ()
    """Addresses and host names of the device."""

    def of(self, chain: Sequence[bytes], now: datetime | None = None) -> Trust:
        """Whether the first of these (DER) leads to an authority through the others."""
        if not self.authorities or not chain:
            return "unchecked"
        try:
            leaf, *others = [x509.load_der_x509_certificate(der) for der in chain[:CHAIN_MAX]]
            moment = now or datetime.now(UTC)
            valid = min(max(moment, leaf.not_valid_before_utc), leaf.not_valid_after_utc)
            verifier = (
                PolicyBuilder()
                .store(Store(list(self.authorities)))
                .time(valid)
                .extension_policies(ca_policy=_AUTHORITY, ee_policy=ExtensionPolicy.permit_all())
                .build_client_verifier()
            )
            verifier.verify(leaf, others)
        except (VerificationError, UnsupportedAlgorithm, ValueError, TypeError):
            return "untrusted"
        return "trusted"

    def named_in(self, names: Iterable[str]) -> bool | None:
        """Whether a certificate made out to these is the device's; None without names of it."""
        if not self.names:
            return None
        own = {_plain(name) for name in self.names}
        return any(_covers(_plain(name), own) for name in names)


# that the constraints make an authority of it is what `cryptography` then asks of them
_AUTHORITY = ExtensionPolicy.permit_all().require_present(
    x509.BasicConstraints, Criticality.AGNOSTIC, None
)


def _plain(name: str) -> str:
    """One spelling for each address and host name."""
    try:
        return str(ip_address(name))
    except ValueError:
        return name.strip().rstrip(".").lower()


def _covers(name: str, own: set[str]) -> bool:
    """RFC 9525: `*` stands for the whole first label of a host name."""
    if not name.startswith("*."):
        return name in own
    return any(one.partition(".")[2] == name[2:] and not _is_address(one) for one in own)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def read_authorities(files: Iterable[Path]) -> tuple[Authority, ...]:
    """The certificates in PEM files. Raises `CollectError` for a file that holds none."""
    found: list[Authority] = []
    for file in files:
        try:
            with file.open("rb") as opened:
                found += x509.load_pem_x509_certificates(opened.read(CA_FILE_MAX))
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise CollectError(_NOT_READ.format(file=file, why=why)) from None
        except ValueError:
            raise CollectError(_NO_CERTIFICATE.format(file=file)) from None
    return tuple(found)


_NOT_READ = Text(
    vi="không đọc được tệp chứng thư của tổ chức chứng thực {file} ({why}); hãy sửa scan.ca_files",
    en="cannot read the authorities' certificates in {file} ({why}); correct scan.ca_files",
)
_NO_CERTIFICATE = Text(
    vi="tệp {file} không chứa chứng thư dạng PEM; hãy sửa scan.ca_files",
    en="{file} holds no certificate in PEM form; correct scan.ca_files",
)
