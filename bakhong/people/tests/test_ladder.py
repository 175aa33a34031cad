"""From what was said to the periods of a state: tables, no database."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, permutations

import pytest

from bakhong.people.rules.births import age_of, is_surely_under, last_possible, reaches_on
from bakhong.people.rules.eligibility import why_not_eligible
from bakhong.people.rules.ladder import Told, standing_on_ladder
from bakhong.people.rules.services import LADDER, NONE, STATES, services

START, AT = date(2026, 1, 1), datetime(2026, 6, 1, tzinfo=UTC)


def told(*said: str) -> list[Told]:
    """ "activated@3!": on the third day, verified."""
    found = []
    for number, text in enumerate(said, 1):
        state, _at, day = text.partition("@")
        found.append(
            Told(
                number,
                state,
                START + timedelta(days=int(day.strip("!"))),
                AT + timedelta(hours=number),
                is_verified=day.endswith("!"),
            )
        )
    return found


def shown(*said: str) -> list[str]:
    return [
        f"{each.state}@{(each.valid_from - START).days}" for each in standing_on_ladder(told(*said)).periods
    ]


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ([], []),
        (["activated@1"], ["activated@1"]),
        (
            ["registered@1", "approved@2", "activated@3", "in_use@4"],
            ["registered@1", "approved@2", "activated@3", "in_use@4"],
        ),
        (["activated@3", "activated@1"], ["activated@1"]),  # agreement; the earlier day stands
        (["activated@1", "registered@5"], ["activated@1"]),  # who has it is registered too
        (["registered@1", "refused@2"], ["registered@1", "refused@2"]),
        (["registered@1", "refused@2", "registered@3"], ["registered@1", "refused@2", "registered@3"]),
        (["activated@1", "refused@2"], ["activated@1"]),  # a doubt
        (["activated@1", "refused@2!"], ["activated@1", "refused@2"]),
        (["activated@1", "lapsed@2"], ["activated@1", "lapsed@2"]),
        (["activated@1", "lapsed@2", "activated@3"], ["activated@1", "lapsed@2", "activated@3"]),
        (["activated@1", "lapsed@2", "none@3"], ["activated@1", "lapsed@2"]),
        (["none@1", "activated@2"], ["none@1", "activated@2"]),
        (["activated@1", "none@2"], ["activated@1"]),  # a doubt
        (["registered@1", "none@2"], ["registered@1"]),  # a doubt
        (["activated@1", "none@2!"], ["activated@1", "none@2"]),
        (["activated@1", "none@2!", "activated@1"], ["activated@1", "none@2"]),
        (["activated@1", "none@2!", "activated@3"], ["activated@1", "none@2", "activated@3"]),
        (["none@1", "activated@1"], ["activated@1"]),  # nothing lasts less than a day
        (["lapsed@1"], ["lapsed@1"]),
    ],
)
def test_what_stands(said: list[str], stands: list[str]) -> None:
    assert shown(*said) == stands


def test_doubts_are_named() -> None:
    assert standing_on_ladder(told("activated@1", "none@2", "refused@3", "activated@4")).doubts == (2, 3)


def test_rising_states_stand_whatever_order_they_come_in() -> None:
    """Phones send late and out of order: the same facts make the same periods."""
    days = {state: START + timedelta(days=number) for number, state in enumerate(LADDER)}
    for order in permutations(LADDER):
        facts = [Told(number, state, days[state], AT) for number, state in enumerate(order)]
        assert [each.state for each in standing_on_ladder(facts).periods] == list(LADDER)


def test_a_renewed_certificate_lapses_later() -> None:
    first = Told(1, "activated", START, AT, expires_on=START + timedelta(days=365))
    renewed = Told(2, "activated", START + timedelta(days=360), AT, expires_on=START + timedelta(days=725))
    late = Told(2, "activated", START + timedelta(days=370), AT, expires_on=START + timedelta(days=735))

    def lapses(*facts: Told) -> list[int]:
        return [
            (each.valid_from - START).days
            for each in standing_on_ladder(facts).periods
            if each.state == "lapsed"
        ]

    assert (lapses(first), lapses(first, renewed), lapses(first, late)) == ([365], [725], [365, 735])


def test_taking_back_restores_what_stood() -> None:
    facts = told("registered@1", "activated@2")
    gone = Told(3, "activated", START, AT, retracts=2)
    back = Told(4, "activated", START, AT, retracts=3)
    assert [each.state for each in standing_on_ladder([*facts, gone]).periods] == ["registered"]
    assert [each.state for each in standing_on_ladder([*facts, gone, back]).periods] == [
        "registered",
        "activated",
    ]


def test_periods_never_overlap() -> None:
    for said in permutations(
        ["registered@1", "refused@1", "activated@2", "lapsed@2", "none@3!", "in_use@3"], 4
    ):
        periods = standing_on_ladder(told(*said)).periods
        for before, after in pairwise(periods):
            assert before.valid_to == after.valid_from
            assert before.valid_from < after.valid_from
            assert before.state != after.state
        assert not periods or periods[-1].valid_to is None


def test_the_registry_is_complete() -> None:
    assert {
        "eid_level1",
        "eid_level2",
        "digital_signature",
        "payment_account",
        "e_wallet",
        "portal_account",
    } <= services().keys()
    assert [each.code for each in services().values() if each.counted != "person"] == [
        "cashless_bills",
        "security_software",
        "merchant_qr",
        "digital_channel_org",
    ]
    for each in services().values():
        assert set(each.words) <= {*STATES, NONE}
        assert each.name_vi
        assert each.name_en
        assert each.source


@pytest.mark.parametrize(
    ("code", "age", "presence", "device", "why"),
    [
        ("eid_level2", 14, "", "", ""),
        ("eid_level2", 13, "", "", "too_young"),
        ("eid_level2", 90, "abroad", "none", ""),  # counted wherever they are
        ("payment_account", 15, "away", "", ""),
        ("payment_account", 14, "present", "smartphone", "too_young"),
        ("digital_signature", 40, "present", "smartphone", ""),
        ("digital_signature", 40, "away", "smartphone", "away"),
        ("digital_signature", 40, "present", "basic", "no_smartphone"),
        ("digital_signature", 40, "", "", "device_unknown"),
        ("health_book", None, "", "", ""),
        ("health_book", 3, "died", "", "gone"),
        ("e_wallet", None, "", "smartphone", "age_unknown"),
    ],
)
def test_whom_a_service_is_for(code: str, age: int | None, presence: str, device: str, why: str) -> None:
    rule = services()[code].eligible
    assert why_not_eligible(rule, age=age, presence=presence, device=device) == why


@pytest.mark.parametrize(
    "birth",
    [(2008, None, None), (2008, 2, None), (2008, 2, 29), (2008, 12, 31), (2008, 1, 1), (2008, 4, None)],
)
def test_an_age_is_reached_on_one_day_and_not_before(birth: tuple[int, int | None, int | None]) -> None:
    for age in (14, 15, 16, 18):
        day = reaches_on(birth, age)
        assert day is not None
        assert age_of(birth, day) == age
        assert age_of(birth, day - timedelta(days=1)) == age - 1
        born = last_possible(birth)
        assert born is not None
        assert not is_surely_under(birth, age, day)  # who surely has the age is not surely under it
