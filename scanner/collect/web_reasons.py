"""Why an HTTPS request gave nothing: one reason per way to fail, none with what was sent in it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import httpx

from inventory.text import Text
from scanner.collect.errors import (
    CollectError,
    IdentityChanged,
    LoginRefused,
    NotPinned,
    Unreachable,
)


def failure(error: Exception, where: str, what: str, late: bool) -> CollectError:
    """What to tell a person; the exception's own text may hold what was sent and is dropped."""
    if late or isinstance(error, (httpx.ReadTimeout, httpx.WriteTimeout)):
        return CollectError(_TOO_SLOW.format(where=where, what=what))
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout)):
        if _is_tls(error):
            return CollectError(_NO_TLS.format(where=where))
        if _is_refused(error):
            return Unreachable(_CLOSED.format(where=where))
        return Unreachable(_UNREACHABLE.format(where=where))
    return CollectError(_BROKEN.format(where=where, what=what))


def unexpected_status(status: int, where: str, what: str, user: str) -> CollectError:
    """`LoginRefused` for 401 and 403, `CollectError` for any other status."""
    if status in {401, 403}:
        return LoginRefused(_REFUSED.format(where=where, what=what, status=status, user=user))
    return CollectError(_STATUS.format(where=where, what=what, status=status))


def too_long(where: str, what: str) -> CollectError:
    return CollectError(_TOO_LONG.format(where=where, what=what))


def encoded(where: str, what: str) -> CollectError:
    return CollectError(_ENCODED.format(where=where, what=what))


def no_token(where: str, name: str) -> CollectError:
    return CollectError(_NO_TOKEN.format(where=where, name=name))


def no_scheme(where: str, schemes: str) -> CollectError:
    """The device wants a login of a kind that is not offered; nothing secret was sent."""
    return CollectError(_NO_SCHEME.format(where=where, schemes=schemes))


def _is_tls(error: BaseException) -> bool:
    """The TCP connection stood and the TLS handshake on it failed."""
    return any(isinstance(cause, ssl.SSLError) for cause in _causes(error))


def _is_refused(error: BaseException) -> bool:
    """Something answered that nobody listens on the port."""
    return any(isinstance(cause, ConnectionRefusedError) for cause in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def not_pinned(where: str, seen: str) -> NotPinned:
    return NotPinned(_NOT_PINNED.format(where=where, seen=seen))


def changed(where: str, seen: str) -> IdentityChanged:
    return IdentityChanged(_CHANGED.format(where=where, seen=seen))


_NOT_PINNED = Text(
    vi="chưa ghim chứng thư số của {where} nên chưa đăng nhập; chứng thư đang thấy có SHA-256 "
    "{seen}. Hãy đối chiếu với chứng thư xem tại chính thiết bị, rồi ghi `certificate: {seen}` vào "
    "tệp khai báo",
    en="no certificate is pinned for {where}, so there was no login; the certificate seen has the "
    "SHA-256 {seen}. Compare it with the one shown on the device itself, then put "
    "`certificate: {seen}` into the inventory",
)
_CHANGED = Text(
    vi="chứng thư số của {where} không phải chứng thư đã ghim (đang thấy SHA-256 {seen}); chưa gửi "
    "thông tin bí mật nào. Hãy làm rõ thiết bị đã thay chứng thư hay có thiết bị khác chen giữa "
    "kết nối",
    en="the certificate of {where} is not the pinned one (SHA-256 seen: {seen}); nothing secret "
    "was sent. Find out whether the device got a new certificate or something stands in between",
)
_UNREACHABLE = Text(
    vi="thiết bị đang tắt hoặc không kết nối được: {where} (HTTPS) không trả lời",
    en="the device is off or cannot be reached: no answer from {where} (HTTPS)",
)
_CLOSED = Text(
    vi="thiết bị đang tắt hoặc không kết nối được: {where} từ chối kết nối HTTPS. Nếu thiết bị chỉ "
    "bật HTTP không mã hóa thì hnth không đăng nhập, vì mật khẩu sẽ đi trên mạng ở dạng rõ; hãy "
    "bật HTTPS trên thiết bị hoặc nộp tệp cấu hình đã lưu",
    en="the device is off or cannot be reached: {where} refuses HTTPS connections. Where only "
    "plain HTTP is on, hnth does not log in, because the password would cross the network in "
    "clear; switch HTTPS on, or hand in the saved settings",
)
_NO_TLS = Text(
    vi="{where} có trả lời nhưng không bắt tay TLS được; chưa gửi thông tin bí mật nào, vì trên "
    "kết nối không mã hóa mật khẩu sẽ đi ở dạng rõ. Hãy kiểm tra lại cổng HTTPS đã khai báo và "
    "bật HTTPS trên thiết bị",
    en="{where} answers but the TLS handshake failed; nothing secret was sent, because without "
    "encryption the password would cross the network in clear. Check the HTTPS port in the "
    "inventory and switch HTTPS on",
)
_NO_SCHEME = Text(
    vi="{where} đòi kiểu đăng nhập mà hnth không có ({schemes}); chưa gửi mật khẩu. Hãy nộp tệp "
    "cấu hình đã lưu",
    en="{where} asks for a kind of login that hnth does not offer ({schemes}); the password was "
    "not sent. Hand in the saved settings",
)
_TOO_SLOW = Text(
    vi="{where} trả lời quá chậm cho yêu cầu `{what}`; đã ngắt kết nối, hãy thử lại khi mạng rảnh",
    en="{where} answered `{what}` too slowly and was hung up on; try again when the network "
    "is quiet",
)
_TOO_LONG = Text(
    vi="{where} trả lời `{what}` dài hơn 8 MB; đã ngắt kết nối và không dùng phần đã nhận",
    en="{where} answered `{what}` with more than 8 MB; hung up, nothing of it was used",
)
_ENCODED = Text(
    vi="{where} trả lời `{what}` ở dạng nén dù không được yêu cầu; nội dung không được dùng",
    en="{where} answered `{what}` compressed without being asked to; the content was not used",
)
_BROKEN = Text(
    vi="{where} ngắt kết nối hoặc trả lời sai giao thức HTTP khi được hỏi `{what}`",
    en="{where} broke off or did not speak HTTP when asked `{what}`",
)
_STATUS = Text(
    vi="{where} trả lời `{what}` bằng mã trạng thái HTTP {status} ngoài dự kiến",
    en="{where} answered `{what}` with the unexpected HTTP status {status}",
)
_REFUSED = Text(
    vi="{where} từ chối tài khoản `{user}` (HTTP {status}, `{what}`); chỉ thử một lần để không bị "
    "khóa tài khoản. Hãy kiểm tra tài khoản đọc cấu hình trong tệp khai báo",
    en="{where} refused the account `{user}` (HTTP {status}, `{what}`); tried only once, so as not "
    "to lock it. Check the account in the inventory",
)
_NO_TOKEN = Text(
    vi="{where} không cấp mã phiên `{name}` sau khi đăng nhập",
    en="{where} gave no session token `{name}` after the login",
)
