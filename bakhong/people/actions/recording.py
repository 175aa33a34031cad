"""Adding facts. Every way in (page, file, visit, register) ends here; `retracting` takes them back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.bulk import insert_many
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.core.ids import new_uuids
from bakhong.people.actions.adopting import Adopted, adopt_along
from bakhong.people.actions.checking import checked
from bakhong.people.actions.projecting import (
    household_ids,
    project,
    project_again,
    store_derived,
)
from bakhong.people.models import Fact, Household, Import, Person, Source
from bakhong.people.permissions import EDIT, require
from bakhong.people.queries.identity import index_of, sealed_for_fact
from bakhong.people.rules.standing import Said
from bakhong.people.signals import facts_recorded, subjects_recorded
from bakhong.places.models import Unit

_FEW = 50


@dataclass(frozen=True)
class Saying:
    """What a source says about one person. `values`: see `rules.standing`; a new person needs "name" and "place" (a unit's id).

    `person` is who it is about; None with `same_as` None makes a new one, and `same_as` is the place in the sequence of the saying that
    makes them. `detail` says where it stands ("Thôn 1!B17"). `adoptions`: what it says of services besides, naming no subject.
    """

    values: Mapping[str, Any]
    person: Person | None = None
    same_as: int | None = None
    true_from: date | None = None
    detail: str = ""
    voids: Collection[str] = field(default_factory=tuple)
    adoptions: Sequence[Adopted] = ()
    uuid: UUID | None = None  # of a new person; None: any


def add_person(
    *,
    village: Unit,
    values: Mapping[str, Any],
    source: str,
    by: Actor,
    at: datetime,
    true_from: date | None = None,
    detail: str = "",
    is_verified: bool = False,
    uuid: UUID | None = None,
) -> Person:
    """A resident nobody has recorded yet, in a village (or in a commune, where the village is not known).

    `uuid` comes from what was sent (`core.ids.uuid_of_form`): sent twice, however close together, it is one person.

    Raises: NotAllowed; Refusal when a value cannot be; Conflict when somebody visible has that national id.
    """
    saying = Saying({**values, "place": village.pk}, true_from=true_from, detail=detail, uuid=uuid)
    with transaction.atomic():
        if uuid is not None and (earlier := _sent_before(uuid)) is not None:
            require(EDIT, earlier.village_id, by=by)
            return earlier
        return learn(
            sayings=[saying], source=source, by=by, at=at, deed="people.add_person", is_verified=is_verified
        )[0]


def _sent_before(uuid: UUID) -> Person | None:
    """The person made from the same form. A second copy waits here until the first is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(uuid.bytes[:8], signed=True)])
    found: Person | None = Person.objects.filter(uuid=uuid).first()
    return found


def record_fact(
    *,
    person: Person,
    values: Mapping[str, Any],
    source: str,
    by: Actor,
    at: datetime,
    true_from: date | None = None,
    detail: str = "",
    is_verified: bool = False,
) -> Person:
    """Something new holds of a person, from a day on; what held before is kept. Without a day: from the day it is told.

    A change nobody knows the day of would otherwise stand below what a list says of a day, and never show.

    Raises: NotAllowed; Refusal when a value cannot be; Conflict when somebody else visible has that national id.
    """
    saying = Saying(values, person=person, true_from=true_from or day_of(at), detail=detail)
    return learn(
        sayings=[saying], source=source, by=by, at=at, deed="people.record_fact", is_verified=is_verified
    )[0]


def correct_fact(
    *,
    person: Person,
    values: Mapping[str, Any],
    source: str,
    by: Actor,
    at: datetime,
    detail: str = "",
    is_verified: bool = False,
) -> Person:
    """What is known of these attributes was wrong all along; this holds instead. The wrong value stays in the history.

    Raises: as `record_fact`.
    """
    saying = Saying(values, person=person, detail=detail, voids=tuple(values))
    return learn(
        sayings=[saying], source=source, by=by, at=at, deed="people.correct_fact", is_verified=is_verified
    )[0]


