"""Who belonged to whom on a day: every function reads the dated map in one query."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from bakhong.places.models import Level, Membership, Unit
from bakhong.places.queries.units import in_order, valid_on
from bakhong.places.remembering import remembered
from bakhong.places.rules.naming import in_sentence

# NULL stands for "start unknown" and "until further notice".
_UP = """
with recursive up(id, depth) as (
    select parent_id, 1 from places_membership
     where child_id = %(unit)s
       and (valid_from is null or valid_from <= %(on)s) and (valid_to is null or valid_to > %(on)s)
    union all
    select m.parent_id, up.depth + 1 from up join places_membership m on m.child_id = up.id
     where (m.valid_from is null or m.valid_from <= %(on)s) and (m.valid_to is null or m.valid_to > %(on)s)
)
select id from up order by depth
"""
_DOWN = """
with recursive down(id) as (
    select child_id from places_membership
     where parent_id = any(%(units)s)
       and (valid_from is null or valid_from <= %(on)s) and (valid_to is null or valid_to > %(on)s)
    union all
    select m.child_id from down join places_membership m on m.parent_id = down.id
     where (m.valid_from is null or m.valid_from <= %(on)s) and (m.valid_to is null or m.valid_to > %(on)s)
)
select down.id from down
"""


def ancestor_ids(unit_id: int, on: date) -> list[int]:
    """The units it lay in on a day, the nearest first, itself left out."""
    return list(remembered(("above", unit_id, on), lambda: _read_up(unit_id, on)))


def _read_up(unit_id: int, on: date) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_UP, {"unit": unit_id, "on": on})
        return [row[0] for row in cursor.fetchall()]


def descendant_ids(unit_ids: int | Collection[int], on: date, level: str | None = None) -> list[int]:
    """Everything below a unit (or several) on a day, of one level if given; itself left out."""
    units = [unit_ids] if isinstance(unit_ids, int) else list(unit_ids)
    sql = _DOWN
    if level:
        sql += " join places_unit u on u.id = down.id where u.level = %(level)s"
    with connection.cursor() as cursor:
        cursor.execute(sql, {"units": units, "on": on, "level": level})
        return [row[0] for row in cursor.fetchall()]


def is_within(unit_id: int, ancestor_id: int, on: date) -> bool:
    """True when the unit is the other or lay in it on that day."""
    return unit_id == ancestor_id or ancestor_id in ancestor_ids(unit_id, on)


def parent_ids(unit_ids: Iterable[int], on: date) -> dict[int, int]:
    """unit → the unit directly above it on a day; those without one are left out."""
    rows = Membership.objects.filter(valid_on(on), child_id__in=list(unit_ids))
    return dict(rows.values_list("child_id", "parent_id"))


def ancestors(unit: Unit, on: date) -> list[Unit]:
    """The units it lay in on a day, the nearest first."""
    ids = ancestor_ids(unit.pk, on)
    found = remembered(("units", *ids), lambda: Unit.objects.in_bulk(ids))
    return [found[pk] for pk in ids]


def parent_on(unit: Unit, on: date) -> Unit | None:
    membership = Membership.objects.filter(valid_on(on), child=unit).select_related("parent").first()
    return membership.parent if membership else None


def children(unit: Unit, on: date) -> list[Unit]:
    """The units directly below it on a day, in dictionary order."""
    rows = Membership.objects.filter(valid_on(on), parent=unit).select_related("child")
    return [row.child for row in rows.order_by(*in_order("child__"))]


def descendants(unit: Unit, on: date, level: str | None = None) -> QuerySet[Unit]:
    """Everything below a unit on a day, in dictionary order."""
    return Unit.objects.filter(pk__in=descendant_ids(unit.pk, on, level)).order_by(*in_order())


def path_on(unit: Unit, on: date) -> str:
    """The name with the units it lay in: "Xã Ngọc Phụng, huyện Thường Xuân, tỉnh Thanh Hóa"."""
    return ", ".join([unit.full_name, *(in_sentence(above.full_name) for above in ancestors(unit, on))])


def unplaced_villages(communes: Collection[int], on: date) -> list[Unit]:
    """Villages valid that day that no commune claims since theirs, one of `communes`, was split."""
    orphans = Unit.objects.filter(valid_on(on), level=Level.VILLAGE, memberships__parent__in=list(communes))
    claimed = Membership.objects.filter(valid_on(on)).values("child")
    return list(orphans.exclude(pk__in=claimed).distinct().order_by(*in_order()))
