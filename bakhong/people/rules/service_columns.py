"""Columns of a list that tell of digital services: which service, at which state, and what a cell says of it.

Only services counted for persons: a list of residents has no row for a shop or a phone subscription.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from bakhong.core.days import parse_day
from bakhong.core.text import name_key, squeeze
from bakhong.people.rules import marks
from bakhong.people.rules.services import NONE, Service, services

# (service, pattern over the unaccented words); the first that fits wins, so the narrower stand first.
_SERVICES = (
    ("online_services", r"nop ho so|(su dung|lam|nop).*(dich vu cong|\bdvc)|\bdvctt\b"),
    ("portal_account", r"dich vu cong|\bdvc(qg)?\b"),
    ("digital_signature", r"chu ky so|\bky so\b|\bcks\b|smart ?ca|my ?sign|e ?sign"),
    ("e_wallet", r"vi dien tu|\bmomo\b|zalo ?pay|viettel money|vnpt money|mobile money|tien di dong"),
    ("social_insurance_app", r"vssid"),
    ("health_book", r"so suc khoe"),
    ("province_app", r"(ung dung|app).*tinh|thanhhoas"),
    ("digital_skills", r"ky nang so|tap huan"),
    ("digital_channel", r"kenh so|nhom zalo|trao doi.*nen tang"),
    ("eid_level2", r"(muc|muc do|cap do|level) ?(2|ii)\b|\bm2\b"),
    (
        "eid_level1",
        r"(muc|muc do|cap do|level) ?(1|i)\b|\bm1\b|vneid|dinh danh dien tu|tai khoan dinh danh|tk dinh danh",
    ),
    (
        "payment_account",
        r"ngan hang|(tai khoan|\btk) ?(thanh toan|nh\b)|\batm\b|agribank|vietinbank|vietcombank|bidv",
    ),
)
# What a column or a cell calls a state.
_STATES = (
    ("refused", r"khong (dat|duoc duyet)|tu choi|bi loi"),
    (NONE, r"^(chua|khong|ko)\b"),
    ("lapsed", r"het han|bi khoa|da huy"),
    ("in_use", r"su dung|dang dung|thuong xuyen dung"),
    ("activated", r"kich hoat|da cap the|da nhan|da mo|hoat dong"),
    ("approved", r"phe duyet|da duyet|cap chung thu"),
    ("registered", r"thu nhan|dang ky|cho duyet|da cai|cai dat|da lam"),
)
_REASONS = (
    ("abroad", r"xkld|nuoc ngoai|xuat khau"),
    ("away", r"\bvang\b|di lam xa|lam an xa|di xa"),
    (
        "no_smartphone",
        r"khong (co )?(dien thoai thong minh|smartphone)|(dien thoai|may) (thuong|co dien)|cuc gach",
    ),
    ("no_phone", r"khong (co |dung )?(dien thoai|dt)"),
    ("old_phone", r"may (cu|doi cu|yeu)"),
    ("elderly", r"cao tuoi|gia yeu|tuoi cao"),
    ("ill", r"\bom\b|khuyet tat|tam than"),
    ("refuses", r"khong (dong y|hop tac|lam)"),
)
_COMPILED = {
    name: tuple((code, re.compile(pattern)) for code, pattern in table)
    for name, table in (("services", _SERVICES), ("states", _STATES), ("reasons", _REASONS))
}


@dataclass(frozen=True)
class ServiceColumn:
    """What a column tells of: a mark in it says `state`."""

    service: str
    state: str
    provider: str = ""


@dataclass(frozen=True)
class Heard:
    """What a cell says. `state` "": nothing; `is_unclear`: a mark to be asked about, which would say the column's state."""

    service: str
    state: str
    day: date | None = None
    provider: str = ""
    reason: str = ""
    is_unclear: bool = False


def service_column(title: str) -> ServiceColumn | None:
    """What a heading tells of; None where it is no service of persons.

    >>> service_column("VNeID mức 2 (thu nhận)")
    ServiceColumn(service='eid_level2', state='registered', provider='')
    >>> service_column("TK ngân hàng Agribank").provider
    'Agribank'
    >>> service_column("Mã QR"), service_column("Đã nộp hồ sơ DVC trực tuyến").state
    (None, 'in_use')
    """
    key = _key(title)
    code = _first("services", key)
    if not code:
        return None
    service = services()[code]
    state = _first("states", key)
    return ServiceColumn(
        code, state if state in service.ladder else service.counts_from, _provider(service, key)
    )


def heard(value: object, column: ServiceColumn, *, as_of: date) -> Heard:
    """What a cell of the column says of a person.

    >>> column, day = ServiceColumn("eid_level2", "activated"), date(2025, 5, 6)
    >>> [heard(value, column, as_of=day).state for value in ("x", "chưa", None, "đã thu nhận", date(2025, 3, 1))]
    ['activated', 'none', '', 'registered', 'activated']
    >>> heard("không có điện thoại", column, as_of=day).reason, heard("Đã KH", column, as_of=day).is_unclear
    ('no_phone', True)
    >>> heard("mức 2", ServiceColumn("eid_level1", "activated"), as_of=day).service
    'eid_level2'
    """
    nothing = Heard(column.service, "")
    mark = marks.mark(value)
    if mark == marks.Mark.BLANK:
        return nothing
    yes = replace(nothing, state=column.state, provider=column.provider)
    if mark == marks.Mark.YES:
        return yes
    if mark == marks.Mark.NO:
        return replace(nothing, state=NONE)
    if (day := _day(value)) is not None:
        return replace(yes, day=day) if day <= as_of else replace(nothing, is_unclear=True)
    if len(re.sub(r"\D", "", str(value))) >= 6:
        return yes  # the number of an account: there is one, and it is not kept
    return _in_words(_key(str(value)), yes)


def _in_words(key: str, yes: Heard) -> Heard:
    if yes.service == "eid_level1" and re.search(r"\b(muc|muc do)? ?2$", key):
        return replace(yes, service="eid_level2")
    service = services()[yes.service]
    if reason := _first("reasons", key):
        return replace(yes, state=NONE, provider="", reason=reason)
    state = _first("states", key)
    if state and state in service.states():
        return replace(yes, state=state, provider=_provider(service, key) or yes.provider)
    if provider := _provider(service, key):
        return replace(yes, provider=provider)
    return replace(yes, state="", provider="", is_unclear=True)


def _first(table: str, key: str) -> str:
    return next((code for code, pattern in _COMPILED[table] if pattern.search(key)), "")


def _provider(service: Service, key: str) -> str:
    """Its own spelling of the provider somebody names; "SmartCA" is enough for "VNPT SmartCA"."""
    flat = key.replace(" ", "")
    for each in service.providers:
        words = name_key(each).split()
        if any(len(word) > 3 and word in flat for word in (name_key(each).replace(" ", ""), words[-1])):
            return each
    return ""


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else parse_day(squeeze(str(value)))


def _key(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[().,:;*\n\"“”]+", " ", name_key(text))).strip()
