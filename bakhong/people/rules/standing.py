"""What holds of a person, out of everything that was ever said about them.

A fact is what one source said at one time: a few attributes with their values. Nothing is overwritten: a change adds a fact that is
true from a later day, a correction adds one that voids what was said before, and taking back adds one that retracts.

Attributes and their values, as a fact holds them (JSON; None or an empty string says "it has none"):

    name          "Nguyễn Thị Hoá"          as on the card, composed (NFC)
    birth         "1941", "1941-03", "1941-03-05"
    sex           "male", "female"
    national_id   "038190001234"            stored sealed, never in the JSON column
    place         id of the village (of the commune, where the village is not known)
    presence      "present", "away", "abroad", "moved", "died"
    whereabouts   "Bình Dương"
    address       "Thôn Xuân Thành"
    household     uuid of the household
    relation      "head", "spouse", "child", "parent", "grandchild", "sibling", "other"
    phone         "0912345678"
    phone_holder  "self", "relative", "other"
    phone_note    "số của con trai"
    device        "none", "basic", "smartphone"
    device_year   2019                      when the phone was bought or made
    note          free words
    apart_from    uuid of another person    compared, and not the same human being (several may be said)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

ATTRIBUTES = (
    "name",
    "birth",
    "sex",
    "national_id",
    "place",
    "presence",
    "whereabouts",
    "address",
    "household",
    "relation",
    "phone",
    "phone_holder",
    "phone_note",
    "device",
    "device_year",
    "note",
    "apart_from",
)
# They do not change in a life: what was verified stands against what a list says later.
LASTING = frozenset({"name", "birth", "sex", "national_id"})
OWN = LASTING | {"place"}
# They are one thing: a new number does not keep the holder of the old one.
TOGETHER = (
    frozenset({"phone", "phone_holder", "phone_note"}),
    frozenset({"presence", "whereabouts"}),
    frozenset({"device", "device_year"}),
    frozenset({"household", "relation"}),
)


@dataclass(frozen=True)
class Said:
    """One fact: `number` grows in the order we learned of them. `retracts`: the number of a fact this one takes back.

    `voids`: attributes of which everything said before is wrong. `true_from` None: always, or nobody knows since when.
    `is_of_double`: said about a record that turned out to be the same person.
    """

    number: int
    values: Mapping[str, Any]
    learned_at: datetime
    true_from: date | None = None
    is_verified: bool = False
    retracts: int | None = None
    voids: frozenset[str] = field(default_factory=frozenset)
    is_of_double: bool = False


class Held(NamedTuple):
    """A value that holds, and the fact that says so."""

    value: Any
    said: Said


class Stay(NamedTuple):
    """Where somebody belongs, and with what phone, from a day (None: start unknown) until before another (None: until further notice)."""

    place: int
    presence: str
    whereabouts: str
    device: str
    valid_from: date | None
    valid_to: date | None
    said: Said


def live(facts: Iterable[Said]) -> list[Said]:
    """The facts nobody has taken back, in the order they were learned. Taking back a retraction restores.

    >>> at = datetime(2026, 1, 1)
    >>> first = Said(1, {"name": "A"}, at)
    >>> undone = Said(2, {}, at, retracts=1)
    >>> [each.number for each in live([first, undone])]
    []
    >>> [each.number for each in live([first, undone, Said(3, {}, at, retracts=2)])]
    [1]
    """
    gone: set[int] = set()
    kept = []
    for each in sorted(facts, key=lambda said: -said.number):
        if each.number in gone:
            continue
        if each.retracts is not None:
            gone.add(each.retracts)
        else:
            kept.append(each)
    return kept[::-1]


def standing(facts: Iterable[Said], on: date) -> dict[str, Held]:
    """attribute → what holds of it on a day.

    The latest day from which it is true wins, then what was learned last; of lasting attributes what was verified wins first. Who a
    person is and where is said by the record that was kept, of a double only where it says nothing.

    >>> at = datetime(2026, 1, 1)
    >>> facts = [Said(1, {"name": "Hoa"}, at, is_verified=True), Said(2, {"name": "Hoà", "sex": "female"}, at)]
    >>> {key: held.value for key, held in standing(facts, date(2026, 1, 1)).items()}
    {'name': 'Hoa', 'sex': 'female'}
    """
    facts = list(facts)
    if len(facts) == 1 and facts[0].retracts is None:  # somebody new: nothing to weigh up
        return _alone(facts[0], on)
    found: dict[str, Held] = {}
    for attribute, said in _candidates(live(facts), on):
        best = found.get(attribute)
        if best is None or _rank(attribute, said) >= _rank(attribute, best.said):
            found[attribute] = Held(said.values[attribute], said)
    return found


def _alone(said: Said, on: date) -> dict[str, Held]:
    """What holds where nobody has said anything else."""
    if said.true_from is not None and said.true_from > on:
        return {}
    values = said.values
    return {attribute: Held(values.get(attribute), said) for attribute in _covered(said)}


def ever_said(facts: Iterable[Said], attribute: str) -> list[Said]:
    """The facts that give the attribute a value, in order; taken back and voided ones left out.

    >>> at = datetime(2026, 1, 1)
    >>> facts = [Said(1, {"phone": "1"}, at), Said(2, {"phone": "2"}, at, voids=frozenset({"phone"})), Said(3, {"phone": "3"}, at)]
    >>> [each.values["phone"] for each in ever_said(facts, "phone")]
    ['2', '3']
    """
    kept = live(facts)
    since = max((each.number for each in kept if attribute in each.voids), default=0)
    return [each for each in kept if each.number >= since and each.values.get(attribute)]


def stays(facts: Iterable[Said]) -> list[Stay]:
    """The periods of a person's residence, in order, without gaps or overlaps; empty where no place was ever said."""
    facts = live(facts)
    days = sorted(
        {each.true_from or date.min for each in facts if each.values.keys() & {"place", "presence", "device"}}
    )
    found: list[Stay] = []
    for index, day in enumerate(days):
        held = standing(facts, day)
        if "place" not in held:
            continue
        start = None if not found or day == date.min else day
        end = days[index + 1] if index + 1 < len(days) else None
        stay = _stay(held, start, end)
        if found and _same_stay(found[-1], stay):
            found[-1] = found[-1]._replace(valid_to=end)
        else:
            found.append(stay)
    return found


