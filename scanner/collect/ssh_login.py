"""An SSH connection whose host key was compared before anything secret was sent.

One login attempt per connection: no agent, no keys lying around, no second guess. The method is
chosen from those the server offers, so a wrong password is counted once by the device.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import paramiko

from inventory.text import Text
from scanner.collect.errors import (
    CollectError,
    IdentityChanged,
    LoginRefused,
    NotPinned,
    Unreachable,
)
from scanner.collect.journal import Journal
from scanner.evidence import printable

# without a handler of its own, paramiko's errors would reach standard error with a traceback
logging.getLogger("paramiko").addHandler(logging.NullHandler())

_KEY_FAMILIES = (("ssh-ed25519",), ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384"))
"""Host key algorithms given up one after the other while looking for the pinned key."""


@dataclass(frozen=True, slots=True)
class SshEndpoint:
    """Where to log in and as whom. Its repr shows no secret."""

    host: str
    port: int
    username: str
    password: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)
    """Text of an unencrypted private key; used instead of the password when given."""
    host_key: str | None = None
    """`SHA256:...`, as `ssh-keygen -lf` prints it."""
    connect_timeout_s: float = 5.0
    command_timeout_s: float = 30.0
    digest_key: bytes | None = field(default=None, repr=False, compare=False)
    """Under which secrets in the answers are compared with others; None: not at all."""
    on_password: Callable[[], None] | None = field(default=None, repr=False, compare=False)
    """Called when the device has accepted the password itself: not a key, not nothing at all."""

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(secret for secret in (self.password, self.private_key) if secret)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def fingerprint(key: paramiko.PKey) -> str:
    """`SHA256:` and base64 without padding."""
    digest = hashlib.sha256(key.asbytes()).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def fetch_host_key(host: str, port: int, timeout_s: float = 5.0) -> str:
    """The fingerprint that the server shows now, without logging in: for the explicit pinning step.

    Raises `Unreachable` or `CollectError`.
    """
    transport = _greet(SshEndpoint(host, port, "", connect_timeout_s=timeout_s), ())
    try:
        return fingerprint(transport.get_remote_server_key())
    finally:
        transport.close()


@contextmanager
def logged_in(
    endpoint: SshEndpoint, journal: Journal, device_id: str
) -> Iterator[paramiko.Transport]:
    """An authenticated transport, closed at the end.

    Raises `NotPinned` and `IdentityChanged` before anything secret is sent, then `LoginRefused`;
    `Unreachable` when there is no answer, `CollectError` when there is one that is not SSH.
    """
    journal.sent(device_id, "ssh", f"connect {endpoint}")
    transport = _identified(endpoint)
    try:
        journal.sent(device_id, "ssh", f"login {endpoint.username}")
        _authenticate(transport, endpoint)
        yield transport
    finally:
        transport.close()


def _identified(endpoint: SshEndpoint) -> paramiko.Transport:
    """A transport whose server proved to hold the pinned key.

    A server may hold several keys and shows the one that the client prefers; the others are asked
    for before the key is called changed, since a fingerprint does not tell its kind.
    """
    transport = _greet(endpoint, ())
    shown = fingerprint(transport.get_remote_server_key())
    given_up: tuple[str, ...] = ()
    try:
        if endpoint.host_key is None:
            raise _not_pinned(endpoint, shown)
        for family in _KEY_FAMILIES:
            if _is_pinned(transport, endpoint.host_key):
                return transport
            transport.close()
            given_up += family
            transport = _greet(endpoint, given_up)
        if _is_pinned(transport, endpoint.host_key):
            return transport
    except CollectError:
        transport.close()
        if not given_up:
            raise
    transport.close()
    raise _changed(endpoint, shown)


def _is_pinned(transport: paramiko.Transport, pinned: str) -> bool:
    return fingerprint(transport.get_remote_server_key()) == pinned.strip().rstrip("=")


def _greet(endpoint: SshEndpoint, without_keys: tuple[str, ...]) -> paramiko.Transport:
    """A transport after key exchange, before authentication."""
    timeout_s = endpoint.connect_timeout_s
    try:
        sock = socket.create_connection((endpoint.host, endpoint.port), timeout_s)
    except OSError as error:
        raise _unreachable(endpoint, error) from error
    try:
        transport = paramiko.Transport(sock, disabled_algorithms={"keys": without_keys})
    except (paramiko.SSHException, OSError) as error:
        sock.close()
        raise _unreachable(endpoint, error) from error
    transport.banner_timeout = timeout_s
    transport.handshake_timeout = timeout_s
    transport.auth_timeout = endpoint.command_timeout_s
    transport.channel_timeout = endpoint.command_timeout_s
    try:
        transport.start_client(timeout=timeout_s)
        # start_client returns without a word when the time is over
        transport.get_remote_server_key()
    except (paramiko.SSHException, EOFError, OSError) as error:
        transport.close()
        raise _no_handshake(endpoint, error) from error
    return transport


def _authenticate(transport: paramiko.Transport, endpoint: SshEndpoint) -> None:
    key = _private_key(endpoint) if endpoint.private_key else None
    try:
        offered = _offered_methods(transport, endpoint.username)
        if offered is None:
            return
        if key is not None:
            transport.auth_publickey(endpoint.username, key)
        elif "password" in offered:
            transport.auth_password(endpoint.username, endpoint.password or "", fallback=False)
        elif "keyboard-interactive" in offered:
            _answer_one_prompt(transport, endpoint)
        else:
            raise _method_missing(endpoint, offered)
        if key is None and endpoint.on_password is not None and transport.is_authenticated():
            endpoint.on_password()
    except paramiko.AuthenticationException:
        # "from None": the chain would lead to frames that hold the password
        raise _refused(endpoint) from None
    except (paramiko.SSHException, EOFError, OSError):
        raise _broke_off(endpoint) from None


def _offered_methods(transport: paramiko.Transport, username: str) -> tuple[str, ...] | None:
    """What the server accepts from this user, as OpenSSH asks it; None when it is already in."""
    try:
        transport.auth_none(username)
    except paramiko.BadAuthenticationType as answer:
        return tuple(answer.allowed_types)
    return None


def _answer_one_prompt(transport: paramiko.Transport, endpoint: SshEndpoint) -> None:
    """Keyboard-interactive login: the first single prompt gets the password, no other does."""
    asked: list[bool] = []

    def answer(_title: str, _instructions: str, prompts: list[tuple[str, bool]]) -> list[str]:
        if not prompts:
            return []
        if asked or len(prompts) > 1:
            return [""] * len(prompts)
        asked.append(True)
        return [endpoint.password or ""]

    transport.auth_interactive(endpoint.username, answer)


def _private_key(endpoint: SshEndpoint) -> paramiko.PKey:
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            key: paramiko.PKey = kind.from_private_key(io.StringIO(endpoint.private_key or ""))
        except (paramiko.SSHException, ValueError, IndexError, UnicodeError):
            continue
        return key
    raise CollectError(
        Text(
            vi=f"khóa riêng để đăng nhập {endpoint} bằng tài khoản {endpoint.username} không đọc "
            "được; cần khóa OpenSSH hoặc PEM loại Ed25519, ECDSA hay RSA, không đặt mật khẩu",
            en=f"the private key for {endpoint.username} at {endpoint} cannot be read; it must be "
            "an OpenSSH or PEM key of type Ed25519, ECDSA or RSA without a passphrase",
        )
    )


# --- what went wrong, in words -----------------------------------------------------------------


def _unreachable(endpoint: SshEndpoint, error: Exception) -> Unreachable:
    if isinstance(error, ConnectionRefusedError):
        return Unreachable(
            Text(
                vi=f"{endpoint} từ chối kết nối SSH: dịch vụ SSH không chạy hoặc bị chặn trên "
                "đường đi",
                en=f"{endpoint} refused the SSH connection: SSH is not running there or is blocked "
                "on the way",
            )
        )
    return Unreachable(
        Text(
            vi=f"không có trả lời SSH từ {endpoint} sau {endpoint.connect_timeout_s:g} giây: "
            "thiết bị đang tắt hoặc không kết nối được",
            en=f"no SSH answer from {endpoint} within {endpoint.connect_timeout_s:g} s: "
            "the device is switched off or cannot be reached",
        )
    )


def _no_handshake(endpoint: SshEndpoint, error: Exception) -> CollectError:
    if isinstance(error, paramiko.ssh_exception.IncompatiblePeer):
        return CollectError(
            Text(
                vi=f"{endpoint} chỉ hỗ trợ thuật toán SSH đã lỗi thời nên không thể kết nối an "
                "toàn; hãy nâng cấp phần mềm thiết bị hoặc dùng tệp cấu hình đã xuất",
                en=f"{endpoint} offers only outdated SSH algorithms, so there is no safe "
                "connection; upgrade the device or use its exported configuration file",
            )
        )
    return Unreachable(
        Text(
            vi=f"{endpoint} nhận kết nối nhưng không bắt tay SSH trong "
            f"{endpoint.connect_timeout_s:g} giây",
            en=f"{endpoint} took the connection but did not complete the SSH handshake within "
            f"{endpoint.connect_timeout_s:g} s",
        )
    )


def _not_pinned(endpoint: SshEndpoint, shown: str) -> NotPinned:
    return NotPinned(
        Text(
            vi=f"chưa ghim khóa máy chủ SSH của {endpoint}; thiết bị đưa ra {shown}. Hãy đối chiếu "
            f"với dấu vân tay trên màn hình điều khiển của thiết bị rồi ghi `host_key: {shown}` "
            "vào tệp khai báo. Chưa gửi mật khẩu nào",
            en=f"no SSH host key is pinned for {endpoint}; it shows {shown}. Compare this with the "
            f"fingerprint on the device's own console, then put `host_key: {shown}` in the "
            "inventory. No password was sent",
        )
    )


def _changed(endpoint: SshEndpoint, shown: str) -> IdentityChanged:
    return IdentityChanged(
        Text(
            vi=f"khóa máy chủ SSH của {endpoint} đã thay đổi: đã ghim {endpoint.host_key}, nay là "
            f"{shown}. Có thể thiết bị đã được thay hoặc có bên khác chen giữa kết nối; hãy kiểm "
            "tra tại thiết bị trước khi sửa `host_key`. Chưa gửi mật khẩu nào",
            en=f"the SSH host key of {endpoint} has changed: pinned {endpoint.host_key}, shown "
            f"{shown}. The device may have been replaced, or someone stands in between; check at "
            "the device before changing `host_key`. No password was sent",
        )
    )


def _refused(endpoint: SshEndpoint) -> LoginRefused:
    return LoginRefused(
        Text(
            vi=f"{endpoint} không chấp nhận đăng nhập bằng tài khoản {endpoint.username}; đã thử "
            "đúng một lần. Hãy kiểm tra tài khoản và mật khẩu hoặc khóa",
            en=f"{endpoint} did not accept the login of {endpoint.username}; it was tried exactly "
            "once. Check the account and its password or key",
        )
    )


def _method_missing(endpoint: SshEndpoint, offered: tuple[str, ...]) -> LoginRefused:
    ways = printable(", ".join(offered), 80)
    return LoginRefused(
        Text(
            vi=f"{endpoint} không cho tài khoản {endpoint.username} đăng nhập bằng mật khẩu, chỉ "
            f"bằng: {ways}; hãy khai báo khóa riêng",
            en=f"{endpoint} does not let {endpoint.username} log in with a password, only with: "
            f"{ways}; declare a private key",
        )
    )


def _broke_off(endpoint: SshEndpoint) -> CollectError:
    return CollectError(
        Text(
            vi=f"{endpoint} ngắt kết nối trong khi đăng nhập bằng tài khoản {endpoint.username}",
            en=f"{endpoint} broke off while {endpoint.username} was logging in",
        )
    )
