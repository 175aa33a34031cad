"""Surveys: the lot decides, nothing is said without its n, and a difference comes with its interval."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.outreach.actions.surveys import close_round, draw_sample, make_survey, record_reply
from bakhong.outreach.models import SampledPerson, Survey, SurveyRound
from bakhong.outreach.queries.surveys import results_of, sample_of
from bakhong.outreach.rules.surveys import change, draw, sample_size, share, shares
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

Make = Callable[..., Survey]


@pytest.fixture
def make(thuong_xuan: Unit, actor: Actor, at: datetime) -> Make:
    def made(**said: Any) -> Survey:
        told: dict[str, Any] = {
            "unit": thuong_xuan,
            "title": "Trả tiền điện",
            "question": "Nhà bác trả tiền điện không dùng tiền mặt chưa?",
            "choices": ["Có", "Không"],
            "counted": "Có",
            "age_min": 18,
            "by_village": True,
            "margin": 5,
            "client_key": uuid4(),
            "by": actor,
            "at": at,
        }
        return make_survey(**{**told, **said})

    return made


@pytest.fixture
def people(person: MakePerson, villages: list[Unit]) -> None:
    for number, letter in enumerate("ABCDEFGHIK"):
        person(f"Lê Văn {letter}", birth="1970", where=villages[number % 2])
    person("Lê Thị Út", birth="2020")
    person("Lê Văn Mất", birth="1930", presence="died")
    person("Lê Văn Mơ")  # nobody knows how old


def reply_all(found: SurveyRound, yes: int, actor: Actor, at: datetime) -> None:
    for rank, each in enumerate(found.sample.order_by("rank")):
        record_reply(sampled=each, reply="answered", answer="Có" if rank < yes else "Không", by=actor, at=at)


def test_the_sample_is_drawn_once_from_those_of_age(
    make: Make, people: None, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    survey = make()
    found = draw_sample(survey=survey, wave="before", by=actor, at=at)
    assert (found.population, found.size, found.sample.count()) == (10, 10, 10)
    assert {(each.village, each.population, each.size) for each in found.strata.all()} == {
        (villages[0], 5, 5),
        (villages[1], 5, 5),
    }
    with pytest.raises(Conflict):
        draw_sample(survey=survey, wave="before", by=actor, at=at)
    assert Event.objects.filter(deed="outreach.draw_sample").count() == 1


def test_nobody_can_change_who_was_drawn(make: Make, people: None, actor: Actor, at: datetime) -> None:
    found = draw_sample(survey=make(), wave="before", by=actor, at=at)
    one, other = found.sample.order_by("rank")[:2]
    for change_it in (
        lambda: SampledPerson.objects.filter(pk=one.pk).update(person_id=other.person_id),
        lambda: SampledPerson.objects.filter(pk=one.pk).delete(),
        lambda: SurveyRound.objects.filter(pk=found.pk).update(seed="mine"),
        lambda: found.strata.update(size=0),
    ):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            change_it()
    with connection.cursor() as cursor:  # negative control
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE outreach_surveyround DISABLE TRIGGER outreach_keep")
    assert SurveyRound.objects.filter(pk=found.pk).update(seed="mine") == 1


def test_the_lot_can_be_drawn_again_by_anybody(make: Make, people: None, actor: Actor, at: datetime) -> None:
    found = draw_sample(survey=make(by_village=False, margin=20), wave="before", by=actor, at=at)
    drawn = [str(each.person.uuid) for each in found.sample.order_by("rank").select_related("person")]
    assert draw(sorted(drawn), len(drawn), found.seed) == drawn
    assert draw(sorted(drawn), len(drawn), "another seed") != drawn


def test_a_survey_needs_somebody_to_ask_and_before_comes_first(
    make: Make, village: Unit, actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal):
        draw_sample(survey=make(), wave="before", by=actor, at=at)
    with pytest.raises(Refusal):
        draw_sample(survey=make(), wave="after", by=actor, at=at)


def test_before_and_after_with_their_intervals(make: Make, people: None, actor: Actor, at: datetime) -> None:
    survey = make()
    reply_all(draw_sample(survey=survey, wave="before", by=actor, at=at), 3, actor, at)
    rounds, changed = results_of(survey)
    assert changed is None
    assert rounds["before"].counted
    assert (rounds["before"].counted.count, rounds["before"].counted.asked) == (3, 10)
    reply_all(draw_sample(survey=survey, wave="after", by=actor, at=at), 9, actor, at)
    _rounds, changed = results_of(survey)
    assert changed
    assert (changed.points, changed.low, changed.high) == (Decimal(60), Decimal(60), Decimal(60))


def test_no_percent_without_anybody_who_answered(
    make: Make, people: None, actor: Actor, at: datetime
) -> None:
    survey = make()
    found = draw_sample(survey=survey, wave="before", by=actor, at=at)
    one, two, three = found.sample.order_by("rank")[:3]
    record_reply(sampled=one, reply="refused", answer="", by=actor, at=at)
    record_reply(sampled=two, reply="away", answer="", by=actor, at=at)
    (result,) = results_of(survey)[0].values()
    assert result.counted is None
    assert dict(result.replies) == {"refused": 1, "away": 1, "": 8}
    record_reply(sampled=three, reply="answered", answer="Có", by=actor, at=at)
    (result,) = results_of(survey)[0].values()
    assert result.counted
    assert result.counted.asked == 1


def test_a_reply_may_be_mended_until_the_round_is_closed(
    make: Make, people: None, actor: Actor, at: datetime
) -> None:
    found = draw_sample(survey=make(), wave="before", by=actor, at=at)
    one = found.sample.order_by("rank")[0]
    for wrong in (("answered", "Chắc vậy"), ("asleep", "")):
        with pytest.raises(Refusal):
            record_reply(sampled=one, reply=wrong[0], answer=wrong[1], by=actor, at=at)
    record_reply(sampled=one, reply="answered", answer="Có", by=actor, at=at)
    record_reply(sampled=one, reply="answered", answer="Có", by=actor, at=at)
    assert Event.objects.filter(deed="outreach.record_reply").count() == 1
    assert record_reply(sampled=one, reply="refused", answer="Có", by=actor, at=at).answer == ""
    close_round(round=found, by=actor, at=at)
    with pytest.raises(Conflict):
        record_reply(sampled=one, reply="", answer="", by=actor, at=at)


def test_a_village_asks_its_own_people(
    make: Make,
    people: None,
    villages: list[Unit],
    staff: Callable[[str, Unit], StaffActor],
    actor: Actor,
    at: datetime,
) -> None:
    found = draw_sample(survey=make(), wave="before", by=actor, at=at)
    head = staff("village_head", villages[0])
    mine = sample_of(head, found)
    assert {each.village for each in mine} == {villages[0]}
    record_reply(sampled=mine[0], reply="answered", answer="Có", by=head, at=at)
    theirs = found.sample.filter(village=villages[1])[0]
    with pytest.raises(NotAllowed):
        record_reply(sampled=theirs, reply="refused", answer="", by=head, at=at)
    with pytest.raises(NotAllowed):
        make(by=head)


@pytest.mark.parametrize(
    "said",
    [{"choices": ["Có"]}, {"choices": ["Có", " Có "]}, {"counted": "Chưa"}, {"margin": 0}, {"question": ""}],
)
def test_it_refuses_what_cannot_be(make: Make, said: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        make(**said)


# The rules, in tables.


@pytest.mark.parametrize(
    ("population", "margin", "size"),
    [
        (0, 5, 0),
        (1, 5, 1),
        (10, 5, 10),
        (100, 5, 80),
        (5205, 5, 358),
        (5205, 3, 886),
        (10**7, 3, 1067),
        (10**9, 3, 1068),
    ],
)
def test_the_size_follows_cochran(population: int, margin: int, size: int) -> None:
    assert sample_size(population, margin) == size


@pytest.mark.parametrize(
    ("total", "sizes"),
    list(product((0, 1, 7, 100, 358), ([5], [1, 1, 1], [700, 3, 40, 0], [613, 700, 655, 812]))),
)
def test_shares_sum_exactly_and_fit(total: int, sizes: list[int]) -> None:
    parts = shares(total, dict(enumerate(sizes)))
    assert sum(parts.values()) == min(total, sum(sizes))
    assert all(0 <= parts[key] <= size for key, size in enumerate(sizes))


@pytest.mark.parametrize(("count", "asked"), [(0, 20), (20, 20), (1, 3), (179, 358)])
def test_an_interval_holds_its_share_and_stays_in_bounds(count: int, asked: int) -> None:
    found = share(count, asked, 5205)
    assert found
    assert 0 <= found.low <= found.percent <= found.high <= 100


def test_asking_more_of_the_same_people_narrows_the_interval() -> None:
    few, many, everybody = (share(50, 100, size) for size in (10**9, 150, 100))
    assert few
    assert many
    assert everybody
    assert few.high - few.low > many.high - many.low > everybody.high - everybody.low == 0


def test_wilson_as_published() -> None:
    """Wilson without correction, from Newcombe (1998) on a single proportion, table I: 81/263 and 15/148."""
    for count, asked, low, high in ((81, 263, "25.5", "36.6"), (15, 148, "6.2", "16.0")):
        found = share(count, asked, 10**9)
        assert found
        assert (found.low, found.high) == (Decimal(low), Decimal(high))


def test_a_small_difference_is_not_sure() -> None:
    small, large = change((50, 100, 10**9), (55, 100, 10**9)), change((35, 100, 10**9), (90, 100, 10**9))
    assert small
    assert large
    assert not small.is_sure
    assert large.is_sure


def test_the_lot_falls_evenly() -> None:
    keys = [str(number) for number in range(40)]
    hits = dict.fromkeys(keys, 0)
    for seed in range(400):
        for key in draw(keys, 10, str(seed)):
            hits[key] += 1
    assert all(
        60 <= count <= 145 for count in hits.values()
    )  # 100 each on average; far beyond chance otherwise
