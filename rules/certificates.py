"""What the profile of cryptography says of certificates besides key and signature.

When they are valid, who issued them and to whom. The worst of a device decides; each that breaks
the profile is named with its port.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from inventory.moments import LOCAL_ZONE
from inventory.text import Text
from rules.crypto_facts import Certificate
from rules.crypto_profile import Judgement, Named, Profile, current_profile, graded

SHOWN_NAMES_MAX = 3


def in_validity(certificates: Sequence[Certificate], now: datetime) -> Judgement:
    """Every certificate is valid at this moment. None shown means that nobody looked."""
    return _judged(certificates, lambda profile, one: iter((_validity(profile, one, now),)))


def issued_by_known(certificates: Sequence[Certificate], _: datetime) -> Judgement:
    """Who issued the certificates, and whether they are made out to the device."""
    return _judged(certificates, _origin)


def _judged(
    certificates: Sequence[Certificate], judge: Callable[[Profile, Certificate], Iterator[Named]]
) -> Judgement:
    profile = current_profile()
    seen = [one for one in certificates if one.seen]
    unseen = [f"TLS {one.port} certificate" for one in certificates if not one.seen]
    named = tuple(named for one in seen for named in judge(profile, one))
    return Judgement(named, tuple(unseen) if certificates else ("TLS certificate",))


def _validity(profile: Profile, one: Certificate, now: datetime) -> Named:
    where = f"TLS {one.port}"
    if now > one.not_after:
        day = one.not_after.astimezone(LOCAL_ZONE)
        return graded(
            *(profile, "validity", "expired", where),
            Text(vi=f"hết hạn ngày {day:%d/%m/%Y}", en=f"expired {day:%Y-%m-%d}"),
            f"valid until {one.not_after.isoformat()}",
        )
    if now < one.not_before:
        day = one.not_before.astimezone(LOCAL_ZONE)
        return graded(
            *(profile, "validity", "not yet valid", where),
            Text(vi=f"chỉ có hiệu lực từ {day:%d/%m/%Y}", en=f"not valid before {day:%Y-%m-%d}"),
            f"valid from {one.not_before.isoformat()}",
        )
    return graded(profile, "validity", "valid", where)


def _origin(profile: Profile, one: Certificate) -> Iterator[Named]:
    where = f"TLS {one.port}"
    if one.trust == "trusted":
        yield graded(profile, "issuer", "trusted", where)
    elif one.trust == "untrusted":
        yield graded(profile, "issuer", "untrusted", where, _UNTRUSTED, f"issuer {one.issuer}")
    elif one.self_signed:
        yield graded(profile, "issuer", "self-signed", where, _SELF_SIGNED, f"issuer {one.issuer}")
    else:
        yield graded(profile, "issuer", "unchecked", where, _UNCHECKED, f"issuer {one.issuer}")
    if one.named is not None:
        told = ", ".join(one.names[:SHOWN_NAMES_MAX]) or one.subject
        said = _OTHER_NAME.format(names=told)
        name = "own name" if one.named else "another name"
        yield graded(profile, "name", name, where, None if one.named else said)


_SELF_SIGNED = Text(vi="chứng thư tự ký", en="self-signed certificate")
_UNTRUSTED = Text(
    vi="chứng thư không do tổ chức chứng thực đã khai báo cấp, hoặc chuỗi chứng thư không đầy đủ",
    en="certificate of another authority than declared, or chain not complete",
)
_UNCHECKED = Text(
    vi="chưa kiểm tra được chuỗi chứng thư vì chưa khai báo tổ chức chứng thực (scan.ca_files)",
    en="chain not checked, as no authority is declared (scan.ca_files)",
)
_OTHER_NAME = Text(
    vi="chứng thư cấp cho {names}, không phải tên hay địa chỉ của thiết bị",
    en="made out to {names}, which is no name or address of the device",
)
