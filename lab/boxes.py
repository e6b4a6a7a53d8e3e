"""Hosts as boxes: each with its own network, files and name, and programs started inside them."""

from __future__ import annotations

import os
import shutil
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab import configurations
from lab.folders import Folders
from lab.keys import keep_key
from lab.namespaces import tool
from lab.network import NAMED_NETWORKS
from lab.system import (
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWUTS,
    bind,
    enter,
    name_host,
    scratch,
    unshare,
)
from lab.topology import LOG_SERVER, Host

CAP_NET_ADMIN = 12
CAP_DAC_READ_SEARCH = 2


class BoxError(Exception):
    """A host could not be set up; the text says which step on which host."""


@dataclass(frozen=True, slots=True)
class Box:
    """A host's namespaces, held open by descriptors of the supervisor."""

    host: Host
    network: int
    mounts: int
    names: int

    def step_in(self) -> None:
        """The process is inside: network, name, files. Only for a process that will exec."""
        enter(self.network, CLONE_NEWNET)
        enter(self.names, CLONE_NEWUTS)
        enter(self.mounts, CLONE_NEWNS)


def build(host: Host, folders: Folders) -> Box:
    """The box of a host whose named network exists. Raises BoxError."""
    reading, writing = os.pipe()
    release_reading, release_writing = os.pipe()
    child = os.fork()
    if child == 0:
        _furnish(host, folders, writing, release_reading, release_writing)
    os.close(writing)
    os.close(release_reading)
    try:
        with os.fdopen(reading, "rb") as said:
            problem = said.read(4096)
        if problem != b"ready":
            raise BoxError(f"{host.id}: {problem.decode(errors='replace')}")
        descriptors = [
            os.open(f"/proc/{child}/ns/{kind}", os.O_RDONLY | os.O_CLOEXEC)
            for kind in ("net", "mnt", "uts")
        ]
    finally:
        os.close(release_writing)
        os.waitpid(child, 0)
    return Box(host, *descriptors)


def _furnish(host: Host, folders: Folders, said: int, release: int, other_end: int) -> None:
    """In the child: make the namespaces, tell the parent, wait until it holds them, end."""
    try:
        os.close(other_end)
        enter(Path(NAMED_NETWORKS) / host.id, CLONE_NEWNET)
        unshare(CLONE_NEWNS | CLONE_NEWUTS)
        name_host(host.id)
        _tune(host)
        _furnish_files(host, folders)
        os.write(said, b"ready")
    except OSError as error:
        os.write(said, str(error).encode()[:4000])
    os.close(said)
    os.read(release, 1)
    os._exit(0)


def _tune(host: Host) -> None:
    settings = {
        # IPv4 only: no router advertisements and no link-local chatter in what is scanned
        "ipv6/conf/all/disable_ipv6": "1",
        "ipv6/conf/default/disable_ipv6": "1",
        # one ICMP answer a second would make a UDP scan of one host last a minute
        "ipv4/icmp_ratelimit": "0",
        "ipv4/ip_forward": "1" if host.role == "filter" else "0",
    }
    for name, value in settings.items():
        path = Path("/proc/sys/net") / name
        if path.exists():
            path.write_text(value)


def _furnish_files(host: Host, folders: Folders) -> None:
    scratch(Path("/run"))
    for folder in ("sshd", "rsyslog", "etc", "snmp"):
        (Path("/run") / folder).mkdir(mode=0o755)
    scratch(Path("/var/log"))
    if host.id == LOG_SERVER:
        kept = Path(configurations.LOG_FOLDER)
        kept.mkdir(mode=0o755)
        bind(folders.logs, kept)
    if host.sshd:
        _furnish_login(host, folders)
        _furnish_records(host)
        _let_audit_user_list_filters()


