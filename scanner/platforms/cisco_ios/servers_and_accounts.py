"""SNMP, time servers, log servers and local accounts; secrets are neither kept nor cited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rules.facts import Citation, DeviceAccount, Fact, Known, SyslogTarget
from scanner.evidence import printable
from scanner.platforms.cisco_ios.configuration import Configuration
from scanner.platforms.cisco_ios.stored_secrets import stored_secrets
from scanner.platforms.netconfig.indented import Line

_IGNORED_HOSTS = frozenset({"vrf", "ipv6", "ip"})


def neighbouring_systems(config: Configuration) -> dict[str, Fact[Any]]:
    """Who may read it, where it takes its time, where its records go, who may log in."""
    return _snmp(config) | _servers(config) | _accounts(config) | stored_secrets(config)


def _cite(config: Configuration, *lines: Line) -> tuple[Citation, ...]:
    return tuple(config.document.cite(line.number) for line in lines)


def _snmp(config: Configuration) -> dict[str, Fact[Any]]:
    lines = list(config.starting("snmp-server"))
    for line in lines:
        config.use(line)
    communities = [line for line in lines if line.words[1:2] == ["community"]]
    v3 = [line for line in lines if line.words[1:2] == ["user"] or "v3" in line.words[3:4]]
    if not communities and not v3:
        off = next(iter(config.starting("no", "snmp-server")), None)
        if off is not None and off.words == ["no", "snmp-server"] and not lines:
            config.use(off)
            return {"service.snmp.enabled": Known(False, _cite(config, off))}
        return {}
    proof = [_without_secret(config, line) for line in (*communities[:4], *v3[:2])]
    versions = (("1", "2c") if communities else ()) + (("3",) if v3 else ())
    facts: dict[str, Fact[Any]] = {
        "service.snmp.enabled": Known(True, tuple(proof[:1])),
        "snmp.versions": Known(versions, tuple(proof)),
    }
    default = [line for line in communities if _community(line) in {"public", "private"}]
    if communities:
        cited = default or communities
        facts["snmp.default_community"] = Known(
            bool(default), tuple(_without_secret(config, line) for line in cited[:4])
        )
    return facts


def _community(line: Line) -> str:
    return line.words[2].strip('"') if len(line.words) > 2 else ""


def _without_secret(config: Configuration, line: Line) -> Citation:
    """Communities and keys are not cited, but for those that everybody knows."""
    words = line.words
    kept = 3 if _community(line) in {"public", "private"} else 2
    return config.document.cite(line.number, " ".join(words[:kept]))


def _servers(config: Configuration) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    times = [line for line in config.top if line.words[:2] in (["ntp", "server"], ["ntp", "peer"])]
    for line in times:
        config.use(line)
    named = [(host, line) for line in times if (host := _host(line.words[2:])) is not None]
    if named:
        servers = tuple(dict.fromkeys(host for host, _ in named))
        cited = tuple(_leading(config, line) for _, line in named)
        facts["ntp.servers"] = Known(servers, cited)
    off = next((x for x in config.top if x.words == ["no", "logging", "on"]), None)
    targets = [(target, line) for target, line in _targets(config)]
    if off is not None:
        config.use(off)
        facts["syslog.targets"] = Known((), _cite(config, off))
    elif targets:
        facts["syslog.targets"] = Known(
            tuple(dict.fromkeys(target for target, _ in targets)),
            _cite(config, *(line for _, line in targets)),
        )
    return facts


def _leading(config: Configuration, line: Line) -> Citation:
    """The line up to a key."""
    words = line.words
    if "key" in words:
        return config.document.cite(line.number, " ".join(words[: words.index("key")]))
    return config.document.cite(line.number)


def _host(words: list[str]) -> str | None:
    """The address or name in `[vrf X] [ipv6] host ...`."""
    while words and words[0] in _IGNORED_HOSTS:
        words = words[2:] if words[0] == "vrf" else words[1:]
    return printable(words[0], 255) if words else None


def _targets(config: Configuration) -> Iterator[tuple[SyslogTarget, Line]]:
    for line in config.starting("logging"):
        words = line.words[1:]
        if words[:1] == ["host"]:
            words = words[1:]
        elif not (words and words[0].count(".") == 3 and words[0][0].isdigit()):
            config.use(line)
            continue
        host = _host(words)
        if host is None:
            continue
        config.use(line)
        yield SyslogTarget(host, _port(words), _protocol(words)), line


def _protocol(words: list[str]) -> str | None:
    if "transport" in words[:-1]:
        said = words[words.index("transport") + 1]
        return said if said in {"udp", "tcp", "tls"} else None
    return None


def _port(words: list[str]) -> int | None:
    if "port" not in words[:-1]:
        return None
    said = words[words.index("port") + 1]
    return int(said) if said.isascii() and said.isdigit() and int(said[:6]) <= 65535 else None


# --- accounts --------------------------------------------------------------------------------


def _accounts(config: Configuration) -> dict[str, Fact[Any]]:
    """The local accounts; hashes are neither kept nor cited."""
    found: dict[str, DeviceAccount] = {}
    cited: list[Citation] = []
    for line in config.starting("username"):
        words = line.words
        if len(words) < 2:
            continue
        config.use(line)
        name = printable(words[1], 64)
        was = found.get(name, DeviceAccount(name))
        privilege = _after(words, "privilege")
        secret = any(word in words[2:] for word in ("secret", "password"))
        found[name] = DeviceAccount(
            name,
            role=f"privilege {privilege}" if privilege else was.role,
            administrator=privilege == "15" if privilege else was.administrator,
            password_set=True if secret else False if "nopassword" in words else was.password_set,
        )
        kept = words[: 4 if privilege and words[2] == "privilege" else 2]
        cited.append(config.document.cite(line.number, " ".join(kept)))
    if not found:
        return {}
    return {"accounts": Known(tuple(found.values()), tuple(cited))}


def _after(words: list[str], word: str) -> str | None:
    if word not in words[2:-1]:
        return None
    said = words[words.index(word, 2) + 1]
    return said if said.isascii() and said.isdigit() and len(said) <= 2 else None
