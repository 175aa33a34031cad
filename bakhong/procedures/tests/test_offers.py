"""What a unit offers of the catalogue."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

import pytest

from bakhong.accounts.permissions import Anonymous
from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed, NotFound, Refusal
from bakhong.places.models import Unit
from bakhong.places.remembering import reading_the_map_once
from bakhong.procedures.actions.offering import set_offer, undo_offer
from bakhong.procedures.models import ProcedureOffer
from bakhong.procedures.queries.catalogue import history, offer, offered, offers, price

ON = date(2026, 11, 22)
COPIES, MARRIAGE = "2.000815", "1.004873"
pytestmark = pytest.mark.django_db
Queries = Callable[[int], AbstractContextManager[object]]


def _say(unit: Unit, actor: Actor, at: datetime, **values: object) -> ProcedureOffer:
    given = {
        "code": MARRIAGE,
        "is_offered": True,
        "valid_from": date(2026, 1, 1),
        "source": "Nghị quyết 7/NQ-HĐND",
    }
    return set_offer(unit=unit, by=actor, at=at, **{**given, **values})  # type: ignore[arg-type]


def test_everything_of_the_catalogue_is_offered_at_first(thuong_xuan: Unit) -> None:
    codes = [each.code for each in offered(thuong_xuan, ON)]
    assert {COPIES, MARRIAGE, "1.001776", "local.nha-van-hoa"} <= set(codes)
    assert len(codes) == len(offers(thuong_xuan, ON))


def test_a_commune_stops_offering_one(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    row = _say(thuong_xuan, actor, at, is_offered=False)
    assert offer(thuong_xuan, MARRIAGE, ON) is None
    assert offer(thuong_xuan, MARRIAGE, date(2025, 12, 31)) is not None
    undo_offer(offer=row, by=actor, at=at)
    assert offer(thuong_xuan, MARRIAGE, ON) is not None
    assert history(thuong_xuan, MARRIAGE, ON) == []


def test_a_request_that_says_something_of_it_reads_it_again(
    thuong_xuan: Unit, actor: Actor, at: datetime, django_assert_num_queries: Queries
) -> None:
    """What was read is kept for the length of a request, until the request itself says otherwise."""
    with reading_the_map_once():
        assert offer(thuong_xuan, MARRIAGE, ON) is not None
        with django_assert_num_queries(0):
            assert offer(thuong_xuan, MARRIAGE, ON) is not None
        row = _say(thuong_xuan, actor, at, is_offered=False)
        assert offer(thuong_xuan, MARRIAGE, ON) is None
        undo_offer(offer=row, by=actor, at=at)
        assert offer(thuong_xuan, MARRIAGE, ON) is not None


def test_channels_are_its_own(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    _say(thuong_xuan, actor, at, channels=["post", "direct"])
    found = offer(thuong_xuan, MARRIAGE, ON)
    assert found is not None
    assert found.procedure.channels == ("direct", "post")


def test_a_resolution_takes_nothing_for_what_comes_online(
    thuong_xuan: Unit, thanh_hoa: Unit, actor: Actor, at: datetime
) -> None:
    _say(thanh_hoa, actor, at, zero_fee="online", amount=15000)
    found = offer(thuong_xuan, MARRIAGE, ON)
    assert found is not None
    assert [found.fee(channel=each).amount for each in ("online", "direct")] == [0, 15000]
    assert found.fee(channel="online").exemption == "zero_fee"
    assert found.fee(exemptions=("poor",)).amount == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"channels": ["pigeon"]},
        {"zero_fee": "some"},
        {"amount": -1},
        {"code": COPIES, "amount": 5},
        {"source": "  "},
    ],
)
def test_it_refuses_nonsense(thuong_xuan: Unit, actor: Actor, at: datetime, wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        _say(thuong_xuan, actor, at, **wrong)


def test_it_refuses_a_procedure_that_is_not_there(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    with pytest.raises(NotFound):
        _say(thuong_xuan, actor, at, code="9.999999")


def test_it_refuses_whoever_may_not(thuong_xuan: Unit, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        _say(thuong_xuan, Anonymous(), at)


@pytest.mark.parametrize(
    ("code", "said", "kind", "amount", "online", "is_verified"),
    [
        ("local.nha-van-hoa", None, "free", 0, None, True),
        (MARRIAGE, None, "unset", 0, None, False),
        (MARRIAGE, {"amount": 8000}, "fixed", 8000, None, True),
        (MARRIAGE, {"amount": 0}, "free", 0, None, True),
        (MARRIAGE, {"amount": 8000, "zero_fee": "online"}, "fixed", 8000, 0, True),
        (MARRIAGE, {"amount": 8000, "zero_fee": "online", "channels": ["direct"]}, "fixed", 8000, None, True),
        (MARRIAGE, {"amount": 8000, "zero_fee": "all"}, "free", 0, None, True),
        ("1.004194", None, "fixed", 15000, 7000, True),
        ("1.004194", {"amount": 10000}, "fixed", 10000, None, True),
        (COPIES, None, "per_page", 2000, None, False),
    ],
)
def test_a_price_has_one_meaning_on_every_page(
    code: str,
    said: dict[str, object] | None,
    kind: str,
    amount: int,
    online: int | None,
    is_verified: bool,
    thuong_xuan: Unit,
    actor: Actor,
    at: datetime,
) -> None:
    if said is not None:
        _say(thuong_xuan, actor, at, code=code, **said)
    found = offer(thuong_xuan, code, ON)
    assert found is not None
    told = price(found)
    assert (told.kind, told.amount, told.online, told.is_verified) == (kind, amount, online, is_verified)
    assert told.by == ("Nghị quyết 7/NQ-HĐND" if said else "")


def test_without_online_it_is_filed_at_the_desk(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    _say(thuong_xuan, actor, at, code="local.nha-van-hoa", channels=["direct"])
    found = offer(thuong_xuan, "local.nha-van-hoa", ON)
    assert found is not None
    assert found.procedure.filed == "desk"
