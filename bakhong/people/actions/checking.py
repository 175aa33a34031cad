"""Values before they become a fact: composed, bounded, and refused in a plain sentence."""

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bakhong.core.errors import Refusal
from bakhong.core.text import squeeze
from bakhong.people.actions.secrets import no_secrets
from bakhong.people.models import Device, Holder, Presence, Relation, Sex
from bakhong.people.rules.births import is_possible_birth
from bakhong.people.rules.standing import ATTRIBUTES

_LENGTHS = {"name": 120, "whereabouts": 120, "address": 200, "phone_note": 120, "note": 300}
_REMARKS = ("note", "phone_note", "whereabouts")  # an address may well be a number and nothing else
_CHOICES = {
    "sex": Sex.values,
    "presence": Presence.values,
    "relation": Relation.values,
    "phone_holder": Holder.values,
    "device": Device.values,
}


def checked(values: Mapping[str, Any], on: date, *, is_typed: bool = True) -> dict[str, Any]:
    """The values as a fact holds them. `is_typed`: somebody is there who can be asked to leave numbers out of a remark.

    Raises: Refusal when an attribute is unknown or a value cannot be.
    """
    unknown = set(values) - set(ATTRIBUTES)
    assert not unknown, unknown
    if is_typed:
        no_secrets(*(str(values.get(each) or "") for each in _REMARKS))
    return {attribute: _checked(attribute, value, on) for attribute, value in values.items()}


def _checked(attribute: str, value: Any, on: date) -> Any:
    if attribute in _LENGTHS:
        return _text(attribute, value)
    if attribute in _CHOICES:
        return _choice(attribute, value)
    return _OTHERS[attribute](value, on)


def _text(attribute: str, value: Any) -> str:
    text = squeeze(str(value or ""))
    if "\x00" in text or len(text) > _LENGTHS[attribute]:
        raise Refusal(_("“%(text)s…” quá dài hoặc có ký tự lạ.") % {"text": text[:30].replace("\x00", "")})
    if attribute == "name" and not text:
        raise Refusal(_("Ghi họ và tên."))
    return text


def _choice(attribute: str, value: Any) -> str:
    if (value or "") not in ("", *_CHOICES[attribute]):
        raise Refusal(_("Có một mục chọn không nằm trong danh sách."))
    return str(value or "")


def _birth(value: Any, on: date) -> str:
    if value and not is_possible_birth(value, on):
        raise Refusal(_("Ngày sinh không có trong lịch, ở tương lai hoặc quá 130 năm trước."))
    return value or ""


def _national_id(value: Any, on: date) -> str:
    digits = re.sub(r"[\s.\-]", "", str(value or ""))
    if digits and not re.fullmatch(r"[0-9]{12}", digits):
        raise Refusal(_("Số định danh phải có đúng 12 chữ số."))
    return digits


def _phone(value: Any, on: date) -> str:
    digits = re.sub(r"[\s.\-()]", "", str(value or ""))
    if digits and not re.fullmatch(r"\+?[0-9]{8,14}", digits):
        raise Refusal(_("Số điện thoại gồm 10 chữ số, ví dụ 0912 345 678."))
    return "0" + digits[3:] if digits.startswith("+84") else digits


def _device_year(value: Any, on: date) -> int | None:
    if value in (None, ""):
        return None
    if not 1990 <= int(value) <= on.year:
        raise Refusal(_("Năm của máy điện thoại phải từ 1990 đến năm nay."))
    return int(value)


def _place(value: Any, on: date) -> int:
    return int(value)


def _uuid(value: Any, on: date) -> str:
    return str(uuid.UUID(str(value))) if value else ""


_OTHERS: dict[str, Callable[[Any, date], Any]] = {
    "birth": _birth,
    "national_id": _national_id,
    "phone": _phone,
    "device_year": _device_year,
    "place": _place,
    "household": _uuid,
    "apart_from": _uuid,
}
