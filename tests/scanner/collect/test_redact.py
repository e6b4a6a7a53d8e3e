"""What `redact` must take out, what it must leave, and that lines stay where they are."""

from __future__ import annotations

import base64
import json
import re
import time
from html import escape
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from defusedxml.ElementTree import ParseError, fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.collect.redact import MARKER, redact

SECRET = 'Đồng-Tháp "6&7"/\\ <ok>'

OUT = {
    "plain": SECRET,
    "json": json.dumps({"x": SECRET}),
    "json not ascii": json.dumps({"x": SECRET}, ensure_ascii=False),
    "json in json": json.dumps({"data": json.dumps({"x": SECRET})}),
    "xml": f"<a>{escape(SECRET)}</a>",
    "xml attribute": f"<a b={json.dumps(escape(SECRET), ensure_ascii=False)}/>",
    "xml numeric": "<a>" + "".join(f"&#x{ord(c):X};" for c in SECRET) + "</a>",
    "url": "GET /login/" + quote(SECRET, safe=""),
    "url lower": re.sub("%..", lambda m: m[0].lower(), quote(SECRET, safe="")),
    "form": "user=a&x=" + quote_plus(SECRET),
    "mixed": "Đ%E1%BB%93ng-Th&#225;p+\\u0022" + '6&amp;7"\\/\\\\%20&lt;ok>',
}


@pytest.mark.parametrize("content", OUT.values(), ids=OUT)
def test_a_secret_is_taken_out_in_every_spelling(content: str) -> None:
    cleaned = redact(content.encode(), [SECRET])
    assert b"redacted" in cleaned
    for piece in ("Đồng", "Th\\u00e1p", "Tháp", "6&7", "6&amp;7", "%20", "\\u1ed3", "ok"):
        assert piece.encode() not in cleaned


@pytest.mark.parametrize("user", ["a", "ab", "abc", "quản trị"])
@pytest.mark.parametrize("after", ["", "x", "yz"])
def test_a_secret_in_base64_is_taken_out_wherever_it_begins(user: str, after: str) -> None:
    encoded = base64.b64encode(f"{user}:correct horse{after}".encode())
    assert redact(b"x " + encoded + b" y", ["correct horse"]) == b"x " + MARKER + b" y"


