"""What a TLS port shows to anybody: its certificate and the versions it accepts.

Verification is off because these connections only look: nothing is sent after the handshake. The
result is a document of plain lines, and `tls_facts` reads those lines, so that stored evidence can
be read again without the device.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import socket
import ssl
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import NameOID

from inventory.text import Text
from rules.crypto_facts import Certificate
from rules.facts import Citation, Fact, Known, Unknown
from scanner.collect.errors import CollectError, Unreachable
from scanner.collect.journal import Journal
from scanner.collect.tls_trust import CHAIN_MAX, Trusted
from scanner.evidence import Document, printable

VERSIONS = {
    "TLSv1.0": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
"""Oldest first."""

NAMES_MAX = 50
"""Names of one certificate that are kept."""

_DER = 2
"""_ssl.ENCODING_DER, which has no public name."""

_NAMES = {"TLSv1": "TLSv1.0"}
_LEGACY_SERVER_CONNECT = 0x4
"""ssl.OP_LEGACY_SERVER_CONNECT, which Python names from 3.12 on."""

_LOCAL_REFUSALS = frozenset({"NO_PROTOCOLS_AVAILABLE", "NO_CIPHERS_AVAILABLE", "INTERNAL_ERROR"})

_Context = TypeVar("_Context", bound=ssl.SSLContext)


def lenient_context(kind: type[_Context]) -> _Context:
    """A client context that talks to the oldest devices this host's OpenSSL can still talk to.

    It verifies nothing. Whoever sends something over it compares the certificate first.
    """
    context = kind(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.options |= _LEGACY_SERVER_CONNECT
    # OpenSSL 3 allows what these devices speak (SHA-1, 1024 bits, TLS 1.0) only at level 0
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


def fingerprint(der: bytes) -> str:
    """SHA-256 in lower-case hexadecimal, as the inventory pins it."""
    return hashlib.sha256(der).hexdigest()


def fetch_certificate(host: str, port: int, timeout_s: float = 5.0) -> tuple[bytes, str]:
    """The certificate shown now (DER) and the version agreed on.

    Raises `Unreachable`, or `CollectError` when the port does not speak TLS.
    """
    chain, version = fetch_chain(host, port, timeout_s)
    return chain[0], version


def fetch_chain(host: str, port: int, timeout_s: float = 5.0) -> tuple[tuple[bytes, ...], str]:
    """All that the port shows, its own certificate first, and the version agreed on.

    Raises as `fetch_certificate`.
    """
    try:
        return _handshake(lenient_context(ssl.SSLContext), host, port, timeout_s)
    except ssl.SSLError as error:
        raise CollectError(_NO_TLS.format(host=host, port=port)) from error
    except OSError as error:
        raise Unreachable(_UNREACHABLE.format(host=host, port=port)) from error


def _handshake(
    context: ssl.SSLContext, host: str, port: int, timeout_s: float
) -> tuple[tuple[bytes, ...], str]:
    with (
        socket.create_connection((host, port), timeout_s) as plain,
        context.wrap_socket(plain, server_hostname=None) as secured,
    ):
        version = secured.version() or ""
        own = secured.getpeercert(binary_form=True) or b""
        return (own, *_others(secured, own)), _NAMES.get(version, version)


def _others(secured: ssl.SSLSocket, own: bytes) -> list[bytes]:
    """What the port shows besides its own certificate. Python says so openly from 3.13 on."""
    shown = getattr(secured, "get_unverified_chain", None)
    if shown is not None:
        chain = [bytes(der) for der in shown()]
    else:
        inner = getattr(getattr(secured, "_sslobj", None), "get_unverified_chain", None)
        chain = [one.public_bytes(_DER) for one in inner() or ()] if inner else []
    return [der for der in chain if der != own][:CHAIN_MAX]


def accepts(host: str, port: int, version: str, timeout_s: float = 5.0) -> bool | None:
    """Whether the port finishes a handshake in exactly this version; None when it cannot be told.

    None also stands for a version that this host's own OpenSSL does not offer any more.
    """
    context = lenient_context(ssl.SSLContext)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.maximum_version = context.minimum_version = VERSIONS[version]
    except (ValueError, ssl.SSLError):
        return None
    try:
        _handshake(context, host, port, timeout_s)
    except ssl.SSLError as error:
        return None if error.reason in _LOCAL_REFUSALS else False
    except (ConnectionResetError, BrokenPipeError):
        # some stacks hang up instead of sending the alert
        return False
    except OSError:
        return None
    return True


def look(
    host: str,
    port: int,
    journal: Journal,
    device_id: str,
    *,
    vantage: str | None = None,
    timeout_s: float = 5.0,
) -> Document:
    """What the port shows, as a class P document. Five connections, one after the other.

    Raises as `fetch_certificate`.
    """
    journal.sent(device_id, "tls", f"handshake {host}:{port}")
    chain, negotiated = fetch_chain(host, port, timeout_s)
    lines = [f"port {port}", f"negotiated {negotiated}"]
    for version in VERSIONS:
        journal.sent(device_id, "tls", f"handshake {host}:{port} {version}")
        answer = accepts(host, port, version, timeout_s)
        lines.append(f"accepts {version}: {_ANSWERS[answer]}")
    lines += [f"sha256 {fingerprint(chain[0])}", *_certificate_lines(chain[0], port)]
    for der in chain:
        lines += ssl.DER_cert_to_PEM_cert(der).splitlines()
    return Document(
        content=("\n".join(lines) + "\n").encode(),
        source=f"tls {host}:{port}",
        evidence_class="P",
        captured=datetime.now(UTC),
        vantage=vantage,
    )


def show(
    host: str,
    port: int,
    journal: Journal,
    device_id: str,
    *,
    vantage: str | None = None,
    timeout_s: float = 5.0,
) -> Document:
    """The certificate alone, as a class P document: one connection. `tls_facts` passes over it.

    Raises as `fetch_certificate`.
    """
    journal.sent(device_id, "tls", f"handshake {host}:{port}")
    der, negotiated = fetch_certificate(host, port, timeout_s)
    lines = [f"port {port}", f"negotiated {negotiated}", *_certificate_lines(der, port)]
    content = ("\n".join(lines) + "\n").encode()
    return Document(content, f"tls {host}:{port}", "P", datetime.now(UTC), vantage)


_ANSWERS: Mapping[bool | None, str] = {True: "yes", False: "no", None: "not known"}


def _certificate_lines(der: bytes, port: int) -> list[str]:
    certificate = read_certificate(der, port)
    if certificate is None:
        return ["certificate not readable"]
    return [
        f"subject {certificate.subject}",
        f"issuer {certificate.issuer}",
        f"valid from {certificate.not_before.isoformat()}",
        f"valid until {certificate.not_after.isoformat()}",
        f"key {certificate.key_bits} bits, signed with {certificate.signature_hash}",
    ]


def read_certificate(der: bytes, port: int) -> Certificate | None:
    """The facts of a certificate, or None when a needed part of it cannot be read."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
        signature = certificate.signature_hash_algorithm
        return Certificate(
            port=port,
            subject=printable(certificate.subject.rfc4514_string()),
            issuer=printable(certificate.issuer.rfc4514_string()),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            key_bits=key.key_size
            if isinstance(key, (rsa.RSAPublicKey, ec.EllipticCurvePublicKey, dsa.DSAPublicKey))
            else 256,
            signature_hash=signature.name if signature else "ed25519",
            self_signed=certificate.subject == certificate.issuer,
            key_kind=_kind(key),
            names=_names(certificate),
        )
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.UnsupportedGeneralNameType):
        return None


