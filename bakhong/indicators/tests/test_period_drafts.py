"""What a commune answers in a period: drafts, what cannot be typed, what cannot be submitted."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from bakhong.audit.models import Event
from bakhong.core.errors import NotAllowed, NotFound
from bakhong.indicators.actions import periods as deeds
from bakhong.indicators.models import Figure, Submission
from bakhong.indicators.rules.asks import Cell
from bakhong.indicators.tests.answering import EID, FULL, POWER, Desk, desk
from bakhong.indicators.tests.conftest import Clerk

__all__ = ["desk"]


def test_it_keeps_a_draft_without_telling_anybody_a_figure(desk: Desk) -> None:
    submission = desk.save({EID.key: Cell(4795, None, note="  chờ  công an ")}, 0)
    assert (submission.state, submission.version) == ("draft", 1)
    assert submission.cells == {
        EID.key: {"numerator": 4795, "denominator": None, "percent": None, "note": "chờ công an"}
    }
    assert not Figure.objects.exists()
    assert Event.objects.filter(deed="indicators.save_draft", place_id=desk.unit.pk).count() == 1


def test_the_same_draft_twice_is_one(desk: Desk) -> None:
    first, second = desk.save(FULL, 0), desk.save(FULL, 0)
    assert (first.pk, second.version) == (second.pk, 1)
    assert first.events.count() == 1


def test_of_two_drafts_at_once_the_second_is_told_of_the_first(desk: Desk) -> None:
    desk.save(FULL, 0)
    other = Clerk(frozenset({"periods.submit"}), frozenset({desk.unit.pk}), "other", "Anh Vi Văn Bảy")
    with pytest.raises(deeds.StaleSubmission, match="Bà Lê Thị Hoa lúc 10:00 ngày 22/11/2026") as refusal:
        desk.save({EID.key: Cell(1, 2)}, 0, by=other)
    assert refusal.value.status == 409
    assert Submission.objects.get().cells[EID.key]["numerator"] == 4795


@pytest.mark.parametrize(
    "cell",
    [
        Cell(-1, 5),
        Cell(5, 0),
        Cell(10**13, 10**13),
        Cell(percent=Decimal("1001")),
        Cell(percent=Decimal("NaN")),
    ],
)
def test_it_refuses_cells_that_cannot_be(desk: Desk, cell: Cell) -> None:
    with pytest.raises(deeds.InvalidCells) as refusal:
        desk.save({EID.key: cell}, 0)
    assert list(refusal.value.cells) == [EID.key]
    assert not Submission.objects.exists()


def test_it_refuses_a_line_the_period_does_not_ask(desk: Desk) -> None:
    with pytest.raises(deeds.InvalidCells):
        desk.save({"smartphone//residents": Cell(1, 2)}, 0)


def test_only_communes_of_the_owner_answer(desk: Desk, new_units: Any, at: datetime) -> None:
    elsewhere = new_units("00004")
    clerk = Clerk(frozenset({"periods.submit"}), frozenset({elsewhere.pk, desk.period.owner_id}))
    for unit in (elsewhere, desk.period.owner):
        with pytest.raises(NotFound):
            deeds.save_draft(period=desk.period, unit=unit, cells=FULL, expected_version=0, by=clerk, at=at)


def test_only_the_officer_of_the_unit_drafts(desk: Desk) -> None:
    for by in (desk.chair, desk.province):
        with pytest.raises(NotAllowed):
            desk.save(FULL, 0, by=by)


def test_a_half_filled_line_cannot_be_submitted(desk: Desk) -> None:
    submission = desk.save({**FULL, POWER.key: Cell(80)}, 0)
    with pytest.raises(deeds.InvalidCells) as refusal:
        desk.do("submit", submission, desk.officer)
    assert list(refusal.value.cells) == [POWER.key]


def test_an_empty_grid_cannot_be_submitted(desk: Desk) -> None:
    submission = desk.save({EID.key: Cell(note="chưa thống kê")}, 0)
    with pytest.raises(deeds.InvalidCells):
        desk.do("submit", submission, desk.officer)


def test_a_part_larger_than_its_whole_needs_a_word(desk: Desk) -> None:
    submission = desk.save({EID.key: Cell(300, 200)}, 0)
    with pytest.raises(deeds.InvalidCells):
        desk.do("submit", submission, desk.officer)
    submission = desk.save({EID.key: Cell(300, 200, note="Có cả người tạm trú")}, 1)
    assert desk.do("submit", submission, desk.officer).state == "submitted"
