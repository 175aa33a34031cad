"""The way of a submission: opened, filled, submitted, approved, accepted or sent back, and every step taken back."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from bakhong.audit.models import Event
from bakhong.core.errors import Conflict, NotAllowed, NotFound
from bakhong.indicators.actions import periods as deeds
from bakhong.indicators.actions.period_figures import TooEarly
from bakhong.indicators.models import Figure, Finding, ReportingPeriod, Submission
from bakhong.indicators.rules.asks import Ask, Cell
from bakhong.indicators.rules.transitions import moves
from bakhong.indicators.tests.conftest import Clerk
from bakhong.places.models import Unit

EID = Ask("eid_accounts", "activated", "adults")
PAY = Ask("payment_account", "activated", "aged_15_up")
POWER = Ask("electricity_paid_online", "", "provider_payments")
FULL = {EID.key: Cell(4795, 5205), PAY.key: Cell(4575, 5648)}


@dataclass(frozen=True)
class Desk:
    """The people around one submission."""

    period: ReportingPeriod
    unit: Unit
    officer: Clerk
    chair: Clerk
    province: Clerk
    at: datetime

    def save(self, cells: dict[str, Cell], version: int, by: Clerk | None = None) -> Submission:
        return deeds.save_draft(
            period=self.period,
            unit=self.unit,
            cells=cells,
            expected_version=version,
            by=by or self.officer,
            at=self.at,
        )

    def do(self, deed: str, submission: Submission, by: Clerk, **more: Any) -> Submission:
        version = more.pop("version", submission.version)
        return getattr(deeds, deed)(
            submission=submission, expected_version=version, by=by, at=self.at, **more
        )

    def approved(self, cells: dict[str, Cell] | None = None) -> Submission:
        submission = self.do("submit", self.save(cells or FULL, 0), self.officer)
        return self.do("approve", submission, self.chair)


def open_one(owner: Unit, by: Any, at: datetime, **changes: Any) -> ReportingPeriod:
    given: dict[str, Any] = {
        "name": "Tháng 10/2026",
        "starts_on": date(2026, 10, 1),
        "ends_on": date(2026, 10, 31),
        "due_on": date(2026, 11, 5),
        "asks": [EID, PAY, POWER],
        **changes,
    }
    return deeds.open_period(owner=owner, by=by, at=at, **given)


@pytest.fixture
def desk(thanh_hoa: Unit, thuong_xuan: Unit, at: datetime) -> Desk:
    commune = frozenset({thuong_xuan.pk})
    province = Clerk(
        frozenset({"periods.manage", "periods.decide"}),
        frozenset({thanh_hoa.pk, thuong_xuan.pk}),
        "province",
        "Sở KH&CN",
    )
    return Desk(
        period=open_one(thanh_hoa, province, at),
        unit=thuong_xuan,
        officer=Clerk(frozenset({"periods.submit"}), commune, "officer", "Bà Lê Thị Hoa"),
        chair=Clerk(frozenset({"periods.approve"}), commune, "chair", "Ông Lò Văn An"),
        province=province,
        at=at,
    )


def current(submission: Submission) -> dict[str, tuple[int | None, int | None]]:
    figures = Figure.objects.current().filter(report=submission.report)
    return {figure.indicator: (figure.numerator, figure.denominator) for figure in figures}


def test_it_opens_a_period_and_leaves_a_trace(desk: Desk, thanh_hoa: Unit) -> None:
    assert desk.period.indicators == [EID.key, PAY.key, POWER.key]
    event = Event.objects.get(deed="indicators.open_period")
    assert (event.object_id, event.place_id) == (str(desk.period.uuid), thanh_hoa.pk)


def test_it_opens_the_same_period_once_and_another_of_that_name_never(desk: Desk, thanh_hoa: Unit) -> None:
    assert open_one(thanh_hoa, desk.province, desk.at) == desk.period
    with pytest.raises(deeds.InvalidPeriod, match="Đã có kỳ"):
        open_one(thanh_hoa, desk.province, desk.at, due_on=date(2026, 11, 6))
    assert ReportingPeriod.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "  "},
        {"name": "x" * 121},
        {"ends_on": date(2026, 9, 30)},
        {"due_on": date(2026, 10, 30)},
        {"due_on": date(9999, 12, 31)},
        {"starts_on": date(1, 1, 1)},
        {"ends_on": date(9999, 12, 31), "due_on": date(9999, 12, 31)},
        {"asks": []},
        {"asks": [EID, EID]},
        {"asks": [Ask("no_such_thing", "", "adults")]},
        {"asks": [Ask("eid_accounts", "settled", "adults")]},
        {"asks": [Ask("eid_accounts", "activated", "merchants")]},
    ],
)
def test_it_refuses_a_period_that_makes_no_sense(
    desk: Desk, thanh_hoa: Unit, changes: dict[str, Any]
) -> None:
    with pytest.raises(deeds.InvalidPeriod):
        open_one(thanh_hoa, desk.province, desk.at, **{"name": "Kỳ khác", **changes})


def test_only_the_owner_opens_extends_and_withdraws(desk: Desk, thanh_hoa: Unit) -> None:
    with pytest.raises(NotAllowed):
        open_one(thanh_hoa, desk.chair, desk.at, name="Kỳ khác")
    with pytest.raises(NotAllowed):
        deeds.extend_period(period=desk.period, due_on=date(2026, 12, 1), by=desk.chair, at=desk.at)
    with pytest.raises(NotAllowed):
        deeds.withdraw_period(period=desk.period, by=desk.chair, at=desk.at)


def test_it_extends(desk: Desk) -> None:
    deeds.extend_period(period=desk.period, due_on=date(2026, 12, 1), by=desk.province, at=desk.at)
    assert ReportingPeriod.objects.get().due_on == date(2026, 12, 1)
    for nonsense in (date(2026, 10, 1), date(9999, 12, 31)):
        with pytest.raises(deeds.InvalidPeriod):
            deeds.extend_period(period=desk.period, due_on=nonsense, by=desk.province, at=desk.at)


def test_it_withdraws_only_what_nobody_answered(desk: Desk, thanh_hoa: Unit) -> None:
    deeds.withdraw_period(period=desk.period, by=desk.province, at=desk.at)
    with pytest.raises(NotFound):
        desk.save(FULL, 0)
    assert not Submission.objects.exists()
    again = open_one(thanh_hoa, desk.province, desk.at)
    assert again != desk.period
    deeds.save_draft(
        period=again, unit=desk.unit, cells=FULL, expected_version=0, by=desk.officer, at=desk.at
    )
    with pytest.raises(deeds.InvalidPeriod):
        deeds.withdraw_period(period=again, by=desk.province, at=desk.at)


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


def test_approval_makes_the_figures(desk: Desk) -> None:
    submission = desk.approved({**FULL, POWER.key: Cell(percent=Decimal("100"))})
    assert current(submission) == {
        "eid_accounts": (4795, 5205),
        "payment_account": (4575, 5648),
        "electricity_paid_online": (None, None),
    }
    eid = Figure.objects.get(indicator="eid_accounts")
    assert (eid.stage, eid.population, eid.counted_from, eid.counted_to) == (
        "activated",
        "adults",
        date(2026, 10, 31),
        date(2026, 10, 31),
    )
    # Payments are counted over the whole period.
    power = Figure.objects.get(indicator="electricity_paid_online")
    assert (power.counted_from, power.counted_to, power.percent) == (
        date(2026, 10, 1),
        date(2026, 10, 31),
        100,
    )
    assert Event.objects.filter(deed="indicators.approve").count() == 1


def test_approval_runs_the_checks(desk: Desk) -> None:
    submission = desk.approved({EID.key: Cell(300, 200, note="Có cả người tạm trú")})
    assert [finding.code for finding in Finding.objects.filter(report=submission.report)] == [
        "part_exceeds_whole"
    ]


def test_nothing_is_approved_before_the_last_day(desk: Desk, thanh_hoa: Unit) -> None:
    coming = open_one(
        thanh_hoa,
        desk.province,
        desk.at,
        name="Tháng 11",
        ends_on=date(2026, 11, 30),
        due_on=date(2026, 12, 5),
    )
    submission = deeds.save_draft(
        period=coming, unit=desk.unit, cells=FULL, expected_version=0, by=desk.officer, at=desk.at
    )
    submission = desk.do("submit", submission, desk.officer)
    with pytest.raises(TooEarly):
        desk.do("approve", submission, desk.chair)
    assert not Figure.objects.exists()


def test_the_same_button_twice_is_one_deed(desk: Desk) -> None:
    submission = desk.do("submit", desk.save(FULL, 0), desk.officer)
    desk.do("approve", submission, desk.chair)
    desk.do("approve", submission, desk.chair, version=submission.version)
    assert Figure.objects.count() == 2
    assert Event.objects.filter(deed="indicators.approve").count() == 1


def test_a_stale_page_decides_nothing(desk: Desk) -> None:
    first = desk.do("submit", desk.save(FULL, 0), desk.officer)
    desk.do("take_back", first, desk.officer)
    desk.save({EID.key: Cell(1, 5205)}, 3)
    with pytest.raises(deeds.StaleSubmission):
        desk.do("approve", first, desk.chair)
    assert not Figure.objects.exists()


WAYS = {
    "submit": ("officer", ["draft", "sent_back"]),
    "take_back": ("officer", ["submitted"]),
    "return_to_clerk": ("chair", ["submitted"]),
    "approve": ("chair", ["submitted"]),
    "take_back_approval": ("chair", ["approved"]),
    "accept": ("province", ["approved"]),
    "undo_accept": ("province", ["accepted"]),
    "send_back": ("province", ["approved", "accepted"]),
    "undo_send_back": ("province", ["sent_back"]),
}
STATES = ["draft", "submitted", "approved", "accepted", "sent_back"]


def bring(desk: Desk, state: str) -> Submission:
    submission = desk.save(FULL, 0)
    path = {
        "draft": [],
        "submitted": [("submit", desk.officer)],
        "approved": [("submit", desk.officer), ("approve", desk.chair)],
        "accepted": [("submit", desk.officer), ("approve", desk.chair), ("accept", desk.province)],
        "sent_back": [("submit", desk.officer), ("approve", desk.chair), ("send_back", desk.province)],
    }[state]
    for deed, by in path:
        more = {"reason": "Sai tổng số"} if deed == "send_back" else {}
        submission = desk.do(deed, submission, by, **more)
    return submission


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("deed", list(WAYS))
def test_each_deed_starts_only_where_it_may(desk: Desk, deed: str, state: str) -> None:
    who, sources = WAYS[deed]
    submission = bring(desk, state)
    more = {"reason": "Xem lại"} if deed in ("return_to_clerk", "send_back") else {}
    if state in sources:
        assert desk.do(deed, submission, getattr(desk, who), **more).version == submission.version + 1
        return
    with pytest.raises(Conflict):
        desk.do(deed, submission, getattr(desk, who), **more)
    submission.refresh_from_db()
    assert submission.state == state


@pytest.mark.parametrize("deed", list(WAYS))
def test_each_deed_is_only_its_own_persons(desk: Desk, deed: str) -> None:
    who, sources = WAYS[deed]
    submission = bring(desk, sources[0])
    more = {"reason": "Xem lại"} if deed in ("return_to_clerk", "send_back") else {}
    for other in {"officer", "chair", "province"} - {who}:
        with pytest.raises(NotAllowed):
            desk.do(deed, submission, getattr(desk, other), **more)


@pytest.mark.parametrize("state", ["submitted", "approved", "accepted"])
def test_a_locked_grid_takes_no_draft(desk: Desk, state: str) -> None:
    submission = bring(desk, state)
    with pytest.raises(deeds.StaleSubmission):
        desk.save({EID.key: Cell(1, 2)}, submission.version)


@pytest.mark.parametrize("deed", ["send_back", "return_to_clerk"])
def test_giving_back_needs_a_reason(desk: Desk, deed: str) -> None:
    submission = bring(desk, "approved" if deed == "send_back" else "submitted")
    with pytest.raises(deeds.ReasonMissing):
        desk.do(deed, submission, desk.province if deed == "send_back" else desk.chair, reason="  ")


def test_what_was_sent_back_is_corrected_by_new_figures(desk: Desk) -> None:
    submission = desk.do("send_back", desk.approved(), desk.province, reason="Tổng số sai")
    assert current(submission)["eid_accounts"] == (4795, 5205)
    submission = desk.save({EID.key: Cell(4795, 5250), PAY.key: FULL[PAY.key]}, submission.version)
    assert (submission.state, current(submission)["eid_accounts"]) == ("sent_back", (4795, 5205))
    submission = desk.do("approve", desk.do("submit", submission, desk.officer), desk.chair)
    assert current(submission) == {"eid_accounts": (4795, 5250), "payment_account": (4575, 5648)}
    old = Figure.objects.get(denominator=5205)
    assert old.correction.denominator == 5250
    # The line that did not change is the same figure still.
    assert Figure.objects.filter(indicator="payment_account").count() == 1


def test_a_line_emptied_after_the_return_is_withdrawn(desk: Desk) -> None:
    submission = desk.do("send_back", desk.approved(), desk.province, reason="Chưa có căn cứ")
    submission = desk.save({EID.key: FULL[EID.key]}, submission.version)
    submission = desk.do("approve", desk.do("submit", submission, desk.officer), desk.chair)
    assert list(current(submission)) == ["eid_accounts"]
    assert Figure.objects.get(indicator="payment_account").retraction.by == "chair"


def test_an_approval_taken_back_withdraws_the_figures_and_a_new_one_makes_new(desk: Desk) -> None:
    submission = desk.do("take_back_approval", desk.approved(), desk.chair)
    assert (submission.state, current(submission)) == ("submitted", {})
    submission = desk.do("approve", submission, desk.chair)
    assert current(submission)["eid_accounts"] == (4795, 5205)
    assert Figure.objects.count() == 4


def test_a_return_is_taken_back_only_until_the_commune_types(desk: Desk) -> None:
    submission = desk.do("send_back", desk.approved(), desk.province, reason="Nhầm xã")
    assert desk.do("undo_send_back", submission, desk.province).state == "approved"
    submission = Submission.objects.get()
    submission = desk.do("send_back", submission, desk.province, reason="Sai")
    submission = desk.save({EID.key: Cell(1, 2)}, submission.version)
    with pytest.raises(deeds.StaleSubmission, match="bắt đầu sửa"):
        desk.do("undo_send_back", submission, desk.province)


def test_every_step_is_in_the_history_with_its_person(desk: Desk) -> None:
    submission = desk.do("send_back", desk.approved(), desk.province, reason="Sai tổng số")
    events = submission.events.order_by("pk").values_list("deed", "by_label", "reason")
    assert list(events) == [
        ("save_draft", "Bà Lê Thị Hoa", ""),
        ("submit", "Bà Lê Thị Hoa", ""),
        ("approve", "Ông Lò Văn An", ""),
        ("send_back", "Sở KH&CN", "Sai tổng số"),
    ]


def test_the_database_refuses_a_jump_the_actions_would_not_make(desk: Desk) -> None:
    submission = desk.save(FULL, 0)
    with pytest.raises(DatabaseError, match="submission"), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(state="accepted", version=2)
    # Control: without the guard the same statement goes through.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table indicators_submission disable trigger submission_moves")
        assert Submission.objects.filter(pk=submission.pk).update(state="accepted", version=2) == 1
        transaction.set_rollback(True)


def test_the_database_refuses_changed_cells_under_lock(desk: Desk) -> None:
    submission = desk.approved()
    with pytest.raises(DatabaseError, match="submission"), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(cells={}, version=submission.version + 1)
    with pytest.raises(DatabaseError, match="submission"), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(state="accepted")  # the version stays


def test_the_guard_and_the_table_of_moves_say_the_same(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select prosrc from pg_proc where proname = 'indicators_submission_moves'")
        pairs = re.findall(r"'(\w+)>(\w+)'", cursor.fetchone()[0])
    assert set(pairs) == moves()