def _kind(key: object) -> str:
    if isinstance(key, rsa.RSAPublicKey):
        return "rsa"
    if isinstance(key, dsa.DSAPublicKey):
        return "dsa"
    return "ec" if isinstance(key, ec.EllipticCurvePublicKey) else "ed25519"


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    """Of the subjectAltName; where there is none, the common name, as older clients took it."""
    try:
        alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return tuple(printable(str(name.value)) for name in common[:1])
    named = [*alternative.value.get_values_for_type(x509.DNSName)]
    named += map(str, alternative.value.get_values_for_type(x509.IPAddress))
    return tuple(printable(name) for name in named[:NAMES_MAX])


# --- reading the documents -------------------------------------------------------------------

_LINE = re.compile(r"(port|accepts|issuer|valid from|valid until|key) ?(TLSv1\.[0-3])?:? ?(.*)")
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----[^-]{1,20000}-----END CERTIFICATE-----")


@dataclass(frozen=True, slots=True)
class _Sight:
    document: Document
    certificate: Certificate | None
    cited: tuple[Citation, ...]
    """The lines of the certificate that a judgement can rest on."""
    versions: tuple[tuple[str, str, Citation], ...]
    """(version, yes|no|not known, line), oldest first."""


def tls_facts(
    documents: Sequence[Document], trusted: Trusted | None = None, unseen: Sequence[int] = ()
) -> dict[str, Fact[Any]]:
    """`tls.certificates` and `tls.min_version` from documents made by `look`; empty without any.

    `unseen` are ports that speak TLS and have no document. The minimum is the oldest version that
    some port accepts. It is unknown when an older one could not be tried, and the certificates are
    unknown when one of them could not be read.
    """
    compared = trusted or Trusted()
    sights = [sight for one in documents if (sight := _read(one, compared)) is not None]
    if not sights:
        return {}
    return {
        "tls.certificates": _certificates(sights, unseen),
        "tls.min_version": _minimum(sights, unseen),
    }


