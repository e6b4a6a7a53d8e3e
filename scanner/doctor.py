"""What this machine has and lacks for scanning, for the demo and for the tests, and how to get it.

`examine` asks a `Machine` and gives one `Check` per need, in a fixed order. Nothing is installed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from inventory.text import Text
from scanner.machine import Machine

Group = Literal["scan", "demo", "optional"]

GROUP_NAMES: dict[Group, Text] = {
    "scan": Text(vi="Cần để quét", en="Needed for scanning"),
    "demo": Text(vi="Cần để chạy hnth demo", en="Needed for hnth demo"),
    "optional": Text(vi="Tùy chọn", en="Optional"),
}

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Check:
    """One need: whether it is met, what was found, what it is for, and the cure when it is not."""

    group: Group
    name: str
    """Stable id; a program's own name."""
    ok: bool
    found: str
    """Version or state, as the machine says it; empty when nothing was found."""
    purpose: Text
    remedy: Text | None = None
    """What to type; None when `ok`."""
    label: Text | None = None
    """The name for people, where the id is not one."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A system program and the Debian package that brings it."""

    group: Group
    command: str
    package: str
    purpose: Text
    version: tuple[str, ...] = ("--version",)
    """Arguments that make it print its version; empty when it has none."""
    service: bool = False
    """Installing the package by hand also starts a service."""
    needed_by_root: bool = True


TOOLS = (
    Tool("scan", "nmap", "nmap", Text(vi="dò cổng", en="asks ports")),
    Tool(
        "demo",
        "ip",
        "iproute2",
        Text(vi="dựng mạng thử nghiệm", en="builds the lab's network"),
        ("-V",),
    ),
    Tool(
        "demo",
        "nft",
        "nftables",
        Text(vi="tường lửa của mạng thử nghiệm", en="the lab's firewalls"),
    ),
    Tool(
        "demo",
        "unshare",
        "util-linux",
        Text(vi="tách mạng thử nghiệm khỏi máy này", en="keeps the lab apart from this machine"),
    ),
    Tool(
        "demo",
        "sshd",
        "openssh-server",
        Text(
            vi="đăng nhập vào máy chủ và bộ định tuyến",
            en="logins to the lab's hosts",
        ),
        ("-V",),
        service=True,
    ),
    Tool(
        "demo",
        "ssh-keygen",
        "openssh-client",
        Text(vi="tạo khóa máy chủ", en="makes host keys"),
        (),
    ),
    Tool(
        "demo",
        "rsyslogd",
        "rsyslog",
        Text(vi="máy chủ nhật ký", en="the lab's log server"),
        ("-v",),
        service=True,
    ),
    Tool(
        "demo",
        "logrotate",
        "logrotate",
        Text(vi="thời gian lưu nhật ký", en="how long logs are kept"),
    ),
    Tool(
        "demo",
        "snmpd",
        "snmpd",
        Text(vi="lỗi mẫu “snmp-public”", en="the fault “snmp-public”"),
        ("-v",),
        service=True,
    ),
    Tool(
        "demo",
        "ping",
        "iputils-ping",
        Text(vi="kiểm tra đường truyền", en="tries the lab's links"),
        ("-V",),
    ),
    Tool("demo", "ps", "procps", Text(vi="theo dõi tiến trình", en="watches processes")),
    Tool(
        "demo",
        "newuidmap",
        "uidmap",
        Text(vi="chạy không cần quyền quản trị", en="runs the lab without root"),
        (),
        needed_by_root=False,
    ),
    Tool(
        "optional",
        "chromium",
        "chromium",
        Text(vi="kiểm thử trang báo cáo", en="tests of the report's page"),
    ),
    Tool(
        "optional",
        "chromedriver",
        "chromium-driver",
        Text(vi="kiểm thử trang báo cáo", en="tests of the report's page"),
    ),
    Tool(
        "optional",
        "gpg",
        "gnupg",
        Text(vi="kiểm tra chữ ký của dữ liệu lỗ hổng", en="checks signatures of advisories"),
    ),
    Tool(
        "optional",
        "iptables-save",
        "iptables",
        Text(
            vi="so bộ lọc iptables với nhân Linux", en="compares iptables filters with the kernel"
        ),
    ),
    Tool(
        "optional",
        "pdftoppm",
        "poppler-utils",
        Text(vi="kiểm thử bản in của báo cáo", en="tests of the printed report"),
        ("-v",),
    ),
    Tool(
        "optional",
        "openssl",
        "openssl",
        Text(vi="máy chủ TLS để kiểm thử", en="TLS servers of the tests"),
        ("version",),
    ),
    Tool(
        "optional",
        "sslscan",
        "sslscan",
        Text(
            vi="so bộ mã TLS yếu với một công cụ khác",
            en="compares weak TLS suites with another tool",
        ),
    ),
)
"""Every system program that hnth, its demo or its tests may start."""


def examine(machine: Machine) -> tuple[Check, ...]:
    """Every need, grouped: scan, demo, optional."""
    return (
        _python(machine),
        *_tools("scan", machine),
        _encoding(machine),
        _folder(machine),
        *_tools("demo", machine),
        _namespaces(machine),
        _udp_probes(machine),
        *_tools("optional", machine),
    )


def ready_for(group: Group, checks: Sequence[Check]) -> bool:
    """Whether every need of the group is met; the demo also needs what scanning needs."""
    groups = {"scan", group}
    return all(check.ok for check in checks if check.group in groups)


