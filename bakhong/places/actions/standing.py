"""What is set for a unit: its group of alike units, and whom residents call."""

import re
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_day
from bakhong.core.text import squeeze
from bakhong.places.actions.allowing import require
from bakhong.places.models import Contact, Grouping, Unit, UnitGroup
from bakhong.places.permissions import SET_CONTACT, SET_GROUP

_PHONE = re.compile(r"\+?[0-9][0-9 .()\-]{2,28}")


def set_group(*, unit: Unit, group: str, valid_from: date, source: str, by: Actor, at: datetime) -> UnitGroup:
    """Rank a unit with a group of alike units from a day on, on the word of a document. Earlier days keep theirs;
    given the first day of the current group it mends that group.

    Raises: NotAllowed; Refusal when the group is unknown, the source missing, or the day before what is set.
    """
    require(SET_GROUP, unit, by=by, at=at)
    source = squeeze(source)[:300]
    if group not in Grouping.values:
        raise Refusal(_("Chọn một nhóm: miền núi, đồng bằng, ven biển hoặc phường."))
    if not source:
        raise Refusal(_("Ghi văn bản làm căn cứ xếp nhóm."))
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        _check_within(unit, valid_from)
        current = UnitGroup.objects.filter(unit=unit).order_by(F("valid_from").desc(nulls_last=True)).first()
        before = current.group if current else None
        if current and current.valid_from and valid_from < current.valid_from:
            raise Refusal(
                _("Nhóm đã được xếp từ ngày %(day)s; chọn ngày đó hoặc muộn hơn.")
                % {"day": format_day(current.valid_from)}
            )
        if current and current.valid_from == valid_from:
            current.delete()
        elif current and (current.valid_to is None or current.valid_to > valid_from):
            current.valid_to = valid_from
            current.save(update_fields=["valid_to"])
        made = UnitGroup.objects.create(
            unit=unit,
            group=group,
            valid_from=valid_from,
            valid_to=unit.valid_to,
            source=source,
            is_verified=True,
        )
        audit.record(
            by=by,
            at=at,
            deed="places.set_group",
            object_kind="unit",
            object_id=unit.uuid,
            place_id=unit.pk,
            before=before,
            after=group,
            valid_from=valid_from,
            source=source,
        )
    return made


def set_contact(
    *,
    unit: Unit,
    phone: str,
    contact_name: str = "",
    address: str = "",
    opening_hours: str = "",
    by: Actor,
    at: datetime,
) -> Contact:
    """The office residents call. The trail notes that it changed, not who is named.

    Raises: NotAllowed; Refusal when the telephone number is none.
    """
    require(SET_CONTACT, unit, by=by, at=at)
    phone = squeeze(phone)
    if not _PHONE.fullmatch(phone) or sum(char.isdigit() for char in phone) < 3:
        raise Refusal(_("Số điện thoại chỉ gồm chữ số, ví dụ 0237 3852 246."))
    values = {
        "phone": phone,
        "contact_name": squeeze(contact_name)[:120],
        "address": squeeze(address)[:200],
        "opening_hours": squeeze(opening_hours)[:300],
    }
    with transaction.atomic():
        contact, _made = Contact.objects.update_or_create(unit=unit, defaults=values)
        audit.record(
            by=by,
            at=at,
            deed="places.set_contact",
            object_kind="unit",
            object_id=unit.uuid,
            place_id=unit.pk,
        )
    return contact


def _check_within(unit: Unit, day: date) -> None:
    if (unit.valid_from and day < unit.valid_from) or (unit.valid_to and day >= unit.valid_to):
        raise Refusal(_("%(unit)s không có vào ngày này.") % {"unit": unit.full_name})
