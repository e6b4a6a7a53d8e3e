"""Simulated devices: real sockets that say what conferencing devices say, from a state file.

`python -m lab.devices STATE.json` is one device in the current network namespace until it is
killed. The state file is polled (every 0.2 s); whatever changed is applied by opening and closing
listeners and by changing answers. After every application, also the first, the SHA-256 of the
applied file is written to `STATE.json.applied` and the ports really bound to `STATE.json.ports`.

A family is a module named like it: `cisco-cms` is `lab/devices/cisco_cms.py`. It defines

    DEFAULTS: Mapping[str, Any]     the compliant state; the file overrides it key by key, and
                                    inside a dictionary again key by key
    def build(state, runtime) -> Sequence[Listener]

`build` is called again after every change and returns everything that should be open now. A
listener has a `key`; one whose key was open before stays open, with its connections, and the new
object is thrown away. So the key must hold whatever requires closing and opening again (port,
certificate), and answers must be computed from `runtime.state` at the moment of the question, not
from the `state` given to `build`.

    listeners.TcpListener   a port; subclass and override `serve(conn, peer)`
    listeners.SilentPort    a TCP port that accepts and says nothing, or a greeting
    listeners.TelnetPort    a telnet login that lets nobody in
    listeners.UdpPort       a UDP port with an answer function
    web_server.WebServer    HTTP or HTTPS with an `app: Request -> Response`
    sip.sip_ports           SIP over TCP, TLS and UDP: answers OPTIONS, names itself as told
    h323.H323Port           H.323 signalling: answers a STATUS ENQUIRY
    snmpd.SnmpAgent         a real agent, for families that are read over SNMP
    basic_auth, digest_auth, rest_login     logins of web interfaces
    certificate.for_state   the TLS certificate that a state asks for

In one process, for tests: `with state.running(path) as device: device.ports["https"]`.
"""
