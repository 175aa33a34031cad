"""What the rows of a list say of services that nobody knew yet: the same file again adds nothing."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from bakhong.people.actions.adopting import Adopted
from bakhong.people.queries.adoption import said_of_services, states_on
from bakhong.people.rules.rows import Row
from bakhong.people.rules.service_columns import Heard
from bakhong.people.rules.services import NONE, reached

Key = tuple[str, str, date]  # service, state, day


class ServicesOfList:
    """One run over the rows of a list of a day; two queries for all persons it meets."""

    def __init__(self, person_ids: Collection[int], as_of: date) -> None:
        self.as_of = as_of
        ids = list(person_ids)
        self._stands = states_on(ids, as_of) if ids else {}
        self._said: dict[int, set[Key]] = said_of_services(ids) if ids else {}
        self._heard: dict[int, set[Key]] = defaultdict(set)

    def news(self, row: Row, *, person_id: int | None, key: int, detail: str) -> tuple[Adopted, ...]:
        """The part of a row that is neither said for that day nor stands. `key`: one number for each person of the file."""
        if not row.services:
            return ()
        before = self._said.get(person_id, set()) if person_id is not None else set()
        stands = self._stands.get(person_id, {}) if person_id is not None else {}
        found = []
        for each in row.services:
            said = (each.service, each.state, each.day or self.as_of)
            if said in before or said in self._heard[key] or _stands(each, stands.get(each.service, "")):
                continue
            self._heard[key].add(said)
            found.append(
                Adopted(
                    each.service,
                    each.state,
                    happened_on=said[2],
                    provider=each.provider,
                    reason=each.reason,
                    detail=detail[:200],
                )
            )
        return tuple(found)


def _stands(each: Heard, state: str) -> bool:
    """What a list says without a day of its own is known when as much stands on the day of the list."""
    if each.day is not None:
        return False
    return state == each.state or (
        each.state != NONE and reached(each.state, "registered") and reached(state, each.state)
    )