def _replace(path: str, content: str, mode: int = 0o644) -> None:
    """`path` shows that content inside the box, unless the machine has no such file."""
    target = Path(path)
    if not target.exists():
        return
    own = Path("/run/etc") / target.name
    own.write_text(content)
    own.chmod(mode)
    bind(own, target)


def _furnish_login(host: Host, folders: Folders) -> None:
    scratch(Path("/etc/ssh"))
    key = Path("/etc/ssh/ssh_host_ed25519_key")
    keep_key(folders.host_key(host.id))
    shutil.copyfile(folders.host_key(host.id), key)
    key.chmod(0o600)
    config = Path("/etc/ssh/sshd_config")
    config.write_text(configurations.SSHD)
    authorized = Path("/etc/ssh/authorized_keys")
    authorized.write_text(keep_key(folders.audit_key) + "\n")
    for path in (config, authorized):
        path.chmod(0o644)
    _replace("/etc/passwd", configurations.PASSWD)
    _replace("/etc/group", configurations.GROUP)
    _replace("/etc/shadow", configurations.SHADOW, 0o600)


def _furnish_records(host: Host) -> None:
    if host.role == "workstation":
        return
    _replace("/etc/rsyslog.conf", configurations.rsyslog(host.id))
    if Path("/etc/rsyslog.d").is_dir():
        scratch(Path("/etc/rsyslog.d"))
    if Path("/etc/logrotate.d").is_dir():
        scratch(Path("/etc/logrotate.d"))
    _replace("/etc/logrotate.conf", configurations.LOGROTATE_MAIN)


def _let_audit_user_list_filters() -> None:
    """The audit user may list the packet filter without being root, and do nothing else.

    `nft` needs CAP_NET_ADMIN even for listing, and the file that names the tables of the old
    iptables is not for everybody; copies with the one file capability that does it stand in the
    place of `nft` and `wc` inside the box. On a real host a line in sudoers each does the same.
    """
    _endow("nft", CAP_NET_ADMIN)
    _endow("wc", CAP_DAC_READ_SEARCH)


def _endow(name: str, capability: int) -> None:
    """Inside the box everybody runs the program with that capability."""
    real = Path(tool(name)).resolve()
    copy = Path("/run/etc") / name
    shutil.copyfile(real, copy)
    copy.chmod(0o755)
    bit = 1 << capability
    # struct vfs_cap_data, revision 2, effective: permitted and inheritable, low and high words
    os.setxattr(copy, "security.capability", struct.pack("<5I", 0x02000001, bit, 0, 0, 0))
    bind(copy, real)


def start(
    box: Box,
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: str = "/",
    streams: tuple[int, int, int],
) -> int:
    """The id of a new process in the box, in a session of its own.

    Where the program cannot be started, the process ends with status 127 and says why on its
    error stream.
    """
    child = os.fork()
    if child:
        return child
    return _become_program(lambda: _enter_box(box, folder, streams), arguments, environment)


def _enter_box(box: Box, folder: str, streams: tuple[int, int, int]) -> None:
    os.setsid()
    # copies first: a stream may have the number that another one shall get
    copies = [os.dup(stream) for stream in streams]
    for number, copy in enumerate(copies):
        os.dup2(copy, number)
        os.close(copy)
    box.step_in()
    os.chdir(folder)


def _become_program(
    prepare: Callable[[], None], arguments: Sequence[str], environment: Mapping[str, str]
) -> int:
    status = 127
    try:
        prepare()
        os.closerange(3, 4096)
        os.execvpe(arguments[0], list(arguments), dict(environment))  # noqa: S606
    except OSError as error:
        os.write(2, f"{arguments[0]}: {error}\n".encode())
    finally:
        os._exit(status)
    return status


def write_inside(box: Box, path: Path, content: str) -> None:
    """The file at that path, as the box sees it, holds the content. Raises BoxError."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            box.step_in()
            path.write_text(content)
            path.chmod(0o644)
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if status != 0:
        raise BoxError(f"{box.host.id}: {path} cannot be written")