KEYS = [
    ('{"password": "hunter22", "model": "x"}', '{"password": "<redacted>", "model": "x"}'),
    ('{"password": "a\\"b", "n": 1}', '{"password": "<redacted>", "n": 1}'),
    ('{"d": "{\\"passwd\\": \\"a\\\\\\"b\\"}"}', '{"d": "{\\"passwd\\": \\"<redacted>\\"}"}'),
    ('{"pin": 1234, "n": 1}', '{"pin": "<redacted>", "n": 1}'),
    ('{"session": {"n": 1}}', '{"session": {"n": 1}}'),
    ('{"banner": "Password:", "n": 1}', '{"banner": "Password:", "n": 1}'),
    ('{"b": "x password=12\\r\\nEND", "n": 1}', '{"b": "x password=<redacted>", "n": 1}'),
    ('["d: {\\"pin\\": 12, \\"n\\": 1}"]', '["d: {\\"pin\\": \\"<redacted>\\", \\"n\\": 1}"]'),
    ('{"acCSRFToken": "abc"}', '{"acCSRFToken": "<redacted>"}'),
    ("<Password>hunter</Password>", "<Password>&lt;redacted&gt;</Password>"),
    ("<P><Password a='1'>x</Password></P>", "<P><Password a='1'>&lt;redacted&gt;</Password></P>"),
    (
        "<Password><![CDATA[a<b]]></Password>",
        "<Password>&lt;redacted&gt;</Password>",
    ),
    ("<a rejectPrevPassword='hunter2'/>", "<a rejectPrevPassword='&lt;redacted&gt;'/>"),
    ("<a password='x y'/>", "<a password='&lt;redacted&gt;'/>"),
    ('v:management.snmp.community:"th4nh"', 'v:management.snmp.community:"<redacted>"'),
    ('v:management.snmp.community:"public"', 'v:management.snmp.community:"public"'),
    ('*c xConfiguration CommunityName: "x1"', '*c xConfiguration CommunityName: "<redacted>"'),
    ("snmp-server community public RO", "snmp-server community public RO"),
    ("snmp-server community x1y2 RO", "snmp-server community <redacted> RO"),
    ('snmpcommunity "x1y2"', "snmpcommunity <redacted>"),
    ('snmpcommunity "public"', 'snmpcommunity "public"'),
    ("model,HDX\nmeetingpassword,x1y2\nc,no", "model,HDX\nmeetingpassword,<redacted>\nc,no"),
    ("snmpcommunity,x1y2", "snmpcommunity,<redacted>"),
    ("snmpcommunity,public", "snmpcommunity,public"),
    ("meetingpassword,", "meetingpassword,"),
    ("remotepassword,None", "remotepassword,None"),
    ("pwcreatetimemaxroom,1300000000000", "pwcreatetimemaxroom,1300000000000"),
    ("name,password,role", "name,password,role"),
    ("rocommunity s3cr 10.0.0.0/8", "rocommunity <redacted> 10.0.0.0/8"),
    ("enable secret 5 $1$ab$cdefg", "enable secret 5 <redacted>"),
    ("username a password 7 0822455D0A16", "username a password 7 <redacted>"),
    (" pre-shared-key cipher %^%#a b c%^%#", " pre-shared-key cipher <redacted>"),
    ("root:$6$salt$hash.hash/hash:19000:0", "root:<redacted>:19000:0"),
    ("Authorization: Basic YWJjOmRlZg==\r\nHost: x", "Authorization: <redacted>\r\nHost: x"),
    ("Set-Cookie: session_id=42; Path=/", "Set-Cookie: <redacted>"),
    ("GET /x?user=a&password=b&n=1 HTTP/1.1", "GET /x?user=a&password=<redacted>&n=1 HTTP/1.1"),
    ("Password : pass with spaces", "Password : <redacted>"),
    ("Server 1 Key: \"abc\"", "Server 1 Key: \"<redacted>\""),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), KEYS)
def test_values_of_secret_keys_are_taken_out(content: str, expected: str) -> None:
    assert redact(content.encode(), []).decode() == expected


LEFT = [
    "*c xConfiguration UserManagement PasswordPolicy Complexity MinimumLength: 8",
    "*c xConfiguration Security Session InactivityTimeout: 10",
    "*r UserListResult User 1 PassphraseExpired: False",
    "USERNAME ROLE PASSWORD EXPIRY LOGGED IN",
    "admin admin 2027-Nov-05 yes",
    "Last password change: 2026-01-02",
    "password_age 180",
    "PermitEmptyPasswords no",
    "PasswordAuthentication yes",
    '"name": "system.status.meetingpassword",',
    'v:security.remoteaccess.serialport.loginmode:"adminpassword"',
    'v:system.pki.scep.scepchallengepwchanged:"False"',
    'sec.auth.admin.room.password.minLength="8"',
    'sec.auth.remote.password.rejectPrevPassword="12"',
    '"password": "***"',
    "Password: none",
    "tcp dport { 22, 445 } ct state new accept",
    "",
]


@pytest.mark.parametrize("content", LEFT)
def test_settings_that_hold_no_secret_are_left_alone(content: str) -> None:
    assert redact(content.encode(), ["Xk93-planted"]).decode() == content


def test_a_private_key_is_taken_out_and_its_lines_are_kept() -> None:
    key = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\nabcd\n-----END EC PRIVATE KEY-----"
    assert redact(f"a\n{key}\nb".encode(), []) == b"a\n<redacted>\n\n\n\nb"
    assert redact(f"a\n{key[:35]}".encode(), []) == b"a\n<redacted>\n"


