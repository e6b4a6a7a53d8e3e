"""Certificates of an authority made for a test, and a TLS server that shows them."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Made:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def made(
    name: str,
    issuer: Made | None = None,
    *,
    ca: bool = False,
    names: tuple[str, ...] = (),
    until: datetime | None = None,
) -> Made:
    """A certificate signed by `issuer`, or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=40))
        .not_valid_after(until or now + timedelta(days=40))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if names:
        alternative = x509.SubjectAlternativeName([_general(one) for one in names])
        builder = builder.add_extension(alternative, critical=False)
    return Made(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def answers_nothing(_: ssl.SSLSocket) -> None:
    """The server says nothing inside TLS."""


@contextmanager
def tls_server(
    folder: Path,
    *chain: Made,
    inside: Callable[[ssl.SSLSocket], None] = answers_nothing,
) -> Iterator[int]:
    """The port of a server that shows the chain, its own certificate first."""
    file = folder / "chain.pem"
    file.write_bytes(b"".join(one.pem for one in chain) + chain[0].key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    def serve(client: socket.socket) -> None:
        client.settimeout(3)
        with (
            client,
            suppress(OSError),
            context.wrap_socket(client, server_side=True) as secured,
        ):
            inside(secured)

    with plain_server(serve) as port:
        yield port


@contextmanager
def plain_server(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server that hands each connection to `serve`, one after the other."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    serve(listening.accept()[0])

        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1]
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
