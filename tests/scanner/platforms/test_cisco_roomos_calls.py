"""Cisco codecs: calls in progress, and accounts without a password."""

from __future__ import annotations

import pytest

from rules.facts import DeviceAccount, Unknown
from scanner.platforms.cisco_roomos import read
from tests.scanner.platforms.roomos_documents import document, status, told

# --- calls ---------------------------------------------------------------------------------------

CALLS = [
    ("0", "", 0),
    ("2", "", 2),
    ("0", "*s SystemUnit State System: InCall\n", 1),
    ("0", "*s SystemUnit State System: Multisite\n", 2),
    ("0", "*s SystemUnit State System: Sleeping\n", 0),
    ("0", "*s Call 12 Status: Connecting\n", 1),
    ("0", '*s Call 12 Status: Connected\n*s Call 12 Encryption Type: "AES-256"\n', 1),
    ("0", "*s Call 3 Status: OnHold\n*s Call 4 Status: Connected\n", 2),
    ("0", "*s Call 3 Status: Idle\n", 0),
    ("many", "", None),
]


@pytest.mark.parametrize(("active", "more", "expected"), CALLS)
def test_a_call_in_progress(active, more, expected):
    assert told(status(active=active, more=more)).get("call.active") == expected


def test_of_two_answers_about_calls_the_busier_one_counts():
    for pair in ([status(active="0"), status(active="3")], [status(active="3"), status()]):
        assert told(*pair)["call.active"] == 3


def test_the_encryption_of_a_call_is_not_that_of_the_device():
    text = status(more='*s Call 12 Status: Connected\n*s Call 12 Encryption Type: "None"\n')
    assert "call.encryption" not in told(text)


# --- accounts ------------------------------------------------------------------------------------

DIAGNOSTICS = (
    '*s Diagnostics Message 1 Description: "x"\n*s Diagnostics Message 1 Level: {level}\n'
    "*s Diagnostics Message 1 Type: ValidPasswords\n** end\n\nOK\n"
)


def users(*names):
    text = "*r UserListResult (status=OK): \n"
    for number, name in enumerate(names, 1):
        text += f"*r UserListResult User {number} Active: True\n"
        text += f"*r UserListResult User {number} Blocked: False\n"
        text += f"*r UserListResult User {number} Roles 1 Role: Admin\n"
        text += f'*r UserListResult User {number} Username: "{name}"\n'
    return text + "** end\n\nOK\n"


def test_an_account_without_password_is_told_when_there_is_only_one():
    assert told(users("admin"), DIAGNOSTICS.format(level="Critical"))["accounts"] == (
        DeviceAccount("admin", "admin", administrator=True, enabled=True, password_set=False),
    )
    several = told(users("admin", "hop"), DIAGNOSTICS.format(level="Critical"))["accounts"]
    assert [account.password_set for account in several] == [None, None]
    fine = told(users("admin"), DIAGNOSTICS.format(level="OK"))["accounts"]
    assert [account.password_set for account in fine] == [None]


def test_that_some_account_has_no_password_is_the_reason_without_a_list():
    found = read([document(DIAGNOSTICS.format(level="Critical"))]).facts["accounts"]
    assert isinstance(found, Unknown)
    assert "has no password" in found.reason.en
    assert [citation.line for citation in found.citations] == [3]


def test_calls_of_the_past_and_the_list_of_commands_are_no_call():
    history = (
        '\n<?xml version="1.0"?>\n<Command><CallHistoryGetResult status="OK">\n'
        '<Entry item="0" maxOccurrence="n"><CallId>3</CallId><Status>Connected</Status>'
        "<EncryptionType>None</EncryptionType></Entry>\n</CallHistoryGetResult></Command>\n"
    )
    commands = (
        "<Command><UserManagement><User><Add command='True'><Active item='1'/>"
        "<Username item='1'/></Add></User></UserManagement></Command>\n"
    )
    assert told(history) == {}
    assert told(commands) == {}
