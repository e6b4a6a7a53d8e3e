"""How a family module reaches one device: the doors it may use, all with pinned identities."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from inventory.secrets import Secret
from inventory.text import Text
from scanner.collect.errors import CollectError
from scanner.collect.journal import Journal
from scanner.collect.snmp import SnmpAgent, read_objects
from scanner.collect.ssh import open_exec, open_shell
from scanner.collect.ssh_login import SshEndpoint
from scanner.collect.stopping import Stop
from scanner.collect.web import WebEndpoint, open_web
from scanner.evidence import Document
from scanner.platforms.model import CommandLine, WebClient

NO_CREDENTIAL = Text(
    vi="không có tài khoản để đọc cấu hình (credential trong tệp khai báo, hoặc --user)",
    en="there is no account to read the configuration with (credential in the inventory or --user)",
)

NO_SNMP_ACCOUNT = Text(
    vi="chưa khai báo tài khoản SNMP của thiết bị trong tệp khai báo (credential: snmp_user với hai"
    " khóa, hoặc snmp_community)",
    en="the inventory declares no SNMP account for this device (credential: snmp_user with both"
    " keys, or snmp_community)",
)


@dataclass(frozen=True)
class DeviceAccess:
    """`scanner.platforms.model.Access` for a device of the inventory."""

    device_id: str
    ssh: SshEndpoint
    web_address: Callable[[int], WebEndpoint]
    """The HTTPS endpoint, given the family's usual port."""
    allowed: tuple[str, ...]
    journal: Journal
    vantage: str
    stop: Stop
    """When it is set, an answer that is being waited for is not waited for any longer."""
    password: Secret | None = field(default=None, repr=False)
    snmp_agent: Callable[[], SnmpAgent | None] = lambda: None
    """Where it answers SNMP and with which account; looked up only when a family asks."""

    @property
    def username(self) -> str:
        return self.ssh.username

    @contextmanager
    def exec_channel(self) -> Iterator[CommandLine]:
        login = self._with_credential()
        with (
            open_exec(login, self.allowed, self.journal, self.device_id, self.vantage) as line,
            self.stop.ending(line.hang_up),
        ):
            yield line

    @contextmanager
    def shell(self, dialect: str) -> Iterator[CommandLine]:
        login, sent = self._with_credential(), (self.journal, self.device_id, self.vantage)
        with (
            open_shell(login, dialect, self.allowed, *sent) as line,
            self.stop.ending(line.hang_up),
        ):
            yield line

    @contextmanager
    def web(self, default_port: int = 443) -> Iterator[WebClient]:
        endpoint = replace(self.web_address(default_port), password=self.secret())
        with (
            open_web(endpoint, self.allowed, self.journal, self.device_id, self.vantage) as client,
            self.stop.ending(client.hang_up),
        ):
            yield client

    def snmp(self, objects: Mapping[str, str]) -> Document:
        agent = self.snmp_agent()
        if agent is None:
            raise CollectError(NO_SNMP_ACCOUNT)
        return read_objects(
            agent, objects, self.allowed, self.journal, self.device_id, self.vantage
        )

    def secret(self) -> str:
        if self.password is None:
            raise CollectError(NO_CREDENTIAL)
        return self.password.reveal()

    def _with_credential(self) -> SshEndpoint:
        if self.ssh.password is None and self.ssh.private_key is None:
            raise CollectError(NO_CREDENTIAL)
        return self.ssh