def learn(
    *,
    sayings: Sequence[Saying],
    source: str,
    by: Actor,
    at: datetime,
    deed: str,
    is_verified: bool = False,
    batch: Import | None = None,
    permission: str = EDIT,
) -> list[Person]:
    """Record what a source says, all of it or nothing; returns the person of each saying, in order. One event a person.

    Raises: NotAllowed; Refusal; Conflict.
    """
    on = day_of(at)
    assert source in Source.values, source
    sayings = [_checked(each, on, is_typed=batch is None) for each in sayings]
    _check_places(sayings, permission, by)
    try:
        with transaction.atomic():
            _check_ids(sayings)
            persons, is_new = _persons(sayings)
            homes = homes_of(persons)
            facts = _facts(sayings, persons, source, at, by, is_verified, batch)
            _store(sayings, persons, is_new, facts, on)
            adopt_along(
                [
                    (person, each)
                    for saying, person in zip(sayings, persons, strict=True)
                    for each in saying.adoptions
                ],
                {persons[number].pk for number in is_new},
                source=source,
                by=by,
                at=at,
                batch=batch,
            )
            touched = list({person.pk: person for person in persons}.values())
            audit.record_many(
                by=by,
                at=at,
                deed=deed,
                object_kind="person",
                objects=[(person.uuid, person.village_id) for person in touched],
                **({"import": str(batch.uuid)} if batch else {}),
            )
            facts_recorded.send(sender=Fact, person_ids=[person.pk for person in touched])
            tell_households([home for _person, home in homes ^ homes_of(persons)])
    except IntegrityError as error:
        if "person_id_once_a_village" in str(error):
            raise Conflict(_("Số định danh này vừa được ghi cho một người khác ở thôn này.")) from None
        raise
    return persons


Home = tuple[int, int]


def homes_of(persons: Sequence[Person]) -> set[Home]:
    """(person, household) of whoever is known to live in one."""
    return {(each.pk, each.household_id) for each in persons if each.is_known and each.household_id}


def tell_households(ids: Collection[int | None]) -> None:
    """Somebody joined or left these households: what is counted by household may have changed."""
    if found := sorted({each for each in ids if each is not None}):
        subjects_recorded.send(sender=Household, kind="household", ids=found)


def as_lists_show(persons: Sequence[Person]) -> list[Person]:
    """The people as lists show them: for a double, who they are a double of."""
    known = {person.pk: person for person in persons}
    while doubles := [person for person in known.values() if person.merged_into_id]:
        for double in doubles:
            del known[double.pk]
        into = [double.merged_into_id for double in doubles]
        for person in Person.objects.select_for_update().filter(pk__in=into):
            known.setdefault(person.pk, person)
    return list(known.values())


def _checked(saying: Saying, on: date, *, is_typed: bool) -> Saying:
    values = checked(saying.values, on, is_typed=is_typed)
    if saying.person is None and saying.same_as is None and not {"name", "place"} <= values.keys():
        raise Refusal(_("Ghi họ và tên."))
    if saying.true_from and saying.true_from > on:
        raise Refusal(_("Không ghi được điều chỉ đúng từ một ngày sau này."))
    return Saying(
        values,
        saying.person,
        saying.same_as,
        saying.true_from,
        saying.detail[:200],
        tuple(saying.voids),
        tuple(saying.adoptions),
        saying.uuid,
    )


def _check_places(sayings: Sequence[Saying], permission: str, by: Actor) -> None:
    places = {each.values["place"] for each in sayings if "place" in each.values}
    for place_id in places | {each.person.village_id for each in sayings if each.person is not None}:
        require(permission, place_id, by=by)


