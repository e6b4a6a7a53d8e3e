"""Values of facts about cryptography: what a device offers, accepts and shows over SSH and TLS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


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


@dataclass(frozen=True, slots=True)
class Certificate:
    port: int
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    key_bits: int
    signature_hash: str
    self_signed: bool
    key_kind: str = ""
    """`rsa`, `ec`, `dsa`, `ed25519`, ...; empty where it was not kept."""
    names: tuple[str, ...] = ()
    """Host names and addresses that it is made out to (subjectAltName)."""
    trust: Literal["trusted", "untrusted", "unchecked"] = "unchecked"
    """Whether what the port shows leads to an authority that the inventory names; `unchecked`
    where it names none."""
    named: bool | None = None
    """It is made out to an address or host name of the device; None where that was not compared."""
    seen: bool = True
    """False where the port speaks TLS and its certificate was not seen: nothing else holds then."""
