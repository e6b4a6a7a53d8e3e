"""Programs on a vantage host, over a real OpenSSH server on the loopback address."""

import getpass
import os
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from scanner.collect import ssh
from scanner.collect.errors import CollectError, IdentityChanged, LoginRefused
from scanner.collect.journal import NullJournal

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

pytestmark = pytest.mark.skipif(
    SSHD is None or shutil.which("ssh-keygen") is None, reason="OpenSSH's server is not installed"
)


class Recorder:
    def __init__(self):
        self.sent_so_far = []

    def sent(self, device_id, transport, what):
        self.sent_so_far.append(what)


def new_key(path, kind):
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(path)], check=True)
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Endpoint of an sshd that lets the present user in with a key, and holds two host keys."""
    folder = tmp_path_factory.mktemp("sshd")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    for kind in ("ed25519", "rsa"):
        new_key(folder / f"host_{kind}", kind)
    client = new_key(folder / "client", "ed25519")
    shutil.copy(folder / "client.pub", folder / "authorized")
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    config = folder / "config"
    config.write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nPidFile none\nUsePAM no\nStrictModes no\n"
        f"HostKey {folder}/host_ed25519\nHostKey {folder}/host_rsa\n"
        f"AuthorizedKeysFile {folder}/authorized\nPasswordAuthentication no\n"
    )
    process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(config)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                shown = ssh.fetch_host_key("127.0.0.1", port)
                break
            except CollectError:
                time.sleep(0.05)
        else:
            pytest.skip("sshd does not start on this machine")
        yield (
            ssh.SshEndpoint(
                "127.0.0.1",
                port,
                getpass.getuser(),
                private_key=client.read_text(),
                host_key=shown,
            ),
            folder,
        )
    finally:
        process.terminate()
        process.wait()


def run(where, *argv, timeout_s=10.0, stop=None, journal=None):
    return ssh.run_remote(
        where,
        argv,
        journal=journal or NullJournal(),
        device_id="pc",
        timeout_s=timeout_s,
        stop=stop,
    )


def gone(waiting_for):
    """No `tail -f` of this file is left."""
    pattern = f"^tail -f {waiting_for}$"
    for _ in range(60):
        if subprocess.run(["pgrep", "-f", pattern], check=False, capture_output=True).returncode:
            return True
        time.sleep(0.05)
    return False


def test_output_errors_and_status_come_back(server):
    journal = Recorder()
    result = run(server[0], "sh", "-c", "printf 'a\\0b'; echo không >&2; exit 3", journal=journal)
    assert result == ssh.RemoteResult(b"a\0b", "không\n".encode(), 3)
    assert journal.sent_so_far[-1].startswith("sh -c ")


def test_arguments_are_not_read_by_a_shell(server, tmp_path):
    hostile = f"$(touch {tmp_path}/made); `id` 'x\" & | >y"
    assert run(server[0], "printf", "%s", hostile).stdout == hostile.encode()
    assert not (tmp_path / "made").exists()


def test_a_program_reads_nothing_from_us(server):
    assert run(server[0], "cat").stdout == b""


def test_much_output_arrives_whole(server):
    result = run(server[0], "seq", "1", "300000")
    assert result.stdout.endswith(b"\n300000\n")
    assert result.stdout.count(b"\n") == 300_000


def test_too_much_output_is_refused(server):
    with pytest.raises(CollectError, match="longer than"):
        run(server[0], "yes", timeout_s=30)


def test_a_program_that_takes_too_long_is_ended_there(server, tmp_path):
    (tmp_path / "endless").touch()
    with pytest.raises(CollectError, match="did not finish"):
        run(server[0], "tail", "-f", str(tmp_path / "endless"), timeout_s=0.7)
    assert gone(tmp_path / "endless")


def test_stop_ends_the_program_there_within_seconds(server, tmp_path):
    (tmp_path / "endless").touch()
    stop = threading.Event()
    threading.Timer(0.6, stop.set).start()
    begun = time.monotonic()
    with pytest.raises(CollectError, match="stopped"):
        run(server[0], "tail", "-f", str(tmp_path / "endless"), timeout_s=60, stop=stop)
    assert time.monotonic() - begun < 3
    assert gone(tmp_path / "endless")


def test_either_host_key_of_the_server_may_be_pinned(server):
    where, folder = server
    for kind in ("ed25519", "rsa"):
        text = subprocess.run(
            ["ssh-keygen", "-lf", str(folder / f"host_{kind}.pub")],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        pinned = ssh.SshEndpoint(
            where.host,
            where.port,
            where.username,
            private_key=where.private_key,
            host_key=text.split()[1],
        )
        assert run(pinned, "echo", kind).stdout == f"{kind}\n".encode()


def test_a_wrong_key_is_refused_and_a_wrong_pin_noticed(server, tmp_path):
    where, _ = server
    stranger = new_key(tmp_path / "stranger", "ed25519").read_text()
    values = {"host": where.host, "port": where.port, "username": where.username}
    with pytest.raises(LoginRefused):
        run(ssh.SshEndpoint(**values, private_key=stranger, host_key=where.host_key), "true")
    with pytest.raises(IdentityChanged):
        run(ssh.SshEndpoint(**values, private_key=stranger, host_key="SHA256:x"), "true")


def test_a_command_line_gives_standard_error_only_when_the_command_fails(server):
    where, _ = server
    allowed = (r"ls /khong-co", r"sh -c 'echo a; echo b >&2'")
    with ssh.open_exec(where, allowed, NullJournal(), "pc") as line:
        assert line.run("sh -c 'echo a; echo b >&2'").text == "a\n"
        assert "khong-co" in line.run("ls /khong-co").text
