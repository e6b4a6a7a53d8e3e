"""One SNMP GET through pysnmp, in an event loop of its own, bounded in time and in datagrams.

Imported by `snmp` only when something is asked: pysnmp takes a while to load. Nothing that pysnmp
raises or prints leaves this module, because its texts may quote what was sent.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyasn1.error import PyAsn1Error
from pysnmp.carrier.asyncio.dgram.udp import UdpAsyncioTransport
from pysnmp.carrier.asyncio.dgram.udp6 import Udp6AsyncioTransport
from pysnmp.error import PySnmpError
from pysnmp.hlapi.v3arch.asyncio import (
    USM_AUTH_HMAC96_SHA,
    USM_AUTH_HMAC192_SHA256,
    USM_PRIV_CFB128_AES,
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    Udp6TransportTarget,
    UdpTransportTarget,
    UsmUserData,
    get_cmd,
)
from pysnmp.proto import errind
from pysnmp.proto.rfc1905 import EndOfMibView, NoSuchInstance, NoSuchObject

RETRIES = 1
DATAGRAMS_MAX = 32
"""A device that says more than this to one question is no longer listened to."""

_RECVERR = {
    socket.AF_INET: (socket.IPPROTO_IP, 11),
    socket.AF_INET6: (socket.IPPROTO_IPV6, 25),
}
"""IP_RECVERR and IPV6_RECVERR of Linux, which Python does not name: hear ICMP port unreachable."""

_AUTHENTICATIONS = {"SHA": USM_AUTH_HMAC96_SHA, "SHA-256": USM_AUTH_HMAC192_SHA256}
_REFUSALS = (
    errind.AuthenticationError,
    errind.AuthenticationFailure,
    errind.DecryptionError,
    errind.UnknownSecurityName,
    errind.UnknownUserName,
    errind.UnsupportedSecurityLevel,
    errind.WrongDigest,
)
_NO_ACCESS = frozenset({"noAccess", "authorizationError"})
_ABSENT = (NoSuchObject, NoSuchInstance, EndOfMibView)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; without `values` the reason is the first of the claims that holds."""

    values: Mapping[str, bytes | None] | None = None
    """Object name -> its value; None for an object that the agent does not have."""
    not_accepted: str = ""
    """How the agent refused the credential, in SNMP's own word."""
    port_closed: bool = False
    """The host itself said that nothing listens there."""
    heard: bool = False
    """Something came back, and it was no answer to what was asked."""


def get_v2c(
    host: str, port: int, community: bytes, objects: Mapping[str, str], timeout_s: float
) -> Answer:
    """The objects (name -> dotted identifier) as this community may see them."""
    credential = CommunityData("hnth", community, mpModel=1)  # noqa: S508 - many know no v3
    return _run(host, port, credential, objects, timeout_s)


def get_v3(
    host: str,
    port: int,
    user: str,
    keys: tuple[bytes, bytes],
    authentication: str,
    objects: Mapping[str, str],
    timeout_s: float,
) -> Answer:
    """The same over USM authPriv: (authentication, privacy) passphrases; privacy is AES-128."""
    credential = UsmUserData(
        user,
        keys[0],
        keys[1],
        authProtocol=_AUTHENTICATIONS[authentication],
        privProtocol=USM_PRIV_CFB128_AES,
    )
    return _run(host, port, credential, objects, timeout_s)


def _run(
    host: str, port: int, credential: Any, objects: Mapping[str, str], timeout_s: float
) -> Answer:
    return asyncio.run(_get(host, port, credential, objects, timeout_s))


async def _get(
    host: str, port: int, credential: Any, objects: Mapping[str, str], timeout_s: float
) -> Answer:
    # garbage makes pysnmp raise inside the loop; the default handler would print it
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    kind = _Target6 if ":" in host else _Target4
    engine = SnmpEngine()
    target = await kind.create((host, port), timeout=timeout_s, retries=RETRIES)
    asked = [ObjectType(ObjectIdentity(oid)) for oid in objects.values()]
    # USM asks twice: for the engine's identity, then the question itself
    longest_s = timeout_s * (1 + RETRIES) * 2 + 1
    try:
        error, status, _, pairs = await asyncio.wait_for(
            get_cmd(engine, credential, target, ContextData(), *asked, lookupMib=False), longest_s
        )
    except (TimeoutError, PySnmpError, PyAsn1Error):
        return _nothing(target.transport)
    finally:
        engine.close_dispatcher()
    if isinstance(error, _REFUSALS):
        return Answer(not_accepted=type(error).__name__)
    if error:
        return _nothing(target.transport)
    if status:
        word = status.prettyPrint()
        return Answer(not_accepted=word) if word in _NO_ACCESS else Answer(heard=True)
    return _values(objects, pairs)


def _nothing(transport: Any) -> Answer:
    return Answer(
        port_closed=getattr(transport, "port_closed", False),
        heard=getattr(transport, "datagrams", 0) > 0,
    )


def _values(objects: Mapping[str, str], pairs: Any) -> Answer:
    """The answered pairs by name; an answer about other objects is none."""
    found = {str(name): value for name, value in pairs}
    if set(found) != set(objects.values()):
        return Answer(heard=True)
    return Answer(values={name: _bytes(found[oid]) for name, oid in objects.items()})


def _bytes(value: Any) -> bytes | None:
    if isinstance(value, _ABSENT):
        return None
    if hasattr(value, "asOctets"):
        return bytes(value.asOctets())
    return str(value.prettyPrint()).encode()


class _Careful:
    """Notes what came back, takes it from the asked host only, and not without end."""

    asked_host = ""
    port_closed = False
    datagrams = 0

    def connection_made(self, transport: Any) -> None:
        plain = transport.get_extra_info("socket")
        plain.setsockopt(*_RECVERR[plain.family], 1)
        super().connection_made(transport)  # type: ignore[misc]

    def error_received(self, error: OSError) -> None:
        self.port_closed = self.port_closed or isinstance(error, ConnectionRefusedError)

    def datagram_received(self, datagram: bytes, sender: Any) -> None:
        if sender[0] != self.asked_host:
            return
        self.datagrams += 1
        if self.datagrams <= DATAGRAMS_MAX:
            super().datagram_received(datagram, sender)  # type: ignore[misc]


class _Udp4(_Careful, UdpAsyncioTransport):  # type: ignore[misc]
    pass


class _Udp6(_Careful, Udp6AsyncioTransport):  # type: ignore[misc]
    pass


class _Asking:
    """Tells the transport whom it asks."""

    def open_client_mode(self) -> Any:
        transport = super().open_client_mode()  # type: ignore[misc]
        transport.asked_host = self.transport_address[0]  # type: ignore[attr-defined]
        return transport


class _Target4(_Asking, UdpTransportTarget):  # type: ignore[misc]
    PROTO_TRANSPORT = _Udp4


class _Target6(_Asking, Udp6TransportTarget):  # type: ignore[misc]
    PROTO_TRANSPORT = _Udp6