def _read(document: Document, trusted: Trusted) -> _Sight | None:
    port = 0
    cited: list[Citation] = []
    versions: list[tuple[str, str, Citation]] = []
    for number, line in enumerate(document.lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        if match[1] == "port" and match[3].isdecimal():
            port = int(match[3][:5])
        elif match[1] == "accepts" and match[2]:
            versions.append((match[2], match[3], document.cite(number)))
        elif match[1] not in {"port", "accepts"}:
            # first the line that most judgements rest on
            where = 0 if match[1] == "valid until" else len(cited)
            cited.insert(where, document.cite(number))
    if not port or not versions:
        return None
    return _Sight(
        document,
        _compared(_shown(document), port, trusted, document.captured),
        tuple(cited) or (document.cite(),),
        tuple(sorted(versions, key=lambda v: v[0])),
    )


def _shown(document: Document) -> list[bytes]:
    """The certificates in a document, the port's own first; one that is cut short is empty."""
    chain = []
    for pem in _PEM.findall(document.text)[: 1 + CHAIN_MAX]:
        der = b""
        with contextlib.suppress(ValueError):
            der = ssl.PEM_cert_to_DER_cert(pem)
        chain.append(der)
    return chain


def _compared(
    chain: Sequence[bytes], port: int, trusted: Trusted, now: datetime
) -> Certificate | None:
    certificate = read_certificate(chain[0], port) if chain else None
    if certificate is None:
        return None
    return replace(
        certificate, trust=trusted.of(chain, now), named=trusted.named_in(certificate.names)
    )


def _certificates(sights: Sequence[_Sight], unseen: Sequence[int]) -> Fact[Any]:
    for sight in sights:
        if sight.certificate is None:
            return Unknown(_BAD_CERTIFICATE, (sight.document.cite(),))
    seen = tuple(sight.certificate for sight in sights if sight.certificate)
    cited = tuple(citation for sight in sights for citation in sight.cited)
    return Known((*seen, *map(not_seen, unseen)), cited)


def not_seen(port: int) -> Certificate:
    """Stands for the certificate of a port that speaks TLS and was not looked at."""
    never = datetime.fromtimestamp(0, UTC)
    return Certificate(port, "", "", never, never, 0, "", False, seen=False)


def _minimum(sights: Sequence[_Sight], unseen: Sequence[int]) -> Fact[Any]:
    minima: list[tuple[str, Citation]] = []
    for sight in sights:
        for version, answer, citation in sight.versions:
            if answer == "yes":
                minima.append((version, citation))
                break
            if answer != "no":
                return Unknown(_UNTRIED.format(version=version), (citation,))
    if not minima:
        return Unknown(_NONE_ACCEPTED, tuple(sight.document.cite() for sight in sights))
    version, citation = min(minima, key=lambda pair: pair[0])
    if unseen and version != next(iter(VERSIONS)):
        return Unknown(_UNSEEN.format(ports=", ".join(map(str, unseen))), (citation,))
    return Known(version, (citation,))


_NO_TLS = Text(
    vi="{host} cổng {port} có trả lời nhưng không bắt tay TLS được",
    en="{host} port {port} answers but the TLS handshake failed",
)
_UNREACHABLE = Text(
    vi="thiết bị đang tắt hoặc không kết nối được: {host} cổng {port} không trả lời",
    en="the device is off or cannot be reached: no answer from {host} port {port}",
)
_UNTRIED = Text(
    vi="không thử được phiên bản {version} nên chưa biết phiên bản TLS thấp nhất được chấp nhận",
    en="{version} could not be tried, so the oldest accepted TLS version is not known",
)
_UNSEEN = Text(
    vi="cổng {ports} cũng dùng TLS và chưa được hỏi phiên bản",
    en="{ports} also speaks TLS and was not asked for its versions",
)
_NONE_ACCEPTED = Text(
    vi="không phiên bản TLS nào bắt tay được khi thử riêng từng phiên bản",
    en="no TLS version could be agreed on when each was tried alone",
)
_BAD_CERTIFICATE = Text(
    vi="chứng thư số mà thiết bị đưa ra không đọc được",
    en="the certificate that the device shows cannot be read",
)