def _stay(held: dict[str, Held], start: date | None, end: date | None) -> Stay:
    def value(attribute: str) -> str:
        return str(held[attribute].value or "") if attribute in held else ""

    said = held["presence"].said if "presence" in held else held["place"].said
    return Stay(
        held["place"].value, value("presence"), value("whereabouts"), value("device"), start, end, said
    )


def _same_stay(one: Stay, other: Stay) -> bool:
    return (one.place, one.presence, one.whereabouts, one.device) == (
        other.place,
        other.presence,
        other.whereabouts,
        other.device,
    )


def _candidates(facts: list[Said], on: date) -> Iterable[tuple[str, Said]]:
    """(attribute, fact) that may hold: true by that day, and not voided by a later one."""
    voided: dict[str, int] = {}
    for said in facts:
        for attribute in said.voids:
            voided[attribute] = said.number
    for said in facts:
        if said.true_from is not None and said.true_from > on:
            continue
        for attribute in _covered(said):
            if said.number >= voided.get(attribute, 0):
                yield attribute, _with(said, attribute)


def _covered(said: Said) -> frozenset[str]:
    """The attributes a fact speaks of: those it names, and those that go with them."""
    return _with_their_groups(tuple(said.values))


@lru_cache(maxsize=4096)  # the rows of a list name the same few sets of attributes
def _with_their_groups(named: tuple[str, ...]) -> frozenset[str]:
    return frozenset(named).union(*(group for group in TOGETHER if _leader(group) & set(named)))


def _leader(group: frozenset[str]) -> frozenset[str]:
    return group & {"phone", "presence", "device", "household"}


def _with(said: Said, attribute: str) -> Said:
    if attribute in said.values:
        return said
    return replace(said, values={**said.values, attribute: None})


def _rank(attribute: str, said: Said) -> tuple[Any, ...]:
    is_verified = attribute in LASTING and said.is_verified
    is_own = attribute in OWN and not said.is_of_double
    return (is_verified, is_own, said.true_from or date.min, said.learned_at, said.number)
