"""The SIP ports of a simulated device: OPTIONS is answered, everything else meets silence."""

from __future__ import annotations

import socket

from lab.devices.certificate import TlsIdentity, server_context
from lab.devices.listeners import Listener, TcpListener, UdpPort, answers_sip_options
from lab.devices.state import Runtime

MAX_REQUEST = 16 * 1024
_END = b"\r\n\r\n"


class SipPort(TcpListener):
    """SIP over TCP, with `tls` over TLS. Reopened when what it says of itself changes."""

    def __init__(
        self,
        runtime: Runtime,
        name: str,
        port: int,
        said: str | None,
        *,
        tls: TlsIdentity | None = None,
        tls_min: str = "TLSv1.2",
    ) -> None:
        fingerprint = tls.fingerprint if tls else None
        super().__init__(
            name, runtime.address, runtime.port(name, port), said, fingerprint, tls_min
        )
        self._answer = answers_sip_options(said)
        self._context = server_context(tls, tls_min) if tls else None

    def serve(self, conn: socket.socket, peer: str) -> None:
        if self._context is None:
            self._converse(conn)
            return
        with self._context.wrap_socket(conn, server_side=True) as secured:
            self.replace(conn, secured)
            self._converse(secured)

    def _converse(self, conn: socket.socket) -> None:
        heard = b""
        while len(heard) < MAX_REQUEST and (piece := conn.recv(4096)):
            *requests, heard = (heard + piece).split(_END)
            for request in requests:
                if reply := self._answer(request.lstrip(b"\r\n") + _END):
                    conn.sendall(reply)


def sip_ports(
    runtime: Runtime,
    said: str | None,
    *,
    tls: TlsIdentity,
    tls_min: str = "TLSv1.2",
    udp: bool = True,
) -> list[Listener]:
    """SIP over TCP and TLS, and over UDP unless that is not wanted: `sip`, `sips`, `sip-udp`.

    `said`: the header by which the family names itself, such as `Server: TANDBERG/4137 (X8.2)`;
    None where the words of the family are not publicly recorded.
    """
    ports: list[Listener] = [
        SipPort(runtime, "sip", 5060, said),
        SipPort(runtime, "sips", 5061, said, tls=tls, tls_min=tls_min),
    ]
    if udp:
        answer = answers_sip_options(said)
        port = runtime.port("sip-udp", 5060)
        ports.append(UdpPort("sip-udp", runtime.address, port, answer, said))
    return ports
