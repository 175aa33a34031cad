"""What a row of a list says that nobody knew yet: by groups of attributes that are said together."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bakhong.core.text import identity_key, name_key
from bakhong.people.rules.standing import Said, live, standing

GROUPS = (
    ("name",),
    ("birth",),
    ("sex",),
    ("national_id",),
    ("place",),
    ("presence", "whereabouts"),
    ("address",),
    ("household", "relation"),
    ("phone", "phone_holder", "phone_note"),
    ("device", "device_year"),
    ("note",),
)


def standing_values(facts: Sequence[Said], on: date) -> dict[str, Any]:
    return {key: held.value for key, held in standing(facts, on).items()}


def said_for(facts: Sequence[Said], day: date) -> set[tuple[tuple[str, Any], ...]]:
    """Groups of values somebody said for that day already, even where something else stands now."""
    found = set()
    for each in live(facts):
        if each.true_from == day:
            for group in GROUPS:
                part = {key: each.values[key] for key in group if each.values.get(key) not in (None, "")}
                if part:
                    found.add(tuple(part.items()))
    return found


def is_known(part: Mapping[str, Any], stands: Mapping[str, Any], commune: int) -> bool:
    """Whether what stands says as much or more: a day of birth more than its year, a village more than its commune."""
    if "name" in part:
        return _same_name(stands.get("name", ""), part["name"]) and (
            part["name"].isascii() or identity_key(stands["name"]) == identity_key(part["name"])
        )
    if "birth" in part:
        return str(stands.get("birth") or "").startswith(part["birth"])
    if "place" in part and part["place"] == commune and stands.get("place"):
        return True
    return all(stands.get(key) == value for key, value in part.items())


def _same_name(one: str, other: str) -> bool:
    return name_key(one) == name_key(other)


def same_birth(one: str, other: str) -> bool:
    """Equal, or one says less than the other; somebody without a birth date is nobody in particular.

    >>> same_birth("1990-03-15", "1990"), same_birth("", ""), same_birth("1990", "1991")
    (True, True, False)
    """
    if not one or not other:
        return one == other
    return one.startswith(other) or other.startswith(one)
