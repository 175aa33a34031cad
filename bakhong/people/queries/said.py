"""Everything said about persons, as the rules take it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from bakhong.people.models import Fact, Person
from bakhong.people.queries.doubles import with_doubles
from bakhong.people.queries.identity import national_id_in
from bakhong.people.rules.standing import Said


def said_of(fact: Fact, *, is_of_double: bool = False) -> Said:
    """A stored fact for the rules. The national id is opened, for it is compared and sealed again for the person."""
    values: dict[str, Any] = dict(fact.values)
    if fact.national_id is not None:
        values["national_id"] = national_id_in(fact)
    return Said(
        number=fact.pk,
        values=values,
        learned_at=fact.learned_at,
        true_from=fact.true_from,
        is_verified=fact.is_verified,
        retracts=fact.retracts_id,
        voids=frozenset(fact.voids),
        is_of_double=is_of_double,
    )


def said_about(persons: Collection[Person]) -> dict[int, list[Said]]:
    """person id → everything said about them and about their doubles."""
    owner = with_doubles([person.pk for person in persons])
    return said_in(Fact.objects.filter(person__in=list(owner)).order_by("pk"), owner)


def said_in(facts: Iterable[Fact], owner: Mapping[int, int]) -> dict[int, list[Said]]:
    """person id → what these facts, in the order they were learned, say; `owner`: as `with_doubles` gives it."""
    said: dict[int, list[Said]] = defaultdict(list)
    for fact in facts:
        keeper = owner[fact.person_id]
        said[keeper].append(said_of(fact, is_of_double=keeper != fact.person_id))
    return said
