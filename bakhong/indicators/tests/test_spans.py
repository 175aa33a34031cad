"""A life becomes spans: who counts where, among whom, with what, from which day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from bakhong.indicators.rules import measures as rules
from bakhong.indicators.rules.definitions import DefinitionError, registry
from bakhong.indicators.rules.measures import MeasureKey, book, measure_key, measures, write_book
from bakhong.indicators.rules.spans import ALWAYS, Span, cell_changes, changes, spans_of
from bakhong.people.rules.services import services

HERE, THERE = 11, 12
ADULTS = MeasureKey("eid_accounts", "activated", "adults")
DAY = date(2025, 5, 6)


@dataclass
class Someone:
    kind: str = "person"
    birth: tuple[int | None, int | None, int | None] = (1980, 3, 5)
    stays: tuple[Any, ...] = ((HERE, "", "", None, None),)
    holdings: tuple[Any, ...] = ()
    is_known: bool = True


def counts(life: Someone, key: MeasureKey, on: date, place: int = HERE) -> tuple[int, int]:
    """(numerator, denominator) of one life on a day, from what its spans add up to."""
    measure = measures()[key]
    sums = {
        cell: sum(
            number
            for (where, each, day), number in cell_changes(changes(spans_of(life))).items()
            if where == place and each == cell and day <= on
        )
        for cell in (measure.numerator, measure.denominator)
    }
    return sums[measure.numerator], sums[measure.denominator]


def holding(
    service: str, state: str = "activated", since: date | None = DAY, until: date | None = None
) -> Any:
    return (service, state, since, until)


def test_a_service_counts_from_its_day() -> None:
    life = Someone(holdings=(holding("eid_level1"),))
    assert counts(life, ADULTS, date(2025, 5, 5)) == (0, 1)
    assert counts(life, ADULTS, DAY) == (1, 1)


def test_a_lapsed_one_counts_no_more() -> None:
    life = Someone(
        holdings=(
            holding("eid_level1", until=date(2025, 9, 1)),
            holding("eid_level1", "lapsed", date(2025, 9, 1)),
        )
    )
    assert [counts(life, ADULTS, day)[0] for day in (date(2025, 8, 31), date(2025, 9, 1))] == [1, 0]


def test_level_two_stands_for_level_one_and_nobody_counts_twice() -> None:
    life = Someone(holdings=(holding("eid_level1"), holding("eid_level2", since=date(2025, 8, 1))))
    first, second = (MeasureKey(code, "activated", "legal_age") for code in ("eid_level1", "eid_level2"))
    total = MeasureKey("eid_accounts", "activated", "legal_age")
    for day, expected in ((DAY, (1, 0, 1)), (date(2025, 8, 1), (0, 1, 1))):
        assert tuple(counts(life, key, day)[0] for key in (first, second, total)) == expected
    only_second = Someone(holdings=(holding("eid_level2"),))
    assert counts(only_second, total, DAY) == (1, 1)
    assert measures()[first].covered != measures()[first].having


def test_what_is_only_registered_is_collected_but_not_activated() -> None:
    life = Someone(holdings=(holding("eid_level1", "registered"),))
    assert counts(life, ADULTS, DAY)[0] == 0
    assert counts(life, MeasureKey("eid_accounts", "collected", "adults"), DAY)[0] == 1


@pytest.mark.parametrize(
    ("birth", "before", "from_day"),
    [
        ((2010, 6, 15), date(2028, 6, 14), date(2028, 6, 15)),
        ((2010, None, None), date(2028, 12, 30), date(2028, 12, 31)),
        ((2008, 2, 29), date(2026, 2, 28), date(2026, 3, 1)),
    ],
)
def test_a_birthday_to_come_is_known_already(birth: Any, before: date, from_day: date) -> None:
    life = Someone(birth=birth)
    assert (counts(life, ADULTS, before)[1], counts(life, ADULTS, from_day)[1]) == (0, 1)


def test_of_unknown_age_only_residents_count() -> None:
    life = Someone(birth=(None, None, None), stays=((HERE, "", "smartphone", None, None),))
    assert counts(life, ADULTS, DAY) == (0, 0)
    assert counts(life, MeasureKey("smartphone", "", "residents"), DAY) == (1, 1)


def test_nobody_counts_before_being_born() -> None:
    residents = MeasureKey("smartphone", "", "residents")
    born = Someone(birth=(2025, 9, 2))
    assert counts(born, residents, date(2025, 9, 1)) == (0, 0)
    assert counts(born, residents, date(2025, 9, 2)) == (0, 1)
    # Of whom only the year is known, it is the last possible day.
    assert counts(Someone(birth=(2024, None, None)), residents, date(2024, 12, 30)) == (0, 0)


def test_who_moves_is_counted_elsewhere_and_who_dies_nowhere() -> None:
    life = Someone(
        stays=(
            (HERE, "", "", None, date(2025, 3, 1)),
            (THERE, "", "", date(2025, 3, 1), date(2026, 1, 1)),
            (THERE, "died", "", date(2026, 1, 1), None),
        )
    )
    assert [counts(life, ADULTS, DAY, place)[1] for place in (HERE, THERE)] == [0, 1]
    assert counts(life, ADULTS, date(2025, 2, 1))[1] == 1
    assert counts(life, ADULTS, date(2026, 1, 1), THERE)[1] == 0


def test_the_absent_count_among_adults_but_not_among_the_present() -> None:
    present = MeasureKey("personal_signature", "activated", "present_with_smartphone")
    life = Someone(
        stays=(
            (HERE, "present", "smartphone", None, date(2025, 3, 1)),
            (HERE, "away", "smartphone", date(2025, 3, 1), None),
        )
    )
    assert [counts(life, present, day)[1] for day in (date(2025, 2, 1), DAY)] == [1, 0]
    assert counts(life, ADULTS, DAY)[1] == 1


def test_subscriptions_households_and_merchants_are_counted_as_such() -> None:
    phone = Someone(
        "subscription",
        (None, None, None),
        ((HERE, "", "smartphone", None, None),),
        (holding("security_software"),),
    )
    home = Someone("household", (None, None, None), holdings=(holding("cashless_bills", "in_use"),))
    shop = Someone(
        "organisation", (None, None, None), holdings=(holding("merchant_qr"), holding("digital_channel_org"))
    )
    assert counts(phone, MeasureKey("basic_security_software", "", "smartphone_subscriptions"), DAY) == (1, 1)
    assert counts(home, MeasureKey("cashless_households", "", "households"), DAY) == (1, 1)
    assert counts(shop, MeasureKey("qr_merchants", "registered", "merchants"), DAY) == (1, 1)
    both = MeasureKey("digital_channel_with_authorities", "", "people_and_enterprises")
    assert counts(shop, both, DAY) == (1, 1)
    assert counts(Someone(), both, DAY) == (0, 1)
    assert counts(phone, both, DAY) == (0, 0)


def test_what_nobody_dates_holds_always() -> None:
    (span,) = spans_of(Someone(holdings=(holding("eid_level2", since=None),)))
    assert (span.place, span.valid_from, span.valid_to) == (HERE, None, None)
    assert {step.day for step in changes([span])} == {ALWAYS}


def test_spans_that_say_the_same_are_one() -> None:
    life = Someone(
        holdings=(
            holding("eid_level2", "activated", DAY, date(2025, 6, 1)),
            holding("eid_level2", "in_use", date(2025, 6, 1)),
        )
    )
    assert [(each.valid_from, each.valid_to) for each in spans_of(life)] == [(None, DAY), (DAY, None)]


def test_who_is_unknown_or_a_double_counts_nowhere() -> None:
    assert spans_of(Someone(is_known=False)) == []


def test_taking_back_what_was_added_leaves_nothing() -> None:
    spans = spans_of(Someone(birth=(2009, 1, 1), holdings=(holding("eid_level1"),)))
    both = changes(spans)
    both.update(changes(spans, -1))
    assert cell_changes(both) == {}
    assert cell_changes(changes([Span(HERE, None, None, 1, 0)])) != {}  # negative control


def test_each_measure_has_a_slug_of_its_own() -> None:
    assert all(MeasureKey.of_slug(key.slug) == key for key in measures())
    assert MeasureKey.of_slug("eid_accounts") is None
    assert MeasureKey.of_slug("a--b--c") is None


def test_the_usual_measure_is_that_of_the_definition() -> None:
    assert measure_key("eid_accounts") == ("eid_accounts", "activated", "legal_age")
    assert measure_key("payment_account") == ("payment_account", "activated", "aged_15_up")
    assert measure_key("personal_signature") == ("personal_signature", "activated", "present_with_smartphone")
    assert measure_key("officials_with_certificate") is None


def test_other_rules_have_another_fingerprint() -> None:
    fewer = [definition for definition in registry() if definition.code != "eid_accounts"]
    assert write_book(registry(), services()).fingerprint == book().fingerprint
    assert write_book(fewer, services()).fingerprint != book().fingerprint


def test_a_line_about_a_service_that_does_not_exist_is_refused() -> None:
    known = {code: service for code, service in services().items() if code != "eid_level1"}
    with pytest.raises(DefinitionError, match="eid_level1"):
        rules.write_book(registry(), known)
