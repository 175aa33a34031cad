"""The units a report may speak of, by the names it uses."""

from datetime import date
from functools import cached_property

from bakhong.core.days import day_before
from bakhong.core.text import identity_key
from bakhong.places.models import Level, Unit
from bakhong.places.queries import ancestors, children, resolve_name, sources_of
from bakhong.places.rules.naming import VILLAGE_KINDS, readings, split_place


class Places:
    """The units a report may speak of: its own, those below, those it was made from; others by name."""

    def __init__(self, unit: Unit, today: date) -> None:
        self.unit, self.today = unit, today

    @cached_property
    def near(self) -> tuple[Unit, ...]:
        """The report's unit first, then those below it, then former ones."""
        day = self.today
        if self.unit.valid_to and day >= self.unit.valid_to:
            day = day_before(self.unit.valid_to)
        former: tuple[Unit, ...] = ()
        if self.unit.valid_from and self.unit.level == Level.COMMUNE:
            former = tuple(part.unit for part in sources_of(self.unit, day_before(self.unit.valid_from)))
        return (self.unit, *children(self.unit, day), *former)

    @cached_property
    def around(self) -> Unit:
        """The widest unit above: names are looked for in it."""
        day = self.today
        if self.unit.valid_to and day >= self.unit.valid_to:
            day = day_before(self.unit.valid_to)
        above = ancestors(self.unit, day)
        return above[-1] if above else self.unit

    @cached_property
    def _by_name(self) -> dict[str, list[Unit]]:
        out: dict[str, list[Unit]] = {}
        for unit in self.near:
            out.setdefault(identity_key(unit.full_name), []).append(unit)
        return out

    @cached_property
    def _known(self) -> dict[tuple[str, date], Unit | None]:
        return {}

    def find(self, name: str, day: date) -> Unit | None:
        """The one unit a name means on a day; None when it is none or several."""
        question = (identity_key(name), day)
        if question not in self._known:
            self._known[question] = self._find(name, day)
        return self._known[question]

    def _find(self, name: str, day: date) -> Unit | None:
        same = self._by_name.get(identity_key(name), [])
        same = same or self._villages_named(name)
        standing = [unit for unit in same if _stood(unit, day)]
        if len(standing) == 1:
            return standing[0]
        if not standing and len(same) == 1:
            return same[0]
        # A village that is not of this place is told apart by nobody; asking for each of a long annex would take seconds.
        if set(readings(name)[0][0]) & set(VILLAGE_KINDS) and len(split_place(name)) == 1:
            return None
        return resolve_name(name, on=day, within=self.around)

    def _villages_named(self, name: str) -> list[Unit]:
        """Villages below by their bare name: a table headed "Thôn" lists its bản and khu phố too."""
        found = []
        for kinds, bare in readings(name):
            if kinds and not all(kind in VILLAGE_KINDS for kind in kinds):
                continue
            wanted = identity_key(bare)
            found += [
                unit
                for unit in self.near
                if unit.level == Level.VILLAGE and identity_key(unit.name) == wanted and unit not in found
            ]
        return found


def _stood(unit: Unit, day: date) -> bool:
    return (unit.valid_from is None or unit.valid_from <= day) and (
        unit.valid_to is None or day < unit.valid_to
    )
