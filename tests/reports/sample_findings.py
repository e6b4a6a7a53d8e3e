"""About 120 findings as the rules would word them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import chain

from sample_province import DEVICES, SITES, ZONES, cite

from inventory.text import Text
from rules.facts import Citation
from rules.model import Finding, Outcome, Severity, Subject, SubjectKind
from rules.requirements import REQUIREMENTS

OFF = Text(vi="thiết bị đang tắt hoặc không kết nối được", en="the device is off or unreachable")
NOT_AUTOMATED = Text(
    vi="nội dung này chưa được kiểm tra tự động trong phiên bản này; cần người kiểm tra",
    en="not yet automated in this version; a person has to check it",
)
NOT_SEEN = Text(vi="lần quét này chưa thu được bằng chứng về nội dung này", en="no evidence on it")

RAISED: dict[Severity, Severity] = {"S1": "S1", "S2": "S1", "S3": "S2", "S4": "S3"}


def finding(
    requirement: str,
    subject: str,
    outcome: Outcome,
    vi: str,
    en: str,
    *citations: Citation,
    kind: SubjectKind | None = None,
    attested: bool = False,
) -> Finding:
    card = REQUIREMENTS[requirement]
    kind = kind or card.subject
    device = subject.split("/", maxsplit=1)[0] if kind in {"device", "account"} else None
    site = {
        "device": lambda: DEVICES[device or ""][1],
        "account": lambda: DEVICES[device or ""][1],
        "zone": lambda: ZONES[subject][1],
        "site": lambda: subject,
        "system": lambda: None,
    }[kind]()
    major = device in {"mcu-tinh", "fw-tinh"} or subject == "trung-tam"
    return Finding(
        requirement=requirement,
        subject=Subject(kind, subject),
        outcome=outcome,
        severity=RAISED[card.severity] if major else card.severity,
        reason=Text(vi=vi, en=en),
        remedy=card.remedy if outcome is Outcome.FAIL else None,
        citations=citations,
        fingerprint=hashlib.sha256(f"{requirement}{subject}{en}".encode()).hexdigest()[:32],
        attested=attested,
        not_applicable="no_such_asset" if outcome is Outcome.NA else None,
        site=site,
        device=device,
    )


def failures() -> Iterator[Finding]:
    bad = Outcome.FAIL
    yield finding(
        "D10.1-b",
        "hnth-chau-phu",
        bad,
        "có máy lạ 10.67.101.77 (02:42:0a:43:65:4d) trong phân hệ truyền hình hội nghị",
        "a host that is not in the inventory, 10.67.101.77 (02:42:0a:43:65:4d), is in the segment",
        cite(
            "r-chau-phu",
            "C",
            "ip -j neigh",
            4,
            '{"dst":"10.67.101.77","dev":"hnth","lladdr":"02:42:0a:43:65:4d"}',
        ),
    )
    yield finding(
        "D10.1-g",
        "mcu-tinh",
        bad,
        "danh sách địa chỉ quản trị trên MCU để trống và tường lửa cho phép mọi địa chỉ của vùng "
        "quản trị",
        "the MCU's allowlist of management addresses is empty and the firewall admits every "
        "address of the management zone",
        cite("mcu-tinh", "C", "webadmin", 6, "Allowed hosts : none"),
        cite("fw-tinh", "C", "nft list ruleset", 31, 'iifname "quantri" oifname "hnth" accept'),
    )
    telnet = (
        cite("vcs-chau-phu", "C", "xConfiguration", 212, "*c xConfiguration ... Telnet Mode: On"),
        cite("vcs-chau-phu", "P", "nmap -sT -p 1-65535 10.67.101.10", 9, "23/tcp open telnet"),
    )
    yield finding(
        "D11.1-b",
        "vcs-chau-phu",
        bad,
        "vi phạm cấu hình chuẩn hnth-default 1: telnet đang bật; tự động trả lời cuộc gọi đang bật",
        "breaks the baseline hnth-default 1: telnet is on; auto-answer is on",
        *telnet,
        cite(
            "vcs-chau-phu", "C", "xConfiguration", 57, "*c xConfiguration ... AutoAnswer Mode: On"
        ),
    )
    yield finding(
        "D11.1-b",
        "mcu-tinh",
        bad,
        "vi phạm cấu hình chuẩn hnth-default 1: chứng thư số cổng 445 hết hạn ngày 01/10/2026",
        "breaks the baseline hnth-default 1: the certificate on port 445 expired on 2026-10-01",
        cite("mcu-tinh", "P", "TLS 10.67.10.10:445", 7, "not after: 2026-10-01T00:00:00Z"),
    )
    yield finding(
        "D11.1-c",
        "vcs-chau-phu",
        bad,
        "cổng mở ngoài danh mục cần thiết: 23/tcp (telnet)",
        "open ports outside the needed list: 23/tcp (telnet)",
        *telnet,
    )
    yield finding(
        "D11.1-d",
        "vcs-chau-phu",
        bad,
        "dịch vụ không cần thiết đang bật: telnet",
        "unneeded services are on: telnet",
        *telnet,
    )
    snmp = cite("vcs-chau-phu-2", "P", "snmpget -v2c 10.67.101.11 sysDescr", 1, "answered")
    yield finding(
        "D11.1-d",
        "vcs-chau-phu-2",
        bad,
        "dịch vụ không cần thiết đang bật: SNMP v2c với chuỗi cộng đồng mặc định",
        "unneeded services are on: SNMP v2c with a default community",
        snmp,
    )
    yield finding(
        "D11.1-b",
        "vcs-chau-phu-2",
        bad,
        "vi phạm cấu hình chuẩn hnth-default 1: SNMP v2c với chuỗi cộng đồng mặc định",
        "breaks the baseline hnth-default 1: SNMP v2c with a default community",
        snmp,
    )
    yield finding(
        "D11.2-b",
        "vcs-chau-phu/audit",
        bad,
        "mật khẩu có 7 ký tự, cần ít nhất 8",
        "the password has 7 characters, 8 are needed",
        cite("vcs-chau-phu", "C", "mật khẩu do người giữ cung cấp"),
    )
    yield finding(
        "D11.3-a",
        "vcs-thoai-son",
        bad,
        "phiên bản 6.2.1 cũ hơn phiên bản mới nhất 6.2.2 của hãng, phát hành ngày 14/03/2026",
        "version 6.2.1 is older than the vendor's newest, 6.2.2, released on 2026-03-14",
        cite("vcs-thoai-son", "C", "GET /rest/system", 3, '"softwareVersion": "6.2.1"'),
    )
    yield finding(
        "D12.3-a",
        "vcs-thoai-son",
        bad,
        "không có bản ghi nào kể từ 09/11/2026 06:00, quá 24 giờ",
        "no record since 2026-11-09 06:00, more than 24 hours",
        cite(
            "log-tinh", "C", "giờ có bản ghi trong /var/log/hnth", 88, "10.67.102.10 2026-11-09T06"
        ),
    )
    for requirement in ("D12.5-a", "D12.5-b"):
        yield finding(
            requirement,
            "log-tinh",
            bad,
            "thời gian lưu được đặt là 90 ngày (daily, rotate 90), cần ít nhất 184 ngày",
            "retention is set to 90 days (daily, rotate 90), at least 184 are needed",
            cite("log-tinh", "C", "cat /etc/logrotate.d/hnth", 3, "rotate 90"),
        )


def passes() -> Iterator[Finding]:
    good = Outcome.PASS
    scanned = [d for d in DEVICES if d != "vcs-vinh-trach"]
    rooms = [d for d in scanned if d.startswith(("vcs", "mcu"))]
    for device in rooms:
        yield finding(
            "D10.1-a",
            device,
            good,
            f"địa chỉ {DEVICES[device][2]} nằm trong phân hệ dành riêng trên giao diện hnth",
            f"address {DEVICES[device][2]} lies in a segment of its own on interface hnth",
            cite("fw-tinh", "C", "ip -j addr", 12, '"ifname":"hnth"'),
        )
        yield finding(
            "D11.1-a",
            device,
            good,
            "biên bản rà soát số 17/BB-TTCNTT ngày 05/03/2024, trước ngày đưa vào sử dụng",
            "review record 17/BB-TTCNTT of 2024-03-05, before it was put into use",
            Citation("D", "17/BB-TTCNTT"),
            attested=True,
        )
        yield finding(
            "D11.2-a",
            device,
            good,
            "mọi giao diện quản trị đã thử (https, ssh) đều đòi đăng nhập",
            "every management interface that was tried (https, ssh) asks for a login",
            cite(device, "P", f"GET https://{DEVICES[device][2]}/", 1, "HTTP/1.1 401 Unauthorized"),
        )
        for account in ("admin", "audit", "operator"):
            if (device, account) != ("vcs-chau-phu", "audit"):
                yield finding(
                    "D11.2-f",
                    f"{device}/{account}",
                    good,
                    "được đặt khi chính sách đã đòi ít nhất 1 ký tự đặc biệt",
                    "set under a policy that asks for 1 special character or more",
                    cite(device, "C", "cấu hình mật khẩu", 4, "special characters: 1"),
                )
                yield finding(
                    "D11.2-b",
                    f"{device}/{account}",
                    good,
                    "được đặt khi chính sách đã đòi ít nhất 12 ký tự",
                    "set under a policy that asks for 12 characters",
                    cite(device, "C", "cấu hình mật khẩu", 3, "minimum length: 12"),
                )
    for device in ("mcu-tinh", "vcs-chau-phu-2", "vcs-thoai-son"):
        yield finding(
            "D11.1-c",
            device,
            good,
            "đã quét toàn bộ 65535 cổng TCP; mọi cổng mở đều thuộc danh mục cần thiết",
            "all 65535 TCP ports were scanned; every open port is on the needed list",
            cite(device, "P", f"nmap -sT -p 1-65535 {DEVICES[device][2]}", 7, "443/tcp open ssl"),
        )
    for device in ("mcu-tinh", "vcs-thoai-son"):
        yield finding(
            "D11.1-d",
            device,
            good,
            "telnet, http, ftp, tftp, upnp và snmp đều tắt",
            "telnet, http, ftp, tftp, upnp and snmp are all off",
            cite(device, "C", "cấu hình dịch vụ", 2, "telnet: disabled"),
        )
    yield finding(
        "D11.1-b",
        "vcs-thoai-son",
        good,
        "đạt mọi quy tắc bắt buộc của cấu hình chuẩn hnth-default 1",
        "meets every mandatory rule of the baseline hnth-default 1",
        cite("vcs-thoai-son", "C", "GET /rest/config", 1),
    )
    for device in ("vcs-chau-phu", "vcs-chau-phu-2"):
        yield finding(
            "D11.3-a",
            device,
            good,
            "chạy phiên bản mới nhất của hãng theo danh mục ngày 20/11/2026",
            "runs the vendor's newest version by the catalogue of 2026-11-20",
            cite(device, "C", "phiên bản", 1, "ce11.14.2"),
        )
    for site in SITES:
        yield finding(
            "D10.1-c",
            site,
            good,
            "tuyến duy nhất ra ngoài đi qua tường lửa fw-tinh, có theo dõi trạng thái kết nối",
            "the only path to the outside goes through the stateful firewall fw-tinh",
            cite("fw-tinh", "C", "nft list ruleset", 4, "policy drop;"),
        )
        if site != "trung-tam":
            yield finding(
                "D10.2-a",
                site,
                good,
                "tuyến tới MCU đi qua giao diện tslcd",
                "the route to the MCU leaves through interface tslcd",
                cite(f"r-{site}", "C", "ip -j route show table all", 3, '"dev":"tslcd"'),
            )
    for zone in ("hnth-tinh", "hnth-thoai-son", "hnth-vinh-trach"):
        yield finding(
            "D10.1-b",
            zone,
            good,
            "mặc định cấm giữa các phân hệ; đã thử từ pc-van-phong và ben-ngoai",
            "default deny between the segments; probed from pc-van-phong and ben-ngoai",
            cite("fw-tinh", "P", "nmap", 2, "all filtered", vantage="pc-van-phong"),
        )
    for zone in ZONES:
        yield finding(
            "D10.1-d",
            zone,
            good,
            "chỉ cho phân hệ đi ra các dịch vụ của danh sách đã duyệt",
            "the segment is let out to the services of the approved list only",
            cite("fw-tinh", "C", "nft list ruleset", 23, 'iifname "hnth" jump hnth-out'),
        )
        yield finding(
            "D10.1-h",
            zone,
            good,
            "địa chỉ được phép trên tường lửa trùng với danh sách đã duyệt",
            "the addresses that the firewall admits equal the approved list",
            cite("fw-tinh", "C", "nft list ruleset", 22, "ip saddr @hnth_sites accept"),
        )
    yield finding(
        "D10.1-e",
        "fw-tinh",
        good,
        "chỉ cho phép đích danh, còn lại cấm; thử từ ben-ngoai cho kết quả phù hợp",
        "explicit permits, the rest denied; the probe from ben-ngoai agrees",
        cite("fw-tinh", "C", "nft list ruleset", 4, "policy drop;"),
        cite("fw-tinh", "P", "nmap", 2, "1000 filtered", vantage="ben-ngoai"),
    )
    yield finding(
        "D10.1-f",
        "mcu-tinh",
        good,
        "đã phân vai trò, chỉ quản trị qua kênh mã hóa, có thời gian tự thoát và khóa",
        "roles are separate, management is encrypted, time-out and lock-out are set",
        cite("mcu-tinh", "C", "user list", 2, "admin  admin"),
    )
    for device in scanned:
        if device not in {"vcs-thoai-son", "log-tinh"}:
            yield finding(
                "D12.3-a",
                device,
                good,
                "bản ghi mới nhất cách đây dưới 1 giờ",
                "the newest record is less than 1 hour old",
                cite("log-tinh", "C", "giờ có bản ghi trong /var/log/hnth", 90, "2026-11-23T07"),
            )


def open_questions() -> Iterator[Finding]:
    for requirement in ("D10.1-a", "D11.1-b", "D11.1-c", "D11.1-d", "D11.2-a", "D11.3-a"):
        yield finding(requirement, "vcs-vinh-trach", Outcome.UND, OFF.vi, OFF.en)
    for requirement in ("D11.2-b", "D11.2-f"):
        yield finding(requirement, "vcs-vinh-trach/*", Outcome.UND, OFF.vi, OFF.en)
    yield finding("D12.3-a", "vcs-vinh-trach", Outcome.UND, OFF.vi, OFF.en)
    yield finding(
        "D11.1-a",
        "vcs-vinh-trach",
        Outcome.UND,
        "chưa có biên bản rà soát nào được khai báo",
        "no review record is declared",
    )
    yield finding(
        "D11.1-c",
        "vcs-chau-phu",
        Outcome.UND,
        "cổng UDP 161 không trả lời (open|filtered) và thiết bị không cho biết SNMP tắt hay bật",
        "UDP port 161 gave no answer (open|filtered) and the device does not tell if SNMP is on",
        cite("vcs-chau-phu", "P", "nmap -sU", 4, "161/udp open|filtered"),
    )
    yield finding(
        "D12.2-a",
        "he-thong",
        Outcome.UND,
        "đợt quét này chưa đủ: vcs-vinh-trach chưa quét được; cần quét bù trong 60 ngày",
        "this run is incomplete: vcs-vinh-trach could not be scanned; catch up within 60 days",
        Citation("H", "20251120-081500-11ab", text="kiểm tra toàn hệ thống, kết thúc 20/11/2025"),
    )


def rest(done: set[str]) -> Iterator[Finding]:
    yield finding(
        "D11.3-a",
        "mcu-tinh",
        Outcome.NA,
        "Điều 11 khoản 3 chỉ nói về VCS",
        "Article 11.3 speaks of VCS only",
    )
    yield finding(
        "D10.2-a",
        "trung-tam",
        Outcome.NA,
        "điểm cầu không có VCS",
        "the site has no VCS",
    )
    for requirement in REQUIREMENTS:
        if requirement not in done:
            why = NOT_SEEN if REQUIREMENTS[requirement].reasons else NOT_AUTOMATED
            yield finding(requirement, "he-thong", Outcome.UND, why.vi, why.en, kind="system")


def findings() -> tuple[Finding, ...]:
    found = list(chain(failures(), passes(), open_questions()))
    found.extend(rest({f.requirement for f in found}))
    order = list(REQUIREMENTS)
    return tuple(sorted(found, key=lambda f: (order.index(f.requirement), f.subject.id)))
