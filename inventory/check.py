"""What must agree between the parts of an inventory: ids, references, addresses, periods."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import ip_network

from inventory.addressing import address_remarks
from inventory.credentials import credential_remarks
from inventory.document_checks import document_remarks
from inventory.draft import Draft, Remark
from inventory.expectations import Path
from inventory.model import WHOLE_SYSTEM
from inventory.ports import port_list, port_range
from inventory.problems import joined, shown, suggestion
from inventory.readings import Period
from inventory.text import Text
from inventory.waivers import waiver_remarks

MOST_SUGGESTIONS = 20

_HOST_KEY = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")
_CERTIFICATE = re.compile(r"[0-9A-Fa-f]{64}|[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31}")


def cross_check(draft: Draft) -> list[Remark]:
    """Every disagreement found, in no particular order; grave ones make the file unusable."""
    checks: tuple[Callable[[Draft], Iterable[Remark]], ...] = (
        _duplicate_ids,
        _references,
        _service_ends,
        _service_ports,
        _port_lists,
        _pins,
        _vantage_points,
        _periods,
        _readings,
        waiver_remarks,
        address_remarks,
        credential_remarks,
        document_remarks,
    )
    return [remark for check in checks for remark in check(draft)]


def _duplicate_ids(draft: Draft) -> Iterator[Remark]:
    for placed_ids in draft.ids.values():
        counts = Counter(placed.value for placed in placed_ids)
        seen: set[str] = set()
        for placed in placed_ids:
            if placed.value in seen:
                value = shown(placed.value)
                yield Remark(
                    placed.path,
                    Text(
                        vi=f"mã {value} được dùng {counts[placed.value]} lần; mỗi mã chỉ một lần",
                        en=f"the id {value} is used {counts[placed.value]} times; ids are unique",
                    ),
                )
            seen.add(placed.value)


def _references(draft: Draft) -> Iterator[Remark]:
    wanted: list[tuple[str | None, Path, str, Text]] = []
    site, zone, device = (
        Text(vi="điểm cầu", en="site"),
        Text(vi="vùng mạng", en="zone"),
        Text(vi="thiết bị", en="device"),
    )
    for z in draft.zones:
        wanted.append((z.value.site, (*z.path, "site"), "sites", site))
        wanted.append((z.value.gateway, (*z.path, "gateway"), "devices", device))
        wanted.append((z.value.within, (*z.path, "within"), "zones", zone))
    for d in draft.devices:
        wanted.append((d.value.site, (*d.path, "site"), "sites", site))
    for v in draft.vantage_points:
        wanted.append((v.value.zone, (*v.path, "zone"), "zones", zone))
    for m in draft.meetings:
        for index, name in enumerate(m.value.sites):
            wanted.append((name, (*m.path, "sites", index), "sites", site))
    for a in draft.attestations:
        if a.value.subject != WHOLE_SYSTEM:
            wanted.append((a.value.subject, (*a.path, "subject"), "sites", site))
    if draft.readings is not None:
        for index, name in enumerate(draft.readings.value.related_servers):
            path = (*draft.readings.path, "related_servers", index)
            wanted.append((name, path, "devices", device))
    known = {section: draft.known(section) for section in ("sites", "zones", "devices")}
    missing = (w for w in wanted if w[0] is not None and w[0] not in known[w[2]])
    for number, (reference, path, section, what) in enumerate(missing):
        # Looking for the nearest word is slow; after a while the reader has seen the pattern.
        candidates = known[section] if number < MOST_SUGGESTIONS else ()
        yield Remark(path, _no_such(what, reference or "", candidates))


def _no_such(what: Text, reference: str, known: Iterable[str]) -> Text:
    return joined(
        Text(
            vi=f"không có {what.vi} nào mang mã {shown(reference)}",
            en=f"there is no {what.en} with the id {shown(reference)}",
        ),
        suggestion(reference, known),
    )


def _service_ends(draft: Draft) -> Iterator[Remark]:
    known = draft.known("zones", "devices")
    both = draft.known("zones") & draft.known("devices")
    for service in draft.services:
        for key in ("sources", "destinations"):
            ends: Sequence[str] = getattr(service.value, key)
            for index, end in enumerate(ends):
                path = (*service.path, key, index)
                if end in both:
                    yield Remark(path, _AMBIGUOUS.format(end=shown(end)))
                elif end not in known and not _is_prefix(end):
                    yield Remark(
                        path, joined(_NO_END.format(end=shown(end)), suggestion(end, known))
                    )


def _is_prefix(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _service_ports(draft: Draft) -> Iterator[Remark]:
    for service in draft.services:
        ports = service.value.ports
        if service.value.protocol == "icmp":
            if ports:
                yield Remark((*service.path, "ports"), _ICMP_PORTS)
        elif not ports:
            yield Remark(service.path, _NO_PORTS)
        for index, text in enumerate(ports):
            if not _reads(port_range, text):
                yield Remark((*service.path, "ports", index), _BAD_PORT.format(text=shown(text)))


def _port_lists(draft: Draft) -> Iterator[Remark]:
    if draft.scan is None:
        return
    for key in ("tcp_ports", "udp_ports", "exposure_ports"):
        text = getattr(draft.scan.value, key)
        if not _reads(port_list, text):
            yield Remark((*draft.scan.path, key), _BAD_PORTS.format(text=shown(text)))


def _reads(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _pins(draft: Draft) -> Iterator[Remark]:
    keys = [(d.value.host_key, d.path) for d in draft.devices]
    keys += [(v.value.host_key, v.path) for v in draft.vantage_points]
    for key, path in keys:
        if key is not None and not _HOST_KEY.fullmatch(key):
            yield Remark((*path, "host_key"), _BAD_HOST_KEY)
    for device in draft.devices:
        certificate = device.value.certificate
        if certificate is not None and not _CERTIFICATE.fullmatch(certificate):
            yield Remark((*device.path, "certificate"), _BAD_CERTIFICATE)


def _vantage_points(draft: Draft) -> Iterator[Remark]:
    for placed in draft.vantage_points:
        if placed.value.via == "ssh" and placed.value.address is None:
            yield Remark(placed.path, _NO_ADDRESS)
        if placed.value.via == "ssh" and placed.value.credential is None:
            yield Remark(placed.path, _NO_CREDENTIAL)
    local = [p for p in draft.vantage_points if p.value.via == "local"]
    for placed in local[1:]:
        yield Remark((*placed.path, "via"), _SECOND_LOCAL)


def _periods(draft: Draft) -> Iterator[Remark]:
    periods = [(s.value.valid_from, s.value.valid_to, s.path) for s in draft.sites]
    if (approval := draft.approval) is not None:
        periods.append((approval.value.valid_from, approval.value.valid_to, approval.path))
    for start, end, path in periods:
        if start is not None and end is not None and end < start:
            yield Remark((*path, "valid_to"), _ENDS_BEFORE.format(start=start, end=end))
    for meeting in draft.meetings:
        if meeting.value.end <= meeting.value.start:
            yield Remark((*meeting.path, "end"), _MEETING_ENDS_BEFORE)


def _readings(draft: Draft) -> Iterator[Remark]:
    if draft.readings is None:
        return
    retention: Period = draft.readings.value.retention_min
    if retention.unit == "day":
        yield Remark((*draft.readings.path, "retention_min"), _NEEDS_DECISION, grave=False)


_AMBIGUOUS = Text(
    vi="{end} vừa là mã vùng mạng vừa là mã thiết bị; đổi một trong hai mã",
    en="{end} is the id of a zone and of a device; rename one of them",
)
_NO_END = Text(
    vi="{end} không phải là mã vùng mạng, mã thiết bị hay dải địa chỉ",
    en="{end} is neither the id of a zone, nor of a device, nor a prefix",
)
_ICMP_PORTS = Text(vi="icmp không có cổng; bỏ mục này", en="icmp has no ports; remove this key")
_NO_PORTS = Text(
    vi='thiếu mục "ports"; ghi các cổng được phép, mọi cổng là 1-65535',
    en='the key "ports" is missing; write the permitted ports, 1-65535 for all of them',
)
_BAD_PORT = Text(
    vi='cần một cổng hoặc khoảng cổng như 5060 hay "49152-65535", đã ghi {text}',
    en='expected a port or a range such as 5060 or "49152-65535", found {text}',
)
_BAD_PORTS = Text(
    vi="cần danh sách cổng như 22,80,5060-5061, đã ghi {text}",
    en="expected a list of ports such as 22,80,5060-5061, found {text}",
)
_BAD_HOST_KEY = Text(
    vi="cần dấu vân tay khóa SSH dạng SHA256:... gồm 43 ký tự, như lệnh ssh-keygen -lf in ra",
    en="expected an SSH key fingerprint, SHA256:... of 43 characters, as ssh-keygen -lf prints it",
)
_BAD_CERTIFICATE = Text(
    vi="cần dấu vân tay SHA-256 của chứng thư số: 64 chữ số thập lục phân",
    en="expected the SHA-256 fingerprint of the certificate: 64 hexadecimal digits",
)
_NO_ADDRESS = Text(
    vi='điểm quét "via: ssh" cần mục "address" để kết nối tới',
    en='a vantage point with "via: ssh" needs the key "address" to connect to',
)
_NO_CREDENTIAL = Text(
    vi='điểm quét "via: ssh" cần mục "credential" để đăng nhập',
    en='a vantage point with "via: ssh" needs the key "credential" to log in',
)
_SECOND_LOCAL = Text(
    vi='chỉ một điểm quét có thể là "via: local" (máy đang chạy hnth)',
    en='only one vantage point can be "via: local" (the host that runs hnth)',
)
_ENDS_BEFORE = Text(
    vi="ngày kết thúc {end} trước ngày bắt đầu {start}",
    en="ends on {end}, before it begins on {start}",
)
_MEETING_ENDS_BEFORE = Text(
    vi="cuộc họp phải kết thúc sau khi bắt đầu",
    en="a meeting must end after it begins",
)
_NEEDS_DECISION = Text(
    vi="tính thời gian lưu theo ngày (A-02) cần có quyết định bằng văn bản",
    en="counting retention in days (A-02) needs a written decision",
)
