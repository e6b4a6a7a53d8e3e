"""What a request is called on the allowlist and in the journal."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.collect.errors import Refused
from scanner.collect.web_line import line

PASSWORD = "planted-Secret-7"
CALL = "<methodCall><methodName>{}</methodName></methodCall>"


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (None, "POST /x"),
        ({}, "POST /x"),
        ({"b": "2", "a": "callinfo all;"}, "POST /x b=2&a=callinfo all;"),
        ({"user": "admin", "key": PASSWORD}, "POST /x user=admin&key={{password}}"),
        ({"key": "{{password}}"}, "POST /x key={{password}}"),
        ({"a": "1&b=2"}, "POST /x a=1%26b%3D2"),
        ({"a=1&b": "2"}, "POST /x a%3D1%26b=2"),
        ({"a": "%26"}, "POST /x a=%2526"),
        ({"a": "x\ny"}, "POST /x a=x%0Ay"),
        ({"a": "đ ê"}, "POST /x a=đ ê"),
    ],
)
def test_a_form_is_named_by_its_fields_in_order(form: Any, expected: str) -> None:
    assert line("POST", "/x", form, None, PASSWORD) == expected


def test_without_a_password_an_empty_value_is_not_taken_for_one() -> None:
    assert line("POST", "/x", {"a": ""}, None, None) == "POST /x a="
    assert line("POST", "/x", {"a": ""}, None, "") == "POST /x a="


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (CALL.format("device.query"), "POST /RPC2 device.query"),
        (CALL.format("\n device.query "), "POST /RPC2 device.query"),
        (f'<?xml version="1.0"?>\n<!-- x -->{CALL.format("a.b")}', "POST /RPC2 a.b"),
    ],
)
def test_a_call_is_named_by_its_method(xml: str, expected: str) -> None:
    assert line("POST", "/RPC2", None, xml, PASSWORD) == expected


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "device.query",
        "<methodCall/>",
        "<methodCall><methodName>device.query</methodName>",
        CALL.format(""),
        CALL.format("device.query conference.destroy"),
        CALL.format("device.query</methodName><methodName>device.restart"),
        CALL.format("device.<b/>query"),
        CALL.format("{{password}}"),
        CALL.format("device.query").replace("methodCall", "methodResponse"),
        f"<x>{CALL.format('device.query')}</x>",
        f'<!DOCTYPE x [<!ENTITY e "device.query">]>{CALL.format("&e;")}',
    ],
)
def test_a_call_whose_method_cannot_be_read_is_refused(xml: str) -> None:
    with pytest.raises(Refused):
        line("POST", "/RPC2", None, xml, PASSWORD)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/x a=1"),
        ("POST", "/x\ty"),
        ("POST", "/x\r\nGET /y"),
        ("POST", "/đ"),
        ("POST", "x"),
        ("POST", ""),
        ("POST /x", "/y"),
        ("post", "/x"),
    ],
)
def test_no_path_can_pass_for_a_path_with_a_form(method: str, path: str) -> None:
    with pytest.raises(Refused):
        line(method, path, None, None, None)


def test_a_request_has_one_body() -> None:
    with pytest.raises(Refused):
        line("POST", "/RPC2", {"a": "1"}, CALL.format("device.query"), None)
