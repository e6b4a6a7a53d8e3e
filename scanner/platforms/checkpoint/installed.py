"""Whether the rules of the management server are those that the gateway has.

What an administrator publishes takes effect when the policy is installed. `show
gateways-and-servers` tells which package is installed on a gateway, and since when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inventory.text import Text
from scanner.platforms.checkpoint.gateway import Gateway
from scanner.platforms.checkpoint.layers import Layer
from scanner.platforms.checkpoint.objects import Thing, text
from scanner.platforms.checkpoint.saved import Saved


def why_not_installed(
    found: Saved, gateway: Gateway | None, package: Thing | None, layers: Iterable[Layer]
) -> Text | None:
    """Why the gateway does not follow these rules; None where nothing says so."""
    told = [policy for uid, policy in found.installed if gateway and uid == gateway.uid]
    for policy in told:
        if policy.get("access-policy-installed") is False:
            return NOT_INSTALLED
        name = text(policy.get("access-policy-name"))
        if package is not None and name and name != package.name:
            return ANOTHER
        since = _moment(policy.get("access-policy-installation-date"))
        changed = [_changed(one.data) for layer in layers for one in layer.entries]
        if since is not None and any(moment is not None and moment > since for moment in changed):
            return CHANGED
    return None


def _changed(rule: Mapping[str, Any]) -> int | None:
    about = rule.get("meta-info")
    return _moment(about.get("last-modify-time")) if isinstance(about, dict) else None


def _moment(value: Any) -> int | None:
    """Milliseconds since 1970."""
    posix = value.get("posix") if isinstance(value, dict) else None
    return posix if isinstance(posix, int) and not isinstance(posix, bool) else None


NOT_INSTALLED = Text(
    vi="chính sách truy cập chưa được cài trên thiết bị, theo `show gateways-and-servers`",
    en="no access policy is installed on the gateway, says `show gateways-and-servers`",
)
ANOTHER = Text(
    vi="thiết bị đang chạy gói chính sách khác với gói trong tệp; hãy lưu gói đang được cài",
    en="the gateway has another package installed than the one in the documents; save that one",
)
CHANGED = Text(
    vi="có quy tắc được sửa sau lần cài chính sách gần nhất, nên thiết bị chưa chạy theo các quy "
    "tắc này; hãy cài chính sách rồi lưu lại `show gateways-and-servers`",
    en="a rule was changed after the policy was last installed, so the gateway does not follow "
    "these rules yet; install the policy and save `show gateways-and-servers` again",
)
