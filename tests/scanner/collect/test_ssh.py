"""SSH against the simulated devices: pinning before login, one attempt, bounds, the allowlist."""

import io
import json
import socket
import threading
import time
from dataclasses import replace

import paramiko
import pytest

from lab.devices.command_line import fingerprint as lab_fingerprint
from lab.devices.command_line import host_key
from lab.devices.state import running
from scanner.collect import ssh
from scanner.collect.errors import (
    CollectError,
    IdentityChanged,
    LoginRefused,
    NotPinned,
    Refused,
    Unreachable,
)
from scanner.collect.journal import NullJournal

PASSWORD = "Mat-khau.Bi-mat7"
ALLOWED = (r"user (list|info [a-z-]+)", r"xStatus SystemUnit", r"xConfiguration", r"help")


class Recorder:
    def __init__(self):
        self.entries = []

    def sent(self, device_id, transport, what):
        self.entries.append((device_id, transport, what))


@pytest.fixture
def device(tmp_path):
    """Starts a simulated device from a state; at most one per test."""
    stack = []

    def start(family="cisco-cms", **state):
        path = tmp_path / "device.json"
        ports = dict.fromkeys(("ssh", "https", "sip", "sips", "sip-5060", "sip-5061"), 0)
        login = {"username": "kiemtoan", "password": PASSWORD, **state.pop("login", {})}
        account = {"name": "kiemtoan", "role": "admin", "roles": ["Admin"]}
        state = {"accounts": [account], "login": login, **state}
        path.write_text(
            json.dumps({"family": family, "address": "127.0.0.1", "ports": ports, **state})
        )
        context = running(path)
        started = context.__enter__()
        stack.append(context)
        return started

    yield start
    for context in stack:
        context.__exit__(None, None, None)


def endpoint(device, **changes):
    pinned = lab_fingerprint(host_key(device.path, device.runtime.state))
    values = {
        "host": "127.0.0.1",
        "port": device.ports["ssh"],
        "username": "kiemtoan",
        "password": PASSWORD,
        "host_key": pinned,
        "connect_timeout_s": 3.0,
        "command_timeout_s": 3.0,
        **changes,
    }
    return ssh.SshEndpoint(**values)


def exec_line(where, journal=None, **options):
    return ssh.open_exec(where, ALLOWED, journal or NullJournal(), "d", **options)


def attempts(device):
    return [what for kind, what in device.runtime.seen if kind == "ssh-auth"]


def test_an_answer_becomes_evidence_and_everything_sent_is_journalled(device):
    started = device()
    journal = Recorder()
    with exec_line(endpoint(started), journal, vantage="may-quet") as line:
        document = line.run("user list")
        line.run("user info kiemtoan")
    assert document.source == "user list"
    assert document.evidence_class == "C"
    assert document.vantage == "may-quet"
    assert document.captured.tzinfo is not None
    assert document.lines[0].startswith("USERNAME")
    where = f"127.0.0.1:{started.ports['ssh']}"
    assert [what for *_, what in journal.entries] == [
        f"connect {where}",
        "login kiemtoan",
        "user list",
        "user info kiemtoan",
    ]
    assert attempts(started) == ["password kiemtoan"]


def test_what_the_device_heard_is_what_the_journal_says(device):
    started = device()
    journal = Recorder()
    with exec_line(endpoint(started), journal) as line:
        line.run("user list")
    heard = [what for kind, what in started.runtime.seen if kind == "ssh-exec"]
    assert heard == [what for *_, what in journal.entries[2:]]


def test_a_changed_host_key_is_noticed_before_any_login(device):
    started = device()
    where = endpoint(started, host_key="SHA256:" + "A" * 43)
    with pytest.raises(IdentityChanged) as caught, exec_line(where):
        pytest.fail("logged in")
    assert not isinstance(caught.value, NotPinned)
    assert attempts(started) == []
    assert "A" * 43 in caught.value.reason.vi
    assert lab_fingerprint(host_key(started.path, {})) in caught.value.reason.en


def test_without_a_pin_the_fingerprint_is_told_and_nothing_is_sent(device):
    started = device()
    with pytest.raises(NotPinned) as caught, exec_line(endpoint(started, host_key=None)):
        pytest.fail("logged in")
    shown = lab_fingerprint(host_key(started.path, {}))
    assert f"host_key: {shown}" in caught.value.reason.vi
    assert f"host_key: {shown}" in caught.value.reason.en
    assert attempts(started) == []
    assert ssh.fetch_host_key("127.0.0.1", started.ports["ssh"]) == shown
    assert attempts(started) == []


