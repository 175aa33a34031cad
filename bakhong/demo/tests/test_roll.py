"""The synthetic commune on the site, a twentieth of its size: what is counted there is what the press printed."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from bakhong.core.actor import Actor
from bakhong.demo.load import make_places
from bakhong.demo.roll import import_roll, load_later, load_services
from bakhong.demo.rules.commune import REF, Commune, Margins
from bakhong.demo.rules.making import make_commune
from bakhong.indicators.queries.counted import counted, measure_of
from bakhong.people import scope
from bakhong.people.models import Adoption, Fact, Import, Organisation, Person, PhoneSubscription
from bakhong.places.queries import unit_on

pytestmark = pytest.mark.django_db
MARGINS = Margins().scaled(20)
# (indicator, stage, population) → (numerator, denominator) of the margins
PRINTED = {
    ("eid_accounts", "activated", "adults"): (MARGINS.eid, MARGINS.adults),
    ("payment_account", "activated", "aged_15_up"): (MARGINS.accounts, MARGINS.aged_15_up),
    ("basic_security_software", "", "smartphone_subscriptions"): (MARGINS.secured, MARGINS.subscriptions),
    ("personal_signature", "issued", "present_with_smartphone"): (
        MARGINS.signatures,
        MARGINS.smartphone_present,
    ),
}


@pytest.fixture(scope="module")
def commune() -> Commune:
    return make_commune(MARGINS)


@pytest.fixture
def loaded(reference_units: None, commune: Commune, actor: Actor, at: datetime) -> Iterator[None]:
    scope.open_to(None)
    make_places(by=actor, at=at)
    assert import_roll(commune, by=actor, at=at)
    load_services(commune, by=actor, at=at)
    yield
    scope.close()


def counts(code: str, on: date, boundaries: date) -> dict[tuple[str, str, str], tuple[int, int]]:
    unit = unit_on(code, boundaries)
    assert unit is not None
    found = counted([unit.pk], on, boundaries=boundaries)
    result = {}
    for names in PRINTED:
        key = measure_of(*names)
        assert key is not None, names
        count = found[unit.pk, key]
        result[names] = (count.numerator, count.denominator)
    return result


def test_the_margins_come_out_of_counting_before_and_after_what_happened_later(
    loaded: None, commune: Commune, actor: Actor, at: datetime
) -> None:
    the_list_was_read_without_a_rejected_row(commune)
    assert counts("15655", REF, REF) == PRINTED
    assert load_later(commune, by=actor, at=at) > 50
    assert counts("15655", REF, REF) == PRINTED
    today = date(2026, 11, 22)
    now = counts("15646", today, today)
    assert now != PRINTED  # negative control: life did go on
    assert now["eid_accounts", "activated", "adults"][0] > MARGINS.eid


def the_list_was_read_without_a_rejected_row(commune: Commune) -> None:
    taken = Import.objects.get()
    assert (taken.counts["rows"], taken.counts["created"]) == (MARGINS.residents, MARGINS.residents)
    assert taken.counts["rejected"] == 0
    assert Person.objects.count() == len(commune.residents)
    heads = sum(each.relation == "head" for each in commune.residents)
    assert Person.objects.values("household").distinct().count() == heads


def test_loading_again_adds_nothing(loaded: None, commune: Commune, actor: Actor, at: datetime) -> None:
    load_later(commune, by=actor, at=at)
    models = (Person, Fact, Adoption, PhoneSubscription, Organisation, Import)
    before = [model.objects.count() for model in models]
    assert not import_roll(commune, by=actor, at=at)
    assert load_services(commune, by=actor, at=at) == 0
    assert load_later(commune, by=actor, at=at) == 0
    assert [model.objects.count() for model in models] == before
