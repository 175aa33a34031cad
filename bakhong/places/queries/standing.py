"""What is set for a unit: the group it is ranked in, and whom residents call."""

from collections.abc import Collection
from datetime import date

from bakhong.places.models import Contact, Unit, UnitGroup
from bakhong.places.queries.tree import ancestor_ids
from bakhong.places.queries.units import valid_on


def group_of(unit: Unit, on: date) -> UnitGroup | None:
    """The group of alike units it is ranked in that day; `is_verified` and `source` say how sure that is."""
    return UnitGroup.objects.filter(valid_on(on), unit=unit).first()


def groups_of(unit_ids: Collection[int], on: date) -> dict[int, str]:
    """Many at once: id of a unit → code of its group that day; units without one are left out."""
    rows = UnitGroup.objects.filter(valid_on(on), unit_id__in=unit_ids)
    return dict(rows.values_list("unit_id", "group"))


def contact_of(unit: Unit, on: date) -> Contact | None:
    """The unit's own contact, else that of the nearest unit above it that day."""
    order = [unit.pk, *ancestor_ids(unit.pk, on)]
    found = {contact.unit_id: contact for contact in Contact.objects.filter(unit__in=order)}
    return next((found[pk] for pk in order if pk in found), None)
