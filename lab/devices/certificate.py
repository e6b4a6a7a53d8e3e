"""TLS certificates of simulated devices: one per set of parameters, kept beside the state file.

The file name carries the parameters, so a state that goes to an expired certificate and back comes
back to the very same certificate, and its fingerprint can be pinned before the device runs.
"""

from __future__ import annotations

import hashlib
import json
import ssl
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

KEY_BITS = 2048
VALID_DAYS = 730

TLS_VERSIONS = {
    "TLSv1.0": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}


@dataclass(frozen=True, slots=True)
class TlsIdentity:
    """Where a certificate and its key are (one PEM file holds both), and its SHA-256."""

    file: Path
    fingerprint: str
    """Hexadecimal, lower case, of the DER certificate."""


def for_state(state_path: Path, state: Mapping[str, Any]) -> TlsIdentity:
    """The certificate that `state["certificate"]` asks for, made on first use.

    Keys of `certificate`: `common_name`, `not_before`, `not_after` (ISO times). Left out: the
    family's name, yesterday, two years from the first use.
    """
    asked = state.get("certificate")
    parameters = dict(asked) if isinstance(asked, Mapping) else {}
    parameters.setdefault("common_name", str(state.get("family", "device")))
    name = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()[:12]
    file = state_path.with_name(f"{state_path.stem}.tls-{name}.pem")
    if not file.exists():
        _write(file, _self_signed(parameters))
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    return TlsIdentity(file, certificate.fingerprint(hashes.SHA256()).hex())


def server_context(tls: TlsIdentity, tls_min: str) -> ssl.SSLContext:
    """What a port that shows this certificate needs; `tls_min` is a key of `TLS_VERSIONS`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if tls_min in {"TLSv1.0", "TLSv1.1"}:
        # OpenSSL 3 refuses the SHA-1 signatures of these versions at its usual level
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = TLS_VERSIONS[tls_min]
    context.load_cert_chain(tls.file)
    return context


def _write(file: Path, content: bytes) -> None:
    scratch = file.with_suffix(".new")
    scratch.touch(mode=0o600)
    scratch.write_bytes(content)
    scratch.replace(file)


def _moment(value: object, default: datetime) -> datetime:
    if not isinstance(value, str):
        return default
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _self_signed(parameters: Mapping[str, Any]) -> bytes:
    """Certificate and private key in PEM."""
    now = datetime.now(UTC)
    not_after = _moment(parameters.get("not_after"), now + timedelta(days=VALID_DAYS))
    not_before = _moment(
        parameters.get("not_before"), min(now, not_after - timedelta(days=1)) - timedelta(days=1)
    )
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(parameters["common_name"]))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
