"""From submitted to accepted and back: who may do what in which state, what becomes of the figures, and the trail of it."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from bakhong.audit.models import Event
from bakhong.core.errors import Conflict, NotAllowed
from bakhong.indicators.actions import periods as deeds
from bakhong.indicators.actions.period_figures import TooEarly
from bakhong.indicators.models import Figure, Finding, Submission
from bakhong.indicators.rules.asks import Cell
from bakhong.indicators.rules.transitions import moves
from bakhong.indicators.tests.answering import EID, FULL, PAY, POWER, Desk, current, desk, open_one
from bakhong.places.models import Unit

__all__ = ["desk"]


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
