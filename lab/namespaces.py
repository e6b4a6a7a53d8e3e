"""Where the lab lives: one process namespace that takes everything in it along when it ends."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class LabUnavailable(Exception):
    """The machine cannot hold the lab. `vi` and `en` say which setting forbids it and the cure."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en


TOOLS: Mapping[str, str] = {
    "unshare": "util-linux",
    "ip": "iproute2",
    "tc": "iproute2",
    "nft": "nftables",
    "sshd": "openssh-server",
    "rsyslogd": "rsyslog",
    "snmpd": "snmpd",
    "nmap": "nmap",
}
"""Programs that the lab starts and the Debian packages that bring them."""

SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def tool(name: str) -> str:
    """Absolute path of a system program; those of administrators are found by any user."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:{SEARCH_PATH}")
    return found or name


def python_path() -> str:
    """For PYTHONPATH: where this package is, before what was there already."""
    own = str(Path(__file__).resolve().parents[1])
    return os.pathsep.join(filter(None, (own, os.environ.get("PYTHONPATH"))))


def missing_packages() -> tuple[str, ...]:
    """Debian packages without which the lab cannot start, sorted."""
    needed = dict(TOOLS)
    if os.geteuid() != 0:
        needed["newuidmap"] = "uidmap"
    lacking = {package for name, package in needed.items() if not Path(tool(name)).is_absolute()}
    return tuple(sorted(lacking))


def unshare_command(program: list[str]) -> list[str]:
    """The command that runs `program` as the first process of a namespace of its own.

    When the first process ends, the kernel kills all others; when `unshare` is killed, the first
    process is killed with it.
    """
    words = [tool("unshare"), "--mount", "--net", "--pid", "--uts", "--fork", "--kill-child"]
    if os.geteuid() != 0:
        words += ["--user", "--map-root-user", "--map-auto"]
    return [*words, "--mount-proc", "--", *program]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A kernel setting with the value that forbids user namespaces, and the cure."""

    setting: str
    forbids: str
    cure: str


OBSTACLES = (
    Obstacle(
        "kernel.unprivileged_userns_clone", "0", "sudo sysctl -w kernel.unprivileged_userns_clone=1"
    ),
    Obstacle(
        "kernel.apparmor_restrict_unprivileged_userns",
        "1",
        "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    Obstacle("user.max_user_namespaces", "0", "sudo sysctl -w user.max_user_namespaces=15000"),
    Obstacle("user.max_net_namespaces", "0", "sudo sysctl -w user.max_net_namespaces=15000"),
)


def _setting(name: str, root: Path) -> str | None:
    try:
        return (root / name.replace(".", "/")).read_text().strip()
    except OSError:
        return None


def _has_subordinate_ids(user: str, uid: int, file: Path) -> bool:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return False
    return any(line.split(":")[0] in {user, str(uid)} for line in lines)


def obstacle(root: Path = Path("/proc/sys"), etc: Path = Path("/etc")) -> LabUnavailable | None:
    """The setting that forbids an ordinary user's namespaces; None when none is seen to."""
    for known in OBSTACLES:
        if _setting(known.setting, root) == known.forbids:
            return LabUnavailable(
                vi=f"hệ điều hành không cho phép dựng mạng thử nghiệm: {known.setting} = "
                f"{known.forbids}; hãy chạy: {known.cure}",
                en=f"the kernel forbids the lab: {known.setting} = {known.forbids}; "
                f"type: {known.cure}",
            )
    user = pwd.getpwuid(os.geteuid()).pw_name
    for name in ("subuid", "subgid"):
        if not _has_subordinate_ids(user, os.geteuid(), etc / name):
            line = f"sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {user}"
            return LabUnavailable(
                vi=f"tài khoản {user} chưa có dải định danh phụ trong /etc/{name}; "
                f"hãy chạy: {line}",
                en=f"the user {user} has no subordinate ids in /etc/{name}; type: {line}",
            )
    return None


def check() -> None:
    """The lab can start here; raises `LabUnavailable` with the reason otherwise."""
    packages = missing_packages()
    if packages:
        line = f"sudo apt-get install {' '.join(packages)}"
        raise LabUnavailable(
            vi=f"thiếu chương trình để dựng mạng thử nghiệm; hãy chạy: {line}",
            en=f"programs that the lab needs are missing; type: {line}",
        )
    said = _try_out()
    if said is not None:
        raise (obstacle() if os.geteuid() != 0 else None) or _refused(said)


def _try_out() -> str | None:
    """What the system said to an attempt; None when it succeeded."""
    try:
        trial = subprocess.run(
            unshare_command(["true"]), capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if trial.returncode == 0:
        return None
    return (trial.stderr.strip().splitlines() or ["unshare"])[-1]


def _refused(said: str) -> LabUnavailable:
    names = ", ".join(known.setting for known in OBSTACLES)
    return LabUnavailable(
        vi=f"không tạo được không gian mạng riêng: {said}. Nếu đang chạy trong container, hãy cấp "
        f"quyền CAP_SYS_ADMIN (ví dụ --privileged); nếu không, hãy kiểm tra {names} và AppArmor, "
        "SELinux",
        en=f"namespaces cannot be created: {said}. Inside a container, grant CAP_SYS_ADMIN (for "
        f"example --privileged); otherwise look at {names}, AppArmor and SELinux",
    )
