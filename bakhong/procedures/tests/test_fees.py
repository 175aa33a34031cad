"""What a dossier costs."""

from dataclasses import replace
from datetime import date

import pytest

from bakhong.procedures.rules.catalogue import Exemption, Procedure, procedure
from bakhong.procedures.rules.fees import exemptions_of, fee

ON = date(2026, 11, 22)


def found(code: str) -> Procedure:
    each = procedure(code, ON)
    assert each is not None
    return each


COPIES, RESIDENCE, ALLOWANCE, MARRIAGE = map(found, ("2.000815", "1.004194", "1.001776", "1.004873"))


@pytest.mark.parametrize(
    ("pages", "copies", "amount"),
    [
        (1, 1, 2000),
        (2, 1, 4000),
        (3, 1, 5000),
        (10, 1, 12000),
        (198, 1, 200000),
        (500, 1, 200000),
        (3, 4, 20000),
    ],
)
def test_copies_cost_by_the_page_and_no_more_than_the_most(pages: int, copies: int, amount: int) -> None:
    due = fee(COPIES, pages=pages, copies=copies)
    assert due.amount == amount
    assert sum(line.amount for line in due.lines) == amount


def test_what_is_free_says_so() -> None:
    due = fee(ALLOWANCE)
    assert (due.amount, due.lines[0].vi, due.exemption) == (0, "Không thu phí", "")


def test_online_may_cost_less() -> None:
    assert [fee(RESIDENCE, channel=each).amount for each in ("direct", "online")] == [15000, 7000]


def test_an_exemption_stands_in_the_lines() -> None:
    due = fee(RESIDENCE, exemptions=["poor"])
    assert (due.amount, due.exemption) == (0, "poor")
    assert [line.amount for line in due.lines] == [15000, -15000]
    assert "hộ nghèo" in due.lines[1].vi
    assert due.as_json()[1] == {"words": due.lines[1].vi, "amount": -15000}


def test_the_best_of_several_exemptions_counts() -> None:
    half = Exemption("half", "giảm một nửa", share=50)
    some = replace(RESIDENCE, fee=replace(RESIDENCE.fee, exemptions=(half, *RESIDENCE.fee.exemptions)))
    assert fee(some, exemptions=["half"]).amount == 7500
    assert fee(some, exemptions=["half", "poor"]).amount == 0


def test_a_resolution_frees_what_comes_online_or_all() -> None:
    assert fee(RESIDENCE, zero_fee="online", channel="online").exemption == "zero_fee"
    assert fee(RESIDENCE, zero_fee="online", channel="direct").amount == 15000
    assert fee(RESIDENCE, zero_fee="all", channel="post").amount == 0


def test_a_local_amount_stands_in_for_the_catalogues() -> None:
    assert fee(MARRIAGE, amount=8000).amount == 8000
    assert fee(RESIDENCE, amount=9000, channel="online").amount == 9000
    assert fee(MARRIAGE, amount=8000, exemptions=["disabled"]).amount == 0


@pytest.mark.parametrize(
    "wrong", [{"pages": 0}, {"copies": 0}, {"pages": 10**6}, {"copies": 501}, {"exemptions": ["rich"]}]
)
def test_it_refuses_nonsense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"range|unknown"):
        fee(COPIES, **wrong)  # type: ignore[arg-type]


def test_answers_speak_for_an_exemption_or_the_desk_has_seen_it() -> None:
    assert [each.code for each in exemptions_of(COPIES, {"purpose": "rural_loan"})] == ["rural_loan"]
    assert exemptions_of(COPIES, {"purpose": "study"}) == ()
    assert [each.code for each in exemptions_of(RESIDENCE, {}, holds={"elderly"})] == ["elderly"]