def test_a_pin_of_another_key_of_the_same_server_is_found(tmp_path):
    keys = [paramiko.Ed25519Key.from_private_key_file(str(new_key(tmp_path)))]
    keys.append(paramiko.ECDSAKey.generate())
    keys.append(paramiko.RSAKey.generate(2048))
    listener = many_keys_server(keys)
    port = listener.getsockname()[1]
    for key in keys:
        where = ssh.SshEndpoint("127.0.0.1", port, "x", "y", host_key=ssh.fingerprint(key))
        with pytest.raises(LoginRefused), ssh.logged_in(where, NullJournal(), "d"):
            pytest.fail("logged in")
    listener.close()


def new_key(tmp_path):
    host_key(tmp_path / "other.json", {})
    return tmp_path / "other.hostkey"


def many_keys_server(keys):
    class NobodyEnters(paramiko.ServerInterface):
        def get_allowed_auths(self, username):
            return "password"

    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        alive = []
        while True:
            try:
                conn, _ = listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(conn)
            for key in keys:
                transport.add_server_key(key)
            alive.append(transport)
            transport.start_server(event=threading.Event(), server=NobodyEnters())

    threading.Thread(target=serve, daemon=True).start()
    return listener


def test_a_wrong_password_is_tried_once(device):
    started = device()
    with pytest.raises(LoginRefused) as caught, exec_line(endpoint(started, password="sai-roi-99")):
        pytest.fail("logged in")
    assert attempts(started) == ["password kiemtoan"]
    assert "sai-roi-99" not in repr(caught.value) + str(caught.value.reason)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("password", [PASSWORD, "sai"])
def test_a_server_that_only_prompts_is_answered_once(device, password):
    started = device(ssh_methods=["keyboard-interactive"])
    where = endpoint(started, password=password)
    if password == PASSWORD:
        with exec_line(where) as line:
            assert "kiemtoan" in line.run("user list").text
    else:
        with pytest.raises(LoginRefused), exec_line(where):
            pytest.fail("logged in")
    assert attempts(started) == ["keyboard-interactive kiemtoan"]


def test_a_server_without_passwords_is_told_no_password(device):
    started = device(ssh_methods=["publickey"])
    with pytest.raises(LoginRefused) as caught, exec_line(endpoint(started)):
        pytest.fail("logged in")
    assert "publickey" in caught.value.reason.en
    assert attempts(started) == []


def key_pair():
    key = paramiko.RSAKey.generate(2048)
    text = io.StringIO()
    key.write_private_key(text)
    return key, text.getvalue()


def test_a_private_key_logs_in_without_the_password(device):
    key, text = key_pair()
    started = device(login={"public_key": f"{key.get_name()} {key.get_base64()}"})
    with exec_line(endpoint(started, private_key=text)) as line:
        assert "kiemtoan" in line.run("user list").text
    assert {what.split()[0] for what in attempts(started)} == {"publickey"}


def test_only_a_password_that_was_let_in_counts_as_tested(device):
    key, text = key_pair()
    started = device(login={"public_key": f"{key.get_name()} {key.get_base64()}"})
    proven = []
    where = endpoint(started, on_password=lambda: proven.append("yes"))
    with exec_line(replace(where, private_key=text)):
        assert proven == []
    with pytest.raises(LoginRefused), exec_line(replace(where, password="Mat-khau.Khac8")):
        pytest.fail("logged in")
    assert proven == []
    with exec_line(where):
        assert proven == ["yes"]


def test_a_key_nobody_knows_is_refused_and_the_password_kept(device):
    started = device()
    with pytest.raises(LoginRefused), exec_line(endpoint(started, private_key=key_pair()[1])):
        pytest.fail("logged in")
    assert {what.split()[0] for what in attempts(started)} == {"publickey"}


def test_an_unreadable_key_is_reported_without_its_text(device):
    started = device()
    where = endpoint(started, private_key="-----BEGIN nothing KHOA-BI-MAT")
    with pytest.raises(CollectError) as caught, exec_line(where):
        pytest.fail("logged in")
    assert "KHOA-BI-MAT" not in str(caught.value.reason)
    assert attempts(started) == []


@pytest.mark.parametrize(
    "command",
    ["user add x admin", "user list; reboot", "user list\nreboot", "USER LIST", " user list", ""],
)
def test_a_command_outside_the_allowlist_never_leaves(device, command):
    started = device()
    journal = Recorder()
    with exec_line(endpoint(started), journal) as line, pytest.raises(Refused):
        line.run(command)
    assert [kind for kind, _ in started.runtime.seen] == ["ssh", "ssh-auth"]
    assert len(journal.entries) == 2


def test_a_device_that_hangs_is_left_in_time(device):
    started = device(hang_on=["user list"])
    begun = time.monotonic()
    where = endpoint(started, command_timeout_s=0.5)
    with exec_line(where) as line, pytest.raises(CollectError, match="did not finish"):
        line.run("user list")
    assert time.monotonic() - begun < 3