def test_the_lines_of_a_secret_key_are_secrets_too() -> None:
    key = "-----BEGIN KEY-----\nAAAAB3NzaC1yc2EAAAADAQAB\n-----END KEY-----"
    assert b"AAAAB3" not in redact(b"found AAAAB3NzaC1yc2EAAAADAQAB here", [key])


def test_a_short_secret_goes_only_where_it_is_a_word() -> None:
    assert redact(b"x abc y xabcx", ["abc"]) == b"x <redacted> y xabcx"


def test_the_order_of_secrets_does_not_matter_when_one_holds_the_other() -> None:
    assert redact(b"hunter22", ["hunter", "hunter22"]) == MARKER


PLANTED = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="<>&;%"), min_size=4
).filter(
    lambda s: s.strip() == s and len(s.strip()) >= 4 and s not in "<redacted> &lt;redacted&gt;"
)


@settings(max_examples=150, deadline=None)
@given(PLANTED, st.text(max_size=30), st.text(max_size=30))
def test_no_planted_secret_survives(secret: str, before: str, after: str) -> None:
    for planted in (secret, json.dumps(secret)[1:-1], escape(secret), quote(secret)):
        content = f"{before}\n{planted}\n{after}".encode(errors="replace")
        cleaned = redact(content, [secret])
        assert planted.encode() not in cleaned.replace(MARKER, b"").replace(
            b"&lt;redacted&gt;", b""
        )
        assert cleaned.count(b"\n") == content.count(b"\n")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_keep_their_lines_and_a_second_pass_changes_nothing(content: bytes) -> None:
    once = redact(content, ["planted secret"])
    assert once.count(b"\n") == content.count(b"\n")
    assert redact(once, ["planted secret"]) == once


_TOKENS = st.sampled_from(
    [*"\"\\':=<>{},& \n", "password", "Community", "public", "token", "abc", "$6$x$y", "x=", "?"]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(_TOKENS, max_size=25).map("".join))
def test_a_second_pass_over_anything_like_a_configuration_adds_no_lines(content: str) -> None:
    once = redact(content.encode(), ["abc"])
    assert once.count(b"\n") == content.count("\n")
    assert redact(once, ["abc"]).count(b"\n") == content.count("\n")


@pytest.mark.parametrize(
    "unit",
    [b"password: ", b'"password": "', b"password\n", b"a" * 64 + b"\n", b"-----BEGIN ",
     b"<Password>", b"%^%#", b"community ", b" ", b"planted secre", b"$6$"],
)  # fmt: skip
def test_a_megabyte_of_anything_takes_seconds(unit: bytes) -> None:
    content = unit * (1024 * 1024 // len(unit))
    started = time.perf_counter()
    redact(content, ["planted secret"])
    assert time.perf_counter() - started < 10


@pytest.mark.corpus
def test_what_was_json_or_xml_still_is(shared: Path) -> None:
    checked = 0
    for path in sorted((shared / "devices").rglob("*.[jx][sm]*")):
        content = path.read_bytes()
        parse = json.loads if path.suffix == ".json" else fromstring
        try:
            parse(content)
        except (ValueError, ParseError):
            continue
        parse(redact(content, ["admin", "Polycom"]))
        checked += 1
    assert checked > 30


@pytest.mark.timeout(30)
@pytest.mark.parametrize("secret", ["Mat-khau.Bi-mat7", "aaaaaaaaaab", "\\\\\\\\x"])
def test_nothing_but_backslashes_is_searched_in_reasonable_time(secret: str) -> None:
    redact(b"\\" * 1_000_000, [secret])


@pytest.mark.parametrize("escaped", [1, 2, 4, 8])
def test_a_secret_with_backslashes_in_a_row(escaped: int) -> None:
    said = b'value="ab' + b"\\" * (2 * escaped) + b'cd!9Xy"'
    assert b"cd!9Xy" not in redact(said, ["ab\\\\cd!9Xy"])