def _check_ids(sayings: Sequence[Saying]) -> None:
    """A national id belongs to one visible person. Two clerks at once wait for each other."""
    wanted: dict[bytes, set[int | None]] = defaultdict(set)
    for each in sayings:
        if each.values.get("national_id"):
            wanted[index_of(each.values["national_id"])].add(each.person.pk if each.person else None)
    if not wanted:
        return
    if len(wanted) <= _FEW:  # a lock each; a whole file would need more than the server has
        with connection.cursor() as cursor:
            for index in sorted(wanted):
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(index[:8], signed=True)])
    found = Person.objects.filter(
        national_id_index__in=list(wanted), is_known=True, merged_into=None
    ).values_list("pk", "national_id_index", "name")
    for pk, index, name in found:
        if wanted[bytes(index)] - {pk}:
            raise Conflict(
                _("Số định danh này đã ghi cho %(name)s. Mở hồ sơ đó để bổ sung.") % {"name": name}
            )


def _persons(sayings: Sequence[Saying]) -> tuple[list[Person], set[int]]:
    """(the person of each saying, which of the sayings make a new one). Existing rows are locked; a double stands for who they are."""
    ids = {each.person.pk for each in sayings if each.person is not None}
    locked = {
        person.pk: person for person in Person.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    }
    persons: list[Person] = []
    is_new: set[int] = set()
    uuids = new_uuids(len(sayings))
    for number, each in enumerate(sayings):
        if each.person is not None:
            if each.person.pk not in locked:
                raise NotFound(_("Không có người này."))
            persons.append(locked[each.person.pk])
        elif each.same_as is not None:
            persons.append(persons[each.same_as])
        else:
            persons.append(
                Person(
                    uuid=each.uuid or uuids[number], village_id=each.values["place"], name=each.values["name"]
                )
            )
            is_new.add(number)
    return persons, is_new


def _facts(
    sayings: Sequence[Saying],
    persons: Sequence[Person],
    source: str,
    at: datetime,
    by: Actor,
    is_verified: bool,
    batch: Import | None,
) -> list[Fact]:
    facts = []
    for each, person, uuid in zip(sayings, persons, new_uuids(len(sayings)), strict=True):
        values = dict(each.values)
        number = values.pop("national_id", None)
        facts.append(
            Fact(
                uuid=uuid,
                person=person,
                village_id=person.village_id,
                values=values,
                # An empty number states that there is none.
                national_id=sealed_for_fact(number, uuid) if number is not None else None,
                voids=sorted(each.voids),
                source=source,
                source_detail=each.detail,
                true_from=each.true_from,
                learned_at=at,
                recorded_by=by.id,
                is_verified=is_verified,
                batch=batch,
            )
        )
    return facts


def _said(number: int, saying: Saying, fact: Fact) -> Said:
    """A fact that is about to be stored, for the rules; only the order of the numbers counts."""
    return Said(
        number, saying.values, fact.learned_at, fact.true_from, fact.is_verified, voids=frozenset(fact.voids)
    )


def _store(
    sayings: Sequence[Saying], persons: Sequence[Person], is_new: set[int], facts: list[Fact], on: date
) -> None:
    """New persons get their columns from the facts in hand; of others all facts are read again."""
    made: dict[int, tuple[Person, list[Any]]] = {}
    for number, (saying, person, fact) in enumerate(zip(sayings, persons, facts, strict=True)):
        if number in is_new:
            made[id(person)] = (person, [])
        if id(person) in made:
            made[id(person)][1].append(_said(number, saying, fact))
    households = household_ids([said for _person, said in made.values()])
    for person, said in made.values():
        project(person, said, on, households)
    insert_many([person for person, _said in made.values()])
    # A saying about services only states no fact of the person.
    told = [
        (fact, person)
        for fact, person in zip(facts, persons, strict=True)
        if fact.values or fact.national_id is not None or fact.voids
    ]
    for fact, person in told:
        # Not `fact.person` from here on: giving the id makes the row forget the object, and the next use would ask the database.
        fact.person_id = person.pk
        fact.village_id = person.village_id
    insert_many([fact for fact, _person in told])
    store_derived(list(made.values()), on, is_new=True)
    known = {person.pk: person for _fact, person in told if id(person) not in made}
    if known:
        project_again(as_lists_show(list(known.values())), on)
