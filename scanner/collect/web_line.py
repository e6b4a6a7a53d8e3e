"""What a request is called: on the allowlist, in the journal, as the source of its answer.

`METHOD path`, then for a form its fields in order and for an XML-RPC call the name of its method:

    GET /systemstatus.xml
    POST /form.cgi user=admin&secret={{password}}
    POST /RPC2 device.query

So what an address does for one body and not for another can be allowed for the one alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from scanner.collect.errors import Refused

PASSWORD = "{{password}}"  # noqa: S105 - stands for one
"""Stands for the password in a form, in XML and in the name of a request."""

_METHOD = re.compile(r"[A-Z]{1,10}")
_PATH = re.compile(r"/[!-~]*")
_CALL = re.compile(r"[A-Za-z0-9_.:/]{1,100}")
_MARKS = re.compile(r"[%&=\x00-\x1f\x7f]")
"""What would make two fields look like one, or one like two."""


def line(
    method: str, path: str, form: Mapping[str, str] | None, xml: str | None, password: str | None
) -> str:
    """The name of a request; two requests that differ in method, path, form or call differ in it.

    Raises `Refused` where that could not hold: white space in the path, XML that is no call.
    """
    if not _METHOD.fullmatch(method) or not _PATH.fullmatch(path):
        raise Refused("a request needs a method and a path of printable ASCII without spaces")
    if form is not None and xml is not None:
        raise Refused(f"{method} {path} cannot carry a form and XML")
    if xml is not None:
        return f"{method} {path} {_called(method, path, xml)}"
    if form:
        fields = (f"{_shown(name)}={_value(value, password)}" for name, value in form.items())
        return f"{method} {path} {'&'.join(fields)}"
    return f"{method} {path}"


def _value(value: str, password: str | None) -> str:
    return PASSWORD if password and value == password else _shown(value)


def _shown(text: str) -> str:
    return _MARKS.sub(lambda mark: f"%{ord(mark[0]):02X}", text)


def _called(method: str, path: str, xml: str) -> str:
    try:
        root = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        raise Refused(f"the body of {method} {path} is not XML that can be read") from None
    names = [child for child in root if child.tag == "methodName"]
    name = (names[0].text or "").strip() if len(names) == 1 and not len(names[0]) else ""
    if root.tag != "methodCall" or not _CALL.fullmatch(name):
        raise Refused(f"the body of {method} {path} does not name the method that it calls")
    return name
