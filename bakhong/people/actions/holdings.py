"""From the facts about services to the rows of `Holding`: what stands is worked out anew, whatever was added."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from bakhong.core.bulk import insert_many
from bakhong.people.models import Adoption, Holding, Person
from bakhong.people.models.adoption import SUBJECTS
from bakhong.people.queries.adoption import told_of
from bakhong.people.queries.doubles import with_doubles
from bakhong.people.rules.ladder import Period, Told, standing_on_ladder


def hold_again(kind: str, ids: Collection[int], services: Collection[str] | None = None) -> set[int]:
    """Work out and store the periods of these subjects (of these services only); returns the ids of whom anything changed.

    The caller holds their rows. Of persons: those that lists show, whose doubles' facts are theirs.
    """
    owner = with_doubles(ids) if kind == "person" else {pk: pk for pk in ids}
    told: dict[tuple[int, str], list[Told]] = defaultdict(list)
    for fact in _of(Adoption, kind, owner, services).order_by("pk"):
        told[owner[fact.subject_key[1]], fact.service].append(told_of(fact))
    wanted = {key: standing_on_ladder(facts).periods for key, facts in told.items()}
    stored: dict[tuple[int, str], list[Holding]] = defaultdict(list)
    for row in _of(Holding, kind, owner, services):
        stored[row.subject_key[1], row.service].append(row)
    changed = [key for key in stored.keys() | wanted.keys() if _differ(stored[key], wanted.get(key, ()))]
    _replace(kind, changed, stored, wanted)
    return {pk for pk, _service in changed}


def hold_first(facts: Collection[Adoption]) -> None:
    """Store the periods of persons of whom these are all facts there are."""
    told: dict[tuple[int, int, str], list[Told]] = defaultdict(list)
    for fact in facts:
        told[fact.subject_key[1], fact.village_id, fact.service].append(told_of(fact))
    insert_many(
        [
            row
            for (pk, village, service), said in told.items()
            for row in holdings_of("person", pk, village, service, standing_on_ladder(said).periods)
        ]
    )


def holdings_of(
    kind: str, pk: int, village_id: int, service: str, periods: Iterable[Period]
) -> list[Holding]:
    """Rows to be stored."""
    return [
        Holding(
            **{f"{kind}_id": pk},
            village_id=village_id,
            service=service,
            state=each.state,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
        )
        for each in periods
    ]


def leave_nothing(person: Person) -> None:
    """A double holds nothing of its own: what was said of it stands of who they are."""
    Holding.objects.filter(person=person).delete()


def _of(
    model: type[Adoption] | type[Holding], kind: str, ids: Iterable[int], services: Collection[str] | None
) -> Any:
    found = model.objects.filter(**{f"{kind}__in": list(ids)})
    return found if services is None else found.filter(service__in=services)


def _differ(stored: Iterable[Holding], wanted: Iterable[Period]) -> bool:
    before = {(row.state, row.valid_from, row.valid_to) for row in stored}
    return before != {(each.state, each.valid_from, each.valid_to) for each in wanted}


def _replace(
    kind: str,
    changed: Collection[tuple[int, str]],
    stored: dict[tuple[int, str], list[Holding]],
    wanted: dict[tuple[int, str], tuple[Period, ...]],
) -> None:
    Holding.objects.filter(pk__in=[row.pk for key in changed for row in stored[key]]).delete()
    ids = {pk for pk, _service in changed}
    villages = dict(SUBJECTS[kind].objects.filter(pk__in=ids).values_list("pk", "village_id"))
    insert_many(
        [
            row
            for pk, service in changed
            for row in holdings_of(kind, pk, villages[pk], service, wanted.get((pk, service), ()))
        ]
    )
