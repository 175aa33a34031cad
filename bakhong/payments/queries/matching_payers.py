"""Whom the rows of a list speak of: villages, people by their number, customers by their code, and who was charged already.

Who collects sees nobody of the roll. So this looks as the operator does, within the one commune; of each row is told only what it matched.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from bakhong.accounts.permissions import covered_ids
from bakhong.core.errors import Refusal
from bakhong.core.text import name_key
from bakhong.payments.models import Biller, Charge, ChargeState, CustomerCode
from bakhong.payments.rules.charge_lists import Line
from bakhong.people.models import Household, Organisation, Person
from bakhong.people.queries.doubles import who_they_are
from bakhong.people.queries.identity import index_of
from bakhong.places.models import Level, Unit
from bakhong.places.queries import resolve_name


@dataclass(frozen=True)
class Payer:
    """Whose charge it is, as far as the roll knows; at most one of the three."""

    person: Person | None = None
    household: Household | None = None
    organisation: Organisation | None = None

    @property
    def village(self) -> Unit | None:
        known = self.person or self.household or self.organisation
        return known.village if known is not None else None


@dataclass(frozen=True)
class Known:
    """`people`: by national id; `customers`: by customer code.

    Of the month: `charged`: what a charge is told by → its reference; `others`: by customer code, the words of a charge they have already.
    """

    villages: Mapping[str, Unit]
    people: Mapping[str, Person]
    customers: Mapping[str, Payer]
    charged: Mapping[tuple[object, ...], str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)


def known_of(biller: Biller, service: str, period: date | None, lines: Sequence[Line], on: date) -> Known:
    """Everything the rows may be about, in a handful of queries. The connection must see the people of the commune."""
    area = covered_ids([biller.unit_id], on)
    codes = {each.code for each in lines if each.code}
    charged, others = charged_in(biller, service, period)
    return Known(
        villages_named(biller.unit, {each.village for each in lines if each.village}, on),
        _people({each.national_id for each in lines if each.national_id}, area),
        _customers(biller, service, codes, area),
        charged,
        others,
    )


def payer_told(biller: Biller, service: str, *, name: str, national_id: str, code: str, on: date) -> Payer:
    """Whose a charge raised by hand is: by the national id, where the name agrees; else by the customer's code. The connection must see
    the people of the commune.

    Raises: Refusal where the roll has another name for the number.
    """
    area = covered_ids([biller.unit_id], on)
    person = _people([national_id], area).get(national_id) if national_id else None
    if person is None:
        return _customers(biller, service, {code}, area).get(code, Payer()) if code else Payer()
    if person.name_key != name_key(name):
        raise Refusal(_("Số và tên không khớp danh sách dân. Sửa lại, hoặc xoá số để lập không gắn với ai."))
    return Payer(person=person)


def villages_named(commune: Unit, told: Iterable[str], on: date) -> dict[str, Unit]:
    """Words of a list → the village they name; those that name none or several are left out."""
    found = {}
    for words in told:
        hits = (
            resolve_name(each, on=on, within=commune, level=Level.VILLAGE)
            for each in (words, f"thôn {words}")
        )
        unit = next((each for each in hits if each is not None), None)
        if unit is not None:
            found[words] = unit
    return found


def _people(ids: Iterable[str], area: frozenset[int]) -> dict[str, Person]:
    index = {index_of(each): each for each in ids}
    found = Person.objects.filter(
        national_id_index__in=list(index), village__in=area, is_known=True, merged_into=None
    ).select_related("village")
    return {index[bytes(each.national_id_index or b"")]: each for each in found}


def _customers(biller: Biller, service: str, codes: set[str], area: frozenset[int]) -> dict[str, Payer]:
    """By the provider's codes, else by whom a code was charged to before, else by a household's own code where only one has it."""
    if not codes:
        return {}
    return {
        **_by_household(codes, area),
        **_by_charges(biller, codes),
        **_by_codes(biller, service, codes),
    }


def _by_codes(biller: Biller, service: str, codes: set[str]) -> dict[str, Payer]:
    live = CustomerCode.objects.filter(biller=biller, service=service, valid_to=None, code__in=codes)
    rows = live.select_related("person__village", "household__village", "organisation__village")
    return _payers((each.code, each) for each in rows)


def _by_charges(biller: Biller, codes: set[str]) -> dict[str, Payer]:
    rows = Charge.objects.filter(biller=biller, customer_code__in=codes).order_by("pk")
    told = rows.select_related("person__village", "household__village", "organisation__village")
    return _payers((each.customer_code, each) for each in told)


def _by_household(codes: set[str], area: frozenset[int]) -> dict[str, Payer]:
    rows = Household.objects.filter(village__in=area, code__in=codes).select_related("village")
    found: dict[str, list[Household]] = {}
    for each in rows:
        found.setdefault(each.code, []).append(each)
    return {code: Payer(household=each[0]) for code, each in found.items() if len(each) == 1}


def _payers(rows: Iterable[tuple[str, Charge | CustomerCode]]) -> dict[str, Payer]:
    """code → whose it is, the last row of a code counting. A record that was merged into another stands for who they are."""
    found = list(rows)
    into = who_they_are({row.person_id for _code, row in found if row.person_id is not None})
    merged = [kept for pk, kept in into.items() if pk != kept]
    kept = Person.objects.select_related("village").in_bulk(merged)
    told = ((code, _payer(row, kept.get(into.get(row.person_id or 0, 0)))) for code, row in found)
    return {code: payer for code, payer in told if payer.village is not None}


def _payer(row: Charge | CustomerCode, kept: Person | None) -> Payer:
    """`kept`: who the row's person is, where their record was merged."""
    if row.person is not None:
        return Payer(person=kept or row.person)
    if row.household is not None:
        return Payer(household=row.household)
    return Payer(organisation=row.organisation)


def charged_in(
    biller: Biller, service: str, period: date | None
) -> tuple[dict[tuple[object, ...], str], dict[str, str]]:
    """What stands for the month: a list that overlaps must not charge anybody twice. Without a month nothing is compared.

    `Known.charged` and `Known.others`.
    """
    if period is None:
        return {}, {}
    rows = Charge.objects.filter(biller=biller, service=service, period=period).exclude(
        state=ChargeState.WITHDRAWN
    )
    found: dict[tuple[object, ...], str] = {}
    others: dict[str, str] = {}
    for code, name, village, title, reference in rows.values_list(
        "customer_code", "payer_name", "village_id", "title", "reference"
    ):
        found[told_by(code, name, village, title)] = reference
        others[code] = title
    return found, others


def told_by(code: str, name: str, village_id: int, title: str) -> tuple[object, ...]:
    """What two charges of a service and month have in common when they are one: the words, and the customer's code or name and village."""
    return (code, name_key(title)) if code else (name_key(name), village_id, name_key(title))
