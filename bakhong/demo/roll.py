"""The synthetic commune as the site holds it: its list taken in like any other, then what was said of services, day by day.

Every stage may run again: the list is found as taken in, every fact has its own key.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.demo import sheets
from bakhong.demo.rules.commune import REF, VILLAGES, Commune, Resident, Step
from bakhong.demo.rules.later import Later, later
from bakhong.demo.rules.peopling import NO_OPERATOR
from bakhong.people.actions.adopting import Adopted, record_adoptions
from bakhong.people.actions.importing import import_list
from bakhong.people.actions.recording import Saying, learn
from bakhong.people.actions.registers import Subscribed, add_organisation, record_subscriptions
from bakhong.people.models import Adoption, Household, Import, Organisation, Person, PhoneSubscription, Source
from bakhong.people.queries.identity import index_of
from bakhong.people.reading import read_list
from bakhong.places.models import Unit
from bakhong.places.queries import children, unit_on

FORMER = "15655"  # xã Ngọc Phụng, part of xã Thường Xuân since 01/07/2025
FILE = "ngoc-phung-nhan-khau-mau.xlsx"
_KEYS = uuid5(NAMESPACE_URL, "https://ba-khong.invalid/demo/roll")
# As kept by different hands.
STYLES = {
    "Mẫu 2": sheets.Style(two_rows=True),
    "Mẫu 4": sheets.Style(capitals=True),
    "Mẫu 6": sheets.Style(decomposed=True),
}


def village_name(index: int) -> str:
    return f"Thôn {VILLAGES[index].name}"


def former_commune() -> Unit:
    unit = unit_on(FORMER, REF)
    assert unit is not None
    return unit


def roll_workbook(commune: Commune) -> sheets.Messy:
    members: dict[str, list[Resident]] = defaultdict(list)
    for each in commune.residents:
        members[village_name(each.village)].append(each)
    styles = {f"Thôn {name}": style for name, style in STYLES.items()}
    return sheets.workbook("DANH SÁCH NHÂN KHẨU XÃ NGỌC PHỤNG (MẪU)", REF, members, styles)


def import_roll(commune: Commune, *, by: Actor, at: datetime) -> bool:
    """Take the list in as a clerk would; False when it was taken in before (also when somebody took it back since)."""
    unit = former_commune()
    if Import.objects.filter(commune=unit, file_name=FILE).exists():
        return False
    data = roll_workbook(commune).data
    residents = read_list(data, filename=FILE, today=day_of(at))
    import_list(commune=unit, residents=residents, file_name=FILE, content=data, by=by, at=at)
    return True


def load_services(commune: Commune, *, by: Actor, at: datetime) -> int:
    """What was known of services on REF, a village at a time. Returns how many facts."""
    loading = Loading(commune, by, at)
    return sum(loading.village(index) for index in range(len(VILLAGES)))


@dataclass
class Loading:
    """From the serials of the generator to the rows of the roll. Who was taken out of the roll since is passed over."""

    commune: Commune
    by: Actor
    at: datetime

    @cached_property
    def persons(self) -> dict[int, Person]:
        serials = {index_of(each.national_id): each.serial for each in self.commune.residents}
        found = Person.objects.filter(national_id_index__in=list(serials), is_known=True, merged_into=None)
        return {serials[bytes(person.national_id_index or b"")]: person for person in found}

    @cached_property
    def households(self) -> dict[int, Household]:
        heads = {
            person.household_id: each.household
            for each in self.commune.residents
            if each.relation == "head" and (person := self.persons.get(each.serial)) and person.household_id
        }
        return {heads[household.pk]: household for household in Household.objects.filter(pk__in=list(heads))}

    @cached_property
    def villages(self) -> list[Unit]:
        found = {unit.full_name: unit for unit in children(former_commune(), REF)}
        return [found[village_name(index)] for index in range(len(VILLAGES))]

    def village(self, index: int) -> int:
        """Subscriptions, shops and facts of one village in one transaction."""
        with transaction.atomic():
            self._subscriptions(index)
            self._shops(index)
            return self.record([step for step in self.commune.steps if self._village_of(step) == index])

    def record(self, steps: Iterable[Step]) -> int:
        """Store what is not stored yet and whose subject is there. Returns how many."""
        keyed = {key_of(step): step for step in steps}
        stored = set(Adoption.objects.filter(client_key__in=list(keyed)).values_list("client_key", flat=True))
        entries = [
            entry
            for key, step in keyed.items()
            if key not in stored and (entry := self._entry(key, step)) is not None
        ]
        if entries:
            record_adoptions(entries=entries, source=Source.LIST, by=self.by, at=self.at)
        return len(entries)

    def _entry(self, key: UUID, step: Step) -> Adopted | None:
        told = Adopted(
            service=step.service,
            state=step.state,
            happened_on=step.on,
            provider=step.provider,
            reason=step.reason,
            evidence=step.evidence,
            detail="dữ liệu mẫu",
            client_key=key,
        )
        match step.kind:
            case "person":
                return replace(told, person=found) if (found := self.persons.get(step.key)) else None
            case "household":
                return replace(told, household=house) if (house := self.households.get(step.key)) else None
            case "subscription":
                number = self.commune.subscriptions[step.key].number
                return replace(told, subscription=phone) if (phone := self.phones.get(number)) else None
        return replace(told, organisation=shop) if (shop := self.shops.get(step.key)) else None

    def _village_of(self, step: Step) -> int:
        if step.kind == "subscription":
            return self.commune.subscriptions[step.key].village
        if step.kind == "organisation":
            return self.commune.shops[step.key].village
        return self.homes[step.kind][step.key]

    @cached_property
    def homes(self) -> dict[str, dict[int, int]]:
        return {
            "person": {each.serial: each.village for each in self.commune.residents},
            "household": {each.household: each.village for each in self.commune.residents},
        }

    def _subscriptions(self, index: int) -> None:
        wanted = [
            each
            for each in self.commune.subscriptions
            if each.village == index and each.number not in self.phones
        ]
        made = record_subscriptions(
            entries=[
                Subscribed(
                    self.villages[index],
                    each.number,
                    person=self.persons.get(each.person or 0),
                    is_smartphone=each.is_smartphone,
                    source="dữ liệu mẫu",
                )
                for each in wanted
            ],
            by=self.by,
            at=self.at,
        )
        self.phones |= {each.number: each for each in made}

    def _shops(self, index: int) -> None:
        for shop in self.commune.shops:
            if shop.village == index and shop.number not in self.shops:
                self.shops[shop.number] = add_organisation(
                    village=self.villages[index],
                    kind=shop.kind,
                    name=shop.name,
                    tax_code=tax_code(shop.number),
                    owner=self.persons.get(shop.owner),
                    source="dữ liệu mẫu",
                    by=self.by,
                    at=self.at,
                )

    @cached_property
    def phones(self) -> dict[str, PhoneSubscription]:
        found = PhoneSubscription.objects.filter(number__startswith=NO_OPERATOR, valid_to=None)
        return {each.number: each for each in found}

    @cached_property
    def shops(self) -> dict[int, Organisation]:
        numbers = {tax_code(shop.number): shop.number for shop in self.commune.shops}
        found = Organisation.objects.filter(tax_code__in=list(numbers), valid_to=None)
        return {numbers[each.tax_code]: each for each in found}


def tax_code(number: int) -> str:
    """In the right form, and of no tax office: their numbers begin with the code of a province.

    >>> tax_code(7)
    '9900000007'
    """
    return f"99{number:08d}"


def key_of(step: Step) -> UUID:
    """The same step has the same key on every machine."""
    return uuid5(_KEYS, f"{step.kind}/{step.key}/{step.service}/{step.state}/{step.on}")


def load_later(commune: Commune, *, by: Actor, at: datetime) -> int:
    """What happened since, up to the day of loading. Returns how many facts of services were added."""
    loading, since = Loading(commune, by, at), later(commune, day_of(at))
    if (
        since.newborn
        and not Person.objects.filter(national_id_index=index_of(since.newborn[0].national_id)).exists()
    ):
        _tell(loading, since)
    return loading.record(since.steps)


def _tell(loading: Loading, since: Later) -> None:
    persons, households = loading.persons, loading.households
    sayings = [
        Saying(change.values, person=persons[change.serial], true_from=change.on, detail="dữ liệu mẫu")
        for change in since.changes
        if change.serial in persons
    ]
    sayings += [
        Saying(
            {
                "name": each.name,
                "birth": each.born,
                "sex": each.sex,
                "national_id": each.national_id,
                "place": loading.villages[each.village].pk,
                "household": str(households[each.household].uuid),
                "relation": each.relation,
                "presence": "present",
            },
            true_from=each.surely,
            detail="dữ liệu mẫu",
        )
        for each in since.newborn
        if each.household in households
    ]
    if sayings:
        learn(sayings=sayings, source=Source.OFFICER, by=loading.by, at=loading.at, deed="people.record_fact")
