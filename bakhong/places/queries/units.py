"""Units by code and day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext as _

from bakhong.core.days import day_before
from bakhong.core.errors import NotFound
from bakhong.core.numbers import format_day
from bakhong.places.models import Unit


def valid_on(on: date, prefix: str = "") -> Q:
    """The half-open period of a row (or of a related one, `prefix="child__"`) has the day."""
    start = Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": on})
    end = Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": on})
    return start & end


def unit_on(code: str, on: date) -> Unit | None:
    """The unit that carried the code on that day."""
    return Unit.objects.filter(valid_on(on), code=code).first()


def units_on(codes: Iterable[str], on: date) -> dict[str, Unit]:
    """Many at once: code → the unit that carried it on that day; codes that nobody carried are left out."""
    return {unit.code: unit for unit in Unit.objects.filter(valid_on(on), code__in=set(codes))}


def last_version(code: str, on: date) -> Unit | None:
    """The unit that carried the code last before that day, if it had ended by then."""
    return Unit.objects.filter(code=code, valid_to__lte=on).order_by("-valid_to").first()


def next_version(code: str, on: date) -> Unit | None:
    """The first unit that carries the code after that day."""
    return Unit.objects.filter(code=code, valid_from__gt=on).order_by("valid_from").first()


@dataclass(frozen=True)
class AsOf:
    """A unit and the day as of which it is shown: the day asked, or the last day of a unit that had ended."""

    unit: Unit
    on: date
    has_ended: bool


def as_of(code: str, on: date) -> AsOf:
    """The unit of a code on a day; one that had ended by then is given as of its last day, and says so.

    Raises: NotFound when the code is unknown or not yet in use that day.
    """
    if unit := unit_on(code, on):
        return AsOf(unit, on, has_ended=False)
    if (unit := last_version(code, on)) and unit.valid_to:
        return AsOf(unit, day_before(unit.valid_to), has_ended=True)
    if (unit := next_version(code, on)) and unit.valid_from:
        raise NotFound(
            _("Mã %(code)s chưa có vào ngày %(on)s; mã này dùng từ ngày %(start)s.")
            % {"code": code, "on": format_day(on), "start": format_day(unit.valid_from)}
        )
    raise NotFound(_("Không có đơn vị hành chính nào mang mã “%(code)s”.") % {"code": code})


def served_unit(on: date) -> Unit:
    """The one province or commune this installation serves (BAKHONG_UNIT), on a day.

    Raises: NotFound when the setting names no unit of that day.
    """
    unit = unit_on(settings.UNIT, on)
    if unit is None:
        raise NotFound(
            _("BAKHONG_UNIT=%(code)s không phải mã của đơn vị nào đang có.") % {"code": settings.UNIT}
        )
    return unit


def in_order(field: str = "") -> tuple[F, ...]:
    """Order of a list of units: as a Vietnamese dictionary has it, numbers by value."""
    return (F(f"{field}sort_key"), F(f"{field}code"))
