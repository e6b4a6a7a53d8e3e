"""Why a device could not be read. Every failure carries a reason for the report and no secret."""

from __future__ import annotations

from inventory.text import Text


class CollectError(Exception):
    """Something was asked and not answered. `reason` goes into the finding as it is."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class Unreachable(CollectError):
    """No answer at all: switched off, not connected, or filtered on the way."""


class Silent(CollectError):
    """A datagram got no answer, which tells neither that the device is off nor what it refuses."""


class LoginRefused(CollectError):
    """The device answered and did not accept the credential."""


class IdentityChanged(CollectError):
    """The host key or certificate is not the pinned one; nothing secret was sent."""


class NotPinned(IdentityChanged):
    """No host key or certificate is pinned; nothing secret was sent."""


class Busy(CollectError):
    """Somebody is logged in, or a call is up: asked to come back later."""


class Refused(Exception):
    """A family module tried to send something outside its allowlist: an error of the module."""
