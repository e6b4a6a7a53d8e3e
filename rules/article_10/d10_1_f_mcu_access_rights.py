"""The MCU's control subsystem has safe access rights.

Fails on an account without password, an anonymous account, nothing but administrators, management
in the clear or behind weak encryption, an interface that asks for no login, and a missing idle
timeout or lock-out. Passes only when each of these was seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from inventory.text import Text
from rules.crypto_profile import by_profile
from rules.doubt import reasons
from rules.facts import DeviceAccount, Fact, Facts, Known, ManagementInterface, Unknown
from rules.model import Proof, Rule, Verdict, failed, passed, unknown
from rules.services import clear_versions, service
from rules.wording import phrase

ANONYMOUS = frozenset({"", "anonymous", "guest"})
IN_THE_CLEAR = ("telnet", "http")

ACCOUNTS = Text(vi="tài khoản và vai trò", en="accounts and roles")
INTERFACES = Text(vi="giao diện quản trị", en="management interfaces")
IDLE_TIMEOUT = Text(vi="thời gian tự thoát", en="idle timeout")
TLS = Text(vi="mã hóa TLS", en="TLS encryption")
SSH = Text(vi="mã hóa SSH", en="SSH encryption")
LOCK_OUT = Text(vi="khóa khi đăng nhập sai", en="lock-out after failed logins")


@dataclass
class _Findings:
    """Violations and gaps of one MCU; lives for one call."""

    problems: list[Text] = field(default_factory=list)
    proof: list[Proof] = field(default_factory=list)
    gaps: list[tuple[Text, Unknown]] = field(default_factory=list)
    """What could not be read, and why."""
    seen: list[Proof] = field(default_factory=list)

    def unread(self, what: Text, fact: Unknown) -> None:
        self.gaps.append((what, fact))

    def broken(self, what: Text, *proof: Proof) -> None:
        self.problems.append(what)
        self.proof.extend(proof)


def check(
    facts: Facts,
    accounts: Fact[tuple[DeviceAccount, ...]],
    management_idle_timeout_s: Fact[int],
    management_lockout_attempts: Fact[int],
    management_interfaces: Fact[tuple[ManagementInterface, ...]],
) -> Verdict:
    found = _Findings()
    _look_at_accounts(found, accounts)
    for name in IN_THE_CLEAR:
        state = service(name, facts)
        if state.runs:
            found.broken(state.shown, *state.proof)
        elif isinstance(state.setting, Unknown):
            found.unread(Text(vi=name, en=name), state.setting)
        else:
            found.seen.append(state.setting)
    _look_at_snmp(found, facts)
    _look_at_interfaces(found, management_interfaces)
    _look_at_cryptography(found, facts)
    _must_be_set(found, management_idle_timeout_s, IDLE_TIMEOUT)
    _must_be_set(found, management_lockout_attempts, LOCK_OUT)
    if found.problems:
        return failed(
            "access rights are not safe: {problems}", *found.proof, problems=tuple(found.problems)
        )
    if found.gaps:
        return unknown(
            "access rights could be read in part only; missing: {gaps} ({why})",
            *[fact for _, fact in found.gaps],
            gaps=tuple(what for what, _ in found.gaps),
            why=reasons(fact for _, fact in found.gaps),
        )
    return passed(
        "roles are separate, management is encrypted, idle timeout and lock-out are set",
        *found.seen,
    )


def _look_at_accounts(found: _Findings, accounts: Fact[tuple[DeviceAccount, ...]]) -> None:
    if isinstance(accounts, Unknown):
        found.unread(ACCOUNTS, accounts)
        return
    found.seen.append(accounts)
    usable = [account for account in accounts.value if account.enabled is not False]
    for problem in _account_problems(usable):
        found.broken(problem, accounts)
    if not found.problems and (
        not usable or any(account.administrator is None for account in usable)
    ):
        why = Text(
            vi="thiết bị không cho biết vai trò của mọi tài khoản",
            en="the device does not tell the role of every account",
        )
        found.unread(ACCOUNTS, Unknown(why, accounts.citations))


def _account_problems(usable: list[DeviceAccount]) -> Iterator[Text]:
    for account in usable:
        if account.password_set is False:
            yield phrase(
                "tài khoản {name} không có mật khẩu",
                "account {name} has no password",
                name=account.name,
            )
        if account.name.lower() in ANONYMOUS:
            yield phrase(
                "tài khoản ẩn danh “{name}” đang hoạt động",
                "the anonymous account “{name}” is usable",
                name=account.name,
            )
    if usable and all(account.administrator is True for account in usable):
        yield Text(vi="mọi tài khoản đều có quyền quản trị", en="every account is an administrator")


def _look_at_snmp(found: _Findings, facts: Facts) -> None:
    snmp = service("snmp", facts)
    versions: Fact[Any] = facts["snmp.versions"]
    default: Fact[Any] = facts["snmp.default_community"]
    if isinstance(default, Known) and default.value:
        found.broken(
            Text(vi="SNMP dùng chuỗi mặc định của hãng", en="SNMP uses a default community"),
            default,
        )
    if snmp.runs is False:
        found.seen.append(snmp.setting)
    elif isinstance(versions, Unknown):
        missing = snmp.setting if isinstance(snmp.setting, Unknown) else versions
        found.unread(Text(vi="SNMP", en="SNMP"), missing)
    elif clear := clear_versions(versions.value):
        found.broken(
            phrase(
                "SNMP phiên bản {versions} không mã hóa",
                "SNMP version {versions} is not encrypted",
                versions=clear,
            ),
            versions,
        )
    else:
        found.seen.append(versions)


def _look_at_cryptography(found: _Findings, facts: Facts) -> None:
    """What can be broken on the way protects no more than the clear does."""
    for name, title in (("tls.algorithms", TLS), ("ssh.algorithms", SSH)):
        shown: Fact[Any] = facts[name]
        if isinstance(shown, Unknown):
            found.unread(title, shown)
            continue
        judgement = by_profile(shown.value)
        proof = Known(shown.value, judgement.decisive(shown.citations))
        if judgement.met is False and judgement.shown is not None:
            found.broken(
                phrase(
                    "{title} yếu: {names}",
                    "weak {title}: {names}",
                    title=title,
                    names=judgement.shown,
                ),
                proof,
            )
        elif judgement.met is None:
            found.unread(title, Unknown(judgement.shown or title, proof.citations))
        else:
            found.seen.append(proof)


def _look_at_interfaces(
    found: _Findings, interfaces: Fact[tuple[ManagementInterface, ...]]
) -> None:
    if isinstance(interfaces, Unknown):
        found.unread(INTERFACES, interfaces)
        return
    for interface in interfaces.value:
        if interface.requires_login is False:
            what = phrase(
                "giao diện {name} (cổng {port}) không yêu cầu đăng nhập",
                "{name} (port {port}) demands no login",
                name=interface.name,
                port=interface.port,
            )
            found.broken(what, interfaces)
    if not interfaces.value or any(i.requires_login is None for i in interfaces.value):
        why = Text(
            vi="chưa rõ mọi giao diện quản trị có yêu cầu đăng nhập hay không",
            en="it is not clear whether every management interface demands a login",
        )
        found.unread(INTERFACES, Unknown(why, interfaces.citations))
    else:
        found.seen.append(interfaces)


def _must_be_set(found: _Findings, setting: Fact[int], what: Text) -> None:
    """The setting is known and not 0, which stands for never."""
    if isinstance(setting, Unknown):
        found.unread(what, setting)
    elif setting.value <= 0:
        found.broken(Text(vi=f"không đặt {what.vi}", en=f"no {what.en}"), setting)
    else:
        found.seen.append(setting)


RULE = Rule(check, id="D10.1-f", severity="S1", subject="device", kinds=frozenset({"mcu"}))