def _python(machine: Machine) -> Check:
    version = machine.python()
    ok = version[:2] >= OLDEST_PYTHON
    return Check(
        "scan",
        "python",
        ok,
        ".".join(map(str, version)),
        Text(vi="chạy hnth", en="runs hnth"),
        None if ok else _install("python3.11", machine),
        label=Text(vi="Python", en="Python"),
    )


def _tools(group: Group, machine: Machine) -> Iterator[Check]:
    for tool in TOOLS:
        if tool.group == group and (tool.needed_by_root or not machine.is_root()):
            yield _tool(tool, machine)


def _tool(tool: Tool, machine: Machine) -> Check:
    path = machine.path_of(tool.command)
    if path is None:
        remedy = _install(tool.package, machine, service=tool.service)
        return Check(tool.group, tool.command, False, "", tool.purpose, remedy)
    found = (machine.version((path, *tool.version)) if tool.version else "") or path
    return Check(tool.group, tool.command, True, found, tool.purpose)


def _install(package: str, machine: Machine, *, service: bool = False) -> Text:
    """The line to type; for a package with a service also the way that starts none."""
    if machine.path_of("apt-get") is None:
        return Text(
            vi=f"cài gói tương đương gói {package} của Debian",
            en=f"install what holds the Debian package {package}",
        )
    sudo = "" if machine.is_root() else "sudo "
    line = f"{sudo}apt-get install {package}"
    if not service:
        return Text(vi=line, en=line)
    return Text(
        vi=f"{line}   (lệnh này cũng khởi động dịch vụ; make demo thì không)",
        en=f"{line}   (this also starts the service; make demo does not)",
    )


def _encoding(machine: Machine) -> Check:
    encoding = machine.encoding()
    ok = encoding == "utf-8"
    return Check(
        "scan",
        "utf-8",
        ok,
        encoding,
        Text(vi="hiển thị tiếng Việt", en="shows Vietnamese"),
        None if ok else Text(vi="export PYTHONUTF8=1", en="export PYTHONUTF8=1"),
        label=Text(vi="UTF-8", en="UTF-8"),
    )


def _folder(machine: Machine) -> Check:
    folder = machine.folder()
    ok = machine.can_write(folder)
    return Check(
        "scan",
        "folder",
        ok,
        folder,
        Text(vi="ghi cơ sở dữ liệu và báo cáo", en="holds the database and the reports"),
        None
        if ok
        else Text(
            vi="chuyển sang thư mục ghi được, ví dụ: mkdir -p ~/hnth && cd ~/hnth",
            en="change to a folder you may write to, e.g. mkdir -p ~/hnth && cd ~/hnth",
        ),
        label=Text(vi="thư mục hiện tại", en="current folder"),
    )


def namespace_trial(*, root: bool) -> tuple[str, ...]:
    """A command that succeeds where the lab can be built, and leaves nothing behind."""
    words = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child")
    mapped = () if root else ("--user", "--map-root-user", "--map-auto")
    return (*words, *mapped, "--mount-proc", "--", "true")


FORBIDDING_SETTINGS = (
    ("kernel.unprivileged_userns_clone", "0", "1"),
    ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
    ("user.max_user_namespaces", "0", "15000"),
    ("user.max_net_namespaces", "0", "15000"),
)
"""Kernel setting, the value that forbids the lab to ordinary users, a value that permits it."""


def _namespaces(machine: Machine) -> Check:
    complaint = machine.attempt(namespace_trial(root=machine.is_root()))
    return Check(
        "demo",
        "namespaces",
        complaint is None,
        "" if complaint is None else complaint,
        Text(
            vi="mạng thử nghiệm không để lại gì trên máy này",
            en="the lab leaves nothing on this machine",
        ),
        None if complaint is None else _permit_namespaces(machine),
        label=Text(vi="không gian tên", en="namespaces"),
    )


def _permit_namespaces(machine: Machine) -> Text:
    if machine.is_root():
        return Text(
            vi="trong container: thêm --privileged, hoặc chạy bằng tài khoản thường",
            en="inside a container: add --privileged, or run as an ordinary user",
        )
    for name, forbids, permits in FORBIDDING_SETTINGS:
        if machine.setting(name) == forbids:
            line = f"sudo sysctl -w {name}={permits}"
            return Text(vi=line, en=line)
    if machine.path_of("newuidmap") is None:
        return _install("uidmap", machine)
    if not machine.has_subordinate_ids():
        ids = "100000-165535"
        line = f"sudo usermod --add-subuids {ids} --add-subgids {ids} {machine.user()}"
        return Text(vi=line, en=line)
    return Text(
        vi="xem AppArmor, SELinux hoặc seccomp của container; hoặc chạy bằng quyền quản trị",
        en="look at AppArmor, SELinux or the container's seccomp profile; or run as root",
    )


def _udp_probes(machine: Machine) -> Check:
    """Whether nmap will ask UDP: it refuses unless it is root or told that it may."""
    root = machine.is_root()
    ok = root or machine.variable("NMAP_PRIVILEGED") is not None
    line = 'sudo setcap cap_net_raw+eip "$(command -v nmap)"; export NMAP_PRIVILEGED=1'
    return Check(
        "optional",
        "udp",
        ok,
        "root" if root else "NMAP_PRIVILEGED" if ok else "",
        Text(
            vi="dò cổng UDP; thiếu thì các cổng này ở mức “Chưa xác định được”",
            en="asks UDP ports; without it they stay “Cannot determine”",
        ),
        None if ok else Text(vi=line, en=line),
        label=Text(vi="UDP", en="UDP"),
    )
