"""Forms and XML that carry the credential: filled in, journalled without it, or refused."""

from __future__ import annotations

import json
import xmlrpc.client
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from lab.devices.web_server import Response
from scanner.collect.errors import Refused
from scanner.collect.journal import FileJournal
from scanner.collect.web import WebEndpoint, WebSession, open_web
from tests.scanner.collect.answering_server import PASSWORD, Server

ALLOWED = (
    r"POST /form user={{username}}&key={{password}}",
    r"POST /form user=admin&key={{password}}",
    r"POST /api apicommand=callinfo all;",
    r"POST /RPC2 device\.query",
)
CALL = (
    "<methodCall><methodName>{}</methodName><params><param><value><struct>"
    "<member><name>user</name><value>{{{{username}}}}</value></member>"
    "<member><name>key</name><value>{{{{password}}}}</value></member>"
    "</struct></value></param></params></methodCall>"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server")
    yield server
    server.listener.close()


Open = Callable[[WebEndpoint], WebSession]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Open]:
    with ExitStack() as stack:
        journal = stack.enter_context(FileJournal(tmp_path / "journal"))

        def opened(endpoint: WebEndpoint) -> WebSession:
            return stack.enter_context(open_web(endpoint, ALLOWED, journal, "thiet-bi"))

        yield opened


def journal(tmp_path: Path) -> list[str]:
    text = (tmp_path / "journal").read_text()
    assert PASSWORD not in text
    return [json.loads(line)["sent"] for line in text.splitlines()]


HARD = "a<b>&\"c'd]]>e\\f"


def test_a_form_carries_the_credential_and_the_journal_does_not(
    server: Server, session: Open, tmp_path: Path
) -> None:
    server.answers["/form"] = lambda request: Response(200, b"you sent " + request.body)
    client = session(server.endpoint())
    form = {"user": "{{username}}", "key": "{{password}}"}
    document = client.request("POST", "/form", form=form)
    assert document.source == "POST /form user={{username}}&key={{password}}"
    assert PASSWORD.encode() not in document.content
    assert b"key=%7B" not in server.requests[0].body
    client.request("POST", "/form", form={"user": "admin", "key": PASSWORD})
    assert server.requests[0].body == server.requests[1].body
    assert journal(tmp_path)[1] == "POST /form user=admin&key={{password}}"


@pytest.mark.parametrize("password", [PASSWORD, HARD, "{{username}}", "&amp;", "đ\n\r\tê"])
def test_xml_carries_the_credential_escaped(
    server: Server, session: Open, tmp_path: Path, password: str
) -> None:

    server.answers["/RPC2"] = Response(200, b"<methodResponse><params/></methodResponse>")
    client = session(server.endpoint(password=password))
    document = client.request("POST", "/RPC2", xml=CALL.format("device.query"))
    ((given,), method) = xmlrpc.client.loads(server.requests[0].body.decode())
    assert (given, method) == ({"user": "admin", "key": password}, "device.query")
    assert document.source == "POST /RPC2 device.query"
    assert server.requests[0].headers["content-type"].startswith("text/xml")
    assert journal(tmp_path) == ["POST /RPC2 device.query"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("<methodResponse><params><param/></params></methodResponse>", True),
        ("<methodResponse><fault><value/></fault></methodResponse>", False),
        ("<html>login</html>", False),
    ],
)
def test_a_fault_proves_no_password(
    server: Server, session: Open, answer: str, expected: bool
) -> None:
    proven: list[bool] = []
    server.answers["/RPC2"] = Response(200, answer.encode())
    endpoint = server.endpoint(on_password=lambda: proven.append(True))
    session(endpoint).request("POST", "/RPC2", xml=CALL.format("device.query"))
    assert bool(proven) is expected


@pytest.mark.parametrize(
    "body",
    [
        {"xml": CALL.format("device.restart")},
        {"xml": CALL.format("device.query")[:-1]},
        {"xml": CALL.format("device.query"), "json": {}},
        {"form": {"apicommand": "callinfo all;reboot;"}},
        {"form": {"apicommand": "callinfo all;", "more": "1"}},
        {"form": {"apicommand": PASSWORD}},
        {"form": {"apicommand": f"x{PASSWORD}"}},
        {"form": {"apicommand": "callinfo all;"}, "json": {}},
        {"json": {}},
        {},
    ],
)
@pytest.mark.parametrize("path", ["/api", "/RPC2"])
def test_another_body_at_an_allowed_address_is_refused(
    server: Server, session: Open, tmp_path: Path, path: str, body: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as caught:
        session(server.endpoint()).request("POST", path, **body)
    assert server.requests == []
    assert journal(tmp_path) == []
    assert PASSWORD not in str(caught.value)