def test_an_endless_answer_is_dropped(device, monkeypatch):
    monkeypatch.setattr(ssh, "MAX_BYTES", 200_000)
    started = device(flood_on=["user list"])
    with exec_line(endpoint(started)) as line, pytest.raises(CollectError, match="longer than"):
        line.run("user list")


def test_nobody_there(device):
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        where = ssh.SshEndpoint("127.0.0.1", reserved.getsockname()[1], "u", "p", host_key="x")
        with pytest.raises(Unreachable), exec_line(where):
            pytest.fail("logged in")


def test_a_port_that_accepts_and_says_nothing_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        where = ssh.SshEndpoint(
            "127.0.0.1", mute.getsockname()[1], "u", "p", host_key="x", connect_timeout_s=0.4
        )
        begun = time.monotonic()
        with pytest.raises(Unreachable), exec_line(where):
            pytest.fail("logged in")
        assert time.monotonic() - begun < 3


def test_a_planted_secret_is_in_no_document_and_no_repr(device):
    started = device(name="x", software="3.9", syslog=[{"address": PASSWORD}])
    where = endpoint(started)
    with ssh.open_exec(where, ("syslog",), journal=NullJournal(), device_id="d") as line:
        document = line.run("syslog")
    assert PASSWORD.encode() not in document.content
    assert b"<redacted>" in document.content
    assert PASSWORD not in repr(where) + str(where)


# --- shells ------------------------------------------------------------------------------------


def codec_line(where, **options):
    return ssh.open_shell(
        where, "cisco_tp", ALLOWED, journal=NullJournal(), device_id="d", **options
    )


def test_a_codec_answers_in_a_shell_within_a_second(device):
    started = device("cisco-roomos")
    begun = time.monotonic()
    with codec_line(endpoint(started)) as line:
        first = line.run("xStatus SystemUnit")
        second = line.run("xConfiguration")
    assert time.monotonic() - begun < 2.5
    assert '*s SystemUnit ProductPlatform: "Room Kit"' in first.lines
    assert "*c xConfiguration Conference AutoAnswer Mode: Off" in second.lines
    assert "*s" not in second.text
    heard = [what for kind, what in started.runtime.seen if kind == "ssh-shell"]
    assert heard == ["xStatus SystemUnit", "xConfiguration"]


def test_a_command_that_the_codec_does_not_know_ends_at_once(device):
    started = device("cisco-roomos")
    with codec_line(endpoint(started)) as line:
        assert "Command not recognized." in line.run("help").text
        assert "ProductPlatform" in line.run("xStatus SystemUnit").text


def test_after_a_hanging_answer_a_shell_is_not_used_again(device):
    started = device("cisco-roomos", hang_on=["xConfiguration"])
    with codec_line(endpoint(started, command_timeout_s=1.0)) as line:
        with pytest.raises(CollectError, match="did not finish"):
            line.run("xConfiguration")
        with pytest.raises(CollectError, match="did not finish"):
            line.run("xStatus SystemUnit")
    assert ("ssh-shell", "xStatus SystemUnit") not in started.runtime.seen


def test_an_endless_shell_answer_is_dropped(device, monkeypatch):
    from scanner.collect import ssh_shell

    monkeypatch.setattr(ssh_shell, "MAX_BYTES", 300_000)
    started = device("cisco-roomos", flood_on=["xConfiguration"])
    with codec_line(endpoint(started)) as line, pytest.raises(CollectError, match="longer than"):
        line.run("xConfiguration")


def test_a_bare_shell_ends_where_the_caller_says(device):
    started = device(name="cms")
    where = endpoint(started)
    with ssh.open_shell(where, "generic", ALLOWED, journal=NullJournal(), device_id="d") as line:
        begun = time.monotonic()
        assert "kiemtoan" in line.run("user list", until=r"^cms> $").text
        assert time.monotonic() - begun < 0.4
        assert "kiemtoan" in line.run("user list").text


def test_an_unknown_dialect_is_named(device):
    where = endpoint(device())
    with (
        pytest.raises(CollectError, match="klingon"),
        ssh.open_shell(where, "klingon", (), journal=NullJournal(), device_id="d"),
    ):
        pytest.fail("opened")


def test_a_device_that_hangs_up_in_the_middle_is_a_reason(device):
    started = device("cisco-roomos", hang_on=["xConfiguration"])
    with codec_line(endpoint(started, command_timeout_s=5)) as line:
        threading.Timer(0.3, started.close).start()
        with pytest.raises(CollectError, match="closed the SSH connection"):
            line.run("xConfiguration")
