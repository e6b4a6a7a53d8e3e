"""Typed on a Linux host, the remedies put right what its reader reads: a shell carries them out."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rules.facts import Known, SyslogTarget
from scanner.evidence import Document
from scanner.platforms import find, linux_commands
from tests.scanner.test_remedies import _commands

FILES = {
    "ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n"
    "PasswordAuthentication yes\nPermitEmptyPasswords yes\n",
    "ssh/sshd_config.d/50-cloud-init.conf": "PasswordAuthentication yes\n",
    "pam.d/passwd": "password requisite pam_pwquality.so retry=3\n"
    "password required pam_unix.so use_authtok\n",
    "security/pwquality.conf": "# minlen = 8\nminlen = 6\ndcredit = 0\nlcredit = 0\n"
    "ucredit = 0\nocredit = 0\n",
    "login.defs": "PASS_MAX_DAYS 99999\n",
    "profile": "umask 022\n",
    "profile.d/x.sh": "export LC_ALL=C\n",
    "rsyslog.d/50-default.conf": "*.* /var/log/syslog\n",
}


@pytest.mark.parametrize(
    ("fact", "right"),
    [
        ("ssh.root_login", "no"),
        ("ssh.password_login", False),
        ("ssh.empty_passwords", False),
        ("password_policy.min_length", 8),
        ("password_policy.digits", 1),
        ("password_policy.lowercase", 1),
        ("password_policy.uppercase", 1),
        ("password_policy.special", 1),
        ("password_policy.binds_root", True),
        ("password_policy.max_age_days", 180),
        ("syslog.targets", (SyslogTarget("10.9.9.3", 514, "tcp"),)),
    ],
)
def test_a_linux_host(tmp_path: Path, fact: str, right: Any) -> None:
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert _read_host(tmp_path, fact) != right
    for command in _commands("linux", fact):
        if not re.search(r"systemctl|rsyslogd", command):  # they take up what was written
            here = command.replace("sudo ", "").replace("/etc/", f"{tmp_path}/")
            subprocess.run(["bash", "-c", here], check=True, capture_output=True)
    assert _read_host(tmp_path, fact) == right


def _read_host(folder: Path, fact: str) -> Any:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    answers = dict.fromkeys(linux_commands.FILES, "")
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = f"/etc/{path.relative_to(folder)}"
            text = path.read_text(encoding="utf-8")
            told = next((c for c in answers if _asks_for(c, name)), linux_commands.PASSWORD_FILES)
            answers[told] += f"==> {name} <==\n{text}\n"
            if name.startswith("/etc/rsyslog"):
                lines += [f"{name}:{line}\n" for line in text.splitlines()]
    documents = [
        Document(f"{text}# status 0\n".encode(), command, "C", now)
        for command, text in answers.items()
        if text
    ]
    documents.append(Document("".join(lines).encode(), linux_commands.RSYSLOG, "C", now))
    told_fact = find("linux").read(documents).facts.get(fact)
    return told_fact.value if isinstance(told_fact, Known) else None


def _asks_for(command: str, path: str) -> bool:
    return any(Path(path).match(word) for word in command.split() if word.startswith("/etc/"))


@pytest.mark.parametrize("fact", ["management.allowlist", "filters"])
def test_the_rules_that_are_typed_are_taken_by_nft(fact: str) -> None:
    """Loaded into a network namespace of its own; without the rights for one it is skipped."""
    own = ["unshare", "--user", "--map-root-user", "--net"]
    if subprocess.run(
        [*own, "nft", "list", "ruleset"], check=False, capture_output=True
    ).returncode:
        pytest.skip("no network namespace here")
    values = {"peer": "192.0.2.1", "segment": "10.1.0.0/24", "port": "5061"}
    remedies = find("linux").remedies
    assert remedies is not None
    templates = (
        _commands("linux", fact)
        if fact == "management.allowlist"
        else remedies.by_fact[fact].commands
    )
    script = ["set -e"]
    for one in templates:
        line = re.sub(r"\{([a-z]+)\}", lambda m: values[m[1]], one).removeprefix("sudo ")
        if line.startswith("nft ") and "tee" not in line:
            script.append(line)
    script.append("nft list ruleset")
    done = subprocess.run(
        [*own, "bash", "-c", "\n".join(script)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    document = Document(done.stdout.encode(), "nft.txt", "O", datetime(2026, 1, 1, tzinfo=UTC))
    told = find("linux").read([document])
    assert isinstance(told.facts["filters"], Known)
    assert told.unread == ()
