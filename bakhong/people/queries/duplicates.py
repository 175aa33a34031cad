"""Suspected doubles in a commune, with the reasons in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.people.models import Fact, Person, PhoneNumber
from bakhong.people.rules.births import birth_text
from bakhong.people.rules.matching import Pair, Profile, duplicates
from bakhong.places.models import Unit

REASONS = {
    "id_same": _("cùng số định danh"),
    "name_same": _("cùng họ tên"),
    "name_accents_lost": _("họ tên chỉ khác vì mất dấu"),
    "name_accents_differ": _("họ tên chỉ khác dấu"),
    "name_alike": _("họ tên gần giống"),
    "birth_same": _("cùng ngày sinh"),
    "birth_year_same": _("cùng năm sinh"),
    "birth_swapped": _("ngày và tháng sinh đổi chỗ"),
    "birth_one_digit": _("ngày sinh khác một chữ số"),
    "birth_differs": _("ngày sinh khác nhau"),
    "phone_same": _("cùng số điện thoại"),
    "household_same": _("cùng hộ"),
    "village_same": _("cùng thôn"),
    "sex_same": _("cùng giới tính"),
}


@dataclass(frozen=True)
class Suspected:
    """Two people who may be one; `reasons` are codes of REASONS, `score` from 0 to 1."""

    a: Person
    b: Person
    score: float
    reasons: tuple[str, ...]

    @property
    def sentences(self) -> list[str]:
        return [gettext(REASONS[code]) for code in self.reasons]


def suspected_pairs(commune: Unit, on: date, by: Actor) -> list[Pair]:
    """The suspected pairs (ids of persons) among the people of a commune whom the actor may see, the surest first.

    Pairs somebody has judged to be two people are left out.
    """
    people = list(
        Person.objects.for_user(by).filter(
            village_id__in=covered_ids([commune.pk], on), is_known=True, merged_into=None
        )
    )
    phones = dict(
        PhoneNumber.objects.filter(person__in=people, is_current=True).values_list("person_id", "number")
    )
    apart = _apart(by)
    uuids = {person.pk: str(person.uuid) for person in people}
    pairs = duplicates(_profile(person, phones.get(person.pk, "")) for person in people)
    return [pair for pair in pairs if frozenset((uuids[pair.a], uuids[pair.b])) not in apart]


def with_people(pairs: Sequence[Pair]) -> list[Suspected]:
    """The pairs with their persons; one whose person is gone or merged since is left out."""
    found = Person.objects.filter(pk__in={each for pair in pairs for each in (pair.a, pair.b)})
    people = {
        person.pk: person
        for person in found.filter(is_known=True, merged_into=None).select_related("village")
    }
    return [
        Suspected(people[pair.a], people[pair.b], pair.score, pair.reasons)
        for pair in pairs
        if pair.a in people and pair.b in people
    ]


def suspected_duplicates(commune: Unit, on: date, by: Actor) -> list[Suspected]:
    """`suspected_pairs` with their persons."""
    return with_people(suspected_pairs(commune, on, by))


def judged_apart(one: Person, other: Person) -> Fact | None:
    """The standing fact that says that these are two people, if somebody has said so."""
    for person, second in ((one, other), (other, one)):
        said = Fact.objects.filter(person=person, values__apart_from=str(second.uuid), retractions=None)
        found: Fact | None = said.first()
        if found is not None:
            return found
    return None


def apart_of(person: Person) -> set[str]:
    """Uuids of those judged not to be this person."""
    rows = Fact.objects.filter(retractions=None)
    own = rows.filter(person=person, values__has_key="apart_from").values_list(
        "values__apart_from", flat=True
    )
    others = rows.filter(values__apart_from=str(person.uuid)).values_list("person__uuid", flat=True)
    return {*own, *map(str, others)}


def _apart(by: Actor) -> set[frozenset[str]]:
    """Uuids of the pairs judged to be two people."""
    rows = Fact.objects.for_user(by).filter(values__has_key="apart_from", retractions=None)
    return {
        frozenset((str(uuid), other))
        for uuid, other in rows.values_list("person__uuid", "values__apart_from")
    }


def _profile(person: Person, phone: str) -> Profile:
    return Profile(
        key=person.pk,
        name=person.name,
        birth=birth_text(person.birth_year, person.birth_month, person.birth_day),
        sex=person.sex,
        id_index=bytes(person.national_id_index) if person.national_id_index is not None else b"",
        phone=phone,
        village=person.village_id,
        household=person.household_id,
        relation=person.relation,
    )
