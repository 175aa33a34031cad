"""Suspected doubles in a commune, with the reasons in words."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.people.models import Person, PhoneNumber
from bakhong.people.rules.births import birth_text
from bakhong.people.rules.matching import Profile, duplicates
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


def suspected_duplicates(commune: Unit, on: date, by: Actor) -> list[Suspected]:
    """The suspected pairs among the people of a commune whom the actor may see, the surest first."""
    people = {
        person.pk: person
        for person in Person.objects.for_user(by)
        .filter(village_id__in=covered_ids([commune.pk], on), is_known=True, merged_into=None)
        .select_related("village")
    }
    phones = dict(
        PhoneNumber.objects.filter(person__in=list(people), is_current=True).values_list(
            "person_id", "number"
        )
    )
    pairs = duplicates(_profile(person, phones.get(person.pk, "")) for person in people.values())
    return [Suspected(people[pair.a], people[pair.b], pair.score, pair.reasons) for pair in pairs]


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
