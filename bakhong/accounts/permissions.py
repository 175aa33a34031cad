"""Who may do what, where: a role held at a place covers what lies below it on the day.

A unit that no longer exists is covered by whoever covers what became of it, so that the staff of a merged commune still see and correct
the figures of the communes it was made from.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.rules.roles import ROLES, is_by_phone, is_known, permissions_of
from bakhong.places.models import Unit
from bakhong.places.remembering import remembered

# On `on`, or on the unit's own last (first) day where it has ended (has not begun).
_DAY = "least(greatest(%(on)s::date, u.valid_from), u.valid_to - 1)"
_HOLDS = f"(m.valid_from IS NULL OR m.valid_from <= {_DAY}) AND (m.valid_to IS NULL OR m.valid_to > {_DAY})"

_ABOVE = f"""
WITH RECURSIVE above(id) AS (
    SELECT %(unit)s::bigint
  UNION
    SELECT step.id FROM above, LATERAL (
        SELECT m.parent_id AS id FROM places_membership m JOIN places_unit u ON u.id = m.child_id
         WHERE m.child_id = above.id AND {_HOLDS}
      UNION ALL
        SELECT s.successor_id FROM places_succession s WHERE s.predecessor_id = above.id AND s."on" <= %(on)s
    ) step
) SELECT id FROM above"""  # noqa: S608 (made of constants; values are bound)

_BELOW = f"""
WITH RECURSIVE below(id) AS (
    SELECT unnest(%(places)s::bigint[])
  UNION
    SELECT step.id FROM below, LATERAL (
        SELECT m.child_id AS id FROM places_membership m JOIN places_unit u ON u.id = m.child_id
         WHERE m.parent_id = below.id AND {_HOLDS}
      UNION ALL
        SELECT s.predecessor_id FROM places_succession s WHERE s.successor_id = below.id AND s."on" <= %(on)s
    ) step
) SELECT id FROM below"""  # noqa: S608 (made of constants; values are bound)


def covering_ids(unit_id: int, on: date) -> frozenset[int]:
    """The unit itself and every place that covers it on the day: ancestors, and what the unit became."""
    return remembered(("covering", unit_id, on), lambda: _read(_ABOVE, {"unit": unit_id, "on": on}))


def covered_ids(place_ids: Iterable[int], on: date) -> frozenset[int]:
    """The places themselves and every unit they cover on the day; the other direction of `covering_ids`."""
    places = frozenset(place_ids)
    values = {"places": sorted(places), "on": on}
    return remembered(("covered", places, on), lambda: _read(_BELOW, values))


def _read(sql: str, values: dict[str, Any]) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return frozenset(row[0] for row in cursor.fetchall())


def live(on: date) -> Q:
    """Assignments in force on the day."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))


def live_assignments(user: User, on: date) -> QuerySet[Assignment]:
    return user.assignments.filter(live(on))


class StaffActor:
    """A signed-in member of staff on a day (core.actor.Actor). One a request: what it reads of the map it keeps."""

    def __init__(self, user: User, on: date) -> None:
        self.user = user
        self.on = on
        self._covering: dict[int, frozenset[int]] = {}
        self._where: dict[str, frozenset[int]] = {}

    @property
    def id(self) -> str:
        return f"staff:{self.user.uuid}"

    @property
    def label(self) -> str:
        return str(self.user)

    @cached_property
    def held(self) -> list[tuple[str, int]]:
        """(role, place id) of every assignment in force; none for a disabled user.

        Six digits open nothing but the roles meant for them, whatever is written in the table.
        """
        if not self.user.is_active:
            return []
        rows = live_assignments(self.user, self.on).values_list("role", "place_id")
        return [each for each in rows if not self.user.phone or is_by_phone(each[0])]

    def places_where(self, permission: str) -> frozenset[int]:
        """The places at which a role with this permission is held; what lies below is not listed."""
        if permission not in self._where:
            assert is_known(permission), permission
            self._where[permission] = frozenset(
                place for role, place in self.held if permission in permissions_of(frozenset({role}))
            )
        return self._where[permission]

    def may(self, permission: str, place_id: int | None = None) -> bool:
        places = self.places_where(permission)
        if not places or place_id is None:
            return bool(places)
        return place_id in places or not places.isdisjoint(self._above(place_id))

    def works_for(self, place_id: int) -> bool:
        """True when any role is held at the place or above it; to anybody else the place does not exist."""
        places = {place for _, place in self.held}
        return place_id in places or not places.isdisjoint(self._above(place_id))

    def needs_second_factor(self) -> bool:
        return any(ROLES[role].needs_second_factor for role, _ in self.held if role in ROLES)

    def _above(self, unit_id: int) -> frozenset[int]:
        if unit_id not in self._covering:
            self._covering[unit_id] = covering_ids(unit_id, self.on)
        return self._covering[unit_id]


class Anonymous:
    """Somebody who has not signed in (core.actor.Actor); may nothing."""

    id = "anonymous"
    label = ""

    def may(self, permission: str, place_id: int | None = None) -> bool:
        return False


def may(user: User, permission: str, unit: Unit, on: date) -> bool:
    """True when the user holds the permission at the unit or at a place that covers it on the day."""
    return StaffActor(user, on).may(permission, unit.id)
