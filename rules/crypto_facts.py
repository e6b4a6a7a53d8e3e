"""Values of facts about cryptography: what a device offers or accepts over SSH and TLS."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SshOffer:
    """What an SSH server offers to anybody before a login, in its own order and its own words."""

    port: int | None
    """None where only a file was read that does not say."""
    protocol: str
    """`2.0`, `1.99` (both), `1.5`; empty where it was not seen."""
    key_exchange: tuple[str, ...] = ()
    host_keys: tuple[str, ...] = ()
    """Algorithms of the signatures by which the server proves who it is."""
    ciphers: tuple[str, ...] = ()
    macs: tuple[str, ...] = ()
    compression: tuple[str, ...] = ()
    rsa_bits: int | None = None
    """Length of its RSA key; None where it has none, or where it was not seen."""
    incomplete: tuple[str, ...] = ()
    """Names of the fields above that hold a part only, or nothing, of what is offered."""


@dataclass(frozen=True, slots=True)
class TlsOffer:
    """What a TLS port accepts. Every weak suite is here, and one of each other kind."""

    port: int
    protocols: tuple[str, ...]
    """`SSLv2` to `TLSv1.3`, oldest first."""
    suites: tuple[str, ...]
    """Names of the IANA registry."""
    incomplete: tuple[str, ...] = ()
    """Names of the fields above that were not asked to the end."""
