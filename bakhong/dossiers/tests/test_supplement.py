"""Asking for everything at once, once; the clock stands still in between."""

from datetime import datetime, timedelta

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import HolderActor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.dossiers.actions.processing import forward
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.refusals import PapersMissing
from bakhong.dossiers.actions.said import PaperGiven, Wanted
from bakhong.dossiers.actions.supplementing import answer_supplement, ask_supplement
from bakhong.dossiers.actions.timing import due_after
from bakhong.dossiers.models import Dossier, Event, PaperCheck, Supplement, UpdateRequest
from bakhong.dossiers.queries.counts import asked_twice, not_found
from bakhong.dossiers.queries.dossiers import timeline
from bakhong.dossiers.tests.conftest import MakeDossier

BLURRED = Wanted("paper", "divorce", "blurred")
MANDATE = Wanted("paper", "mandate", "not_signed")
TODAY = (datetime(2026, 11, 1).date(), datetime(2026, 12, 31).date())  # noqa: DTZ001


@pytest.fixture
def received(handmade: MakeDossier, officer: StaffActor, at: datetime) -> Dossier:
    return receive(dossier=handmade(), by=officer, at=at)


def test_it_asks_for_all_in_residents_words(received: Dossier, officer: StaffActor, at: datetime) -> None:
    asked = ask_supplement(dossier=received, items=[BLURRED, MANDATE], by=officer, at=at)
    assert (asked.state, asked.supplement_count, asked.waiting_since) == ("supplement", 1, at)
    stored = Supplement.objects.get(dossier=received)
    assert [line["words"] for line in stored.items] == [
        "Ảnh Bản án hoặc quyết định ly hôn đã có hiệu lực bị mờ hoặc tối, không đọc được."
        " Chụp lại ở chỗ sáng, đặt giấy thẳng, rồi gửi ảnh mới.",
        "Văn bản uỷ quyền chưa có chữ ký hoặc dấu. Xin chữ ký, dấu ở nơi cấp rồi gửi lại.",
    ]
    assert not stored.is_repeat
    assert len(timeline(received, for_resident=True)[-1].reasons) == 2
    assert PaperCheck.objects.get(dossier=received, paper="divorce").state == "missing"


def test_nothing_or_an_unknown_reason_is_refused(
    received: Dossier, officer: StaffActor, at: datetime
) -> None:
    for items in (
        [],
        [Wanted("paper", "divorce", "because")],
        [Wanted("paper", "divorce", "other")],
        [BLURRED, BLURRED],
    ):
        with pytest.raises(Refusal):
            ask_supplement(dossier=received, items=items, by=officer, at=at)


def test_what_the_state_holds_is_not_asked_for(received: Dossier, officer: StaffActor, at: datetime) -> None:
    with pytest.raises(Refusal, match="không được yêu cầu nộp"):
        ask_supplement(
            dossier=received, items=[Wanted("paper", "spouse_death", "missing")], by=officer, at=at
        )
    with pytest.raises(Refusal, match="đã tra ở đâu"):
        ask_supplement(
            dossier=received,
            items=[Wanted("paper", "spouse_death", "not_found_in_register")],
            by=officer,
            at=at,
        )
    exception = Wanted(
        "paper", "spouse_death", "not_found_in_register", "Tra hộ tịch điện tử, không có dữ liệu."
    )
    ask_supplement(dossier=received, items=[exception], by=officer, at=at)
    (check,) = not_found([received.village_id], TODAY)
    assert (check.register, check.looked_up, check.looked_up_at) == ("civil_status", "not_found", at)
    (asked,) = UpdateRequest.objects.filter(dossier=received)
    assert (asked.paper, asked.register, asked.at, asked.by) == (
        "spouse_death",
        "civil_status",
        at,
        officer.id,
    )


def test_a_second_return_needs_its_reason_and_is_counted(
    received: Dossier, officer: StaffActor, at: datetime
) -> None:
    ask_supplement(dossier=received, items=[BLURRED], by=officer, at=at)
    seen = [PaperGiven("divorce", None, "original_seen")]
    answer_supplement(dossier=received, papers=seen, by=officer, at=at + timedelta(days=1))
    with pytest.raises(Refusal, match="một lần rồi"):
        ask_supplement(dossier=received, items=[MANDATE], by=officer, at=at + timedelta(days=2))
    again = ask_supplement(
        dossier=received, items=[MANDATE], by=officer, at=at + timedelta(days=2), why_again="found_later"
    )
    assert again.supplement_count == 2
    assert Supplement.objects.get(dossier=received, number=2).is_repeat
    share = asked_twice([received.village_id], TODAY)
    assert (share.numerator, share.denominator) == (1, 1)


def test_the_answer_must_hold_all_that_was_asked(
    received: Dossier, officer: StaffActor, at: datetime
) -> None:
    ask_supplement(dossier=received, items=[BLURRED, MANDATE], by=officer, at=at)
    with pytest.raises(PapersMissing) as told:
        answer_supplement(
            dossier=received, papers=[PaperGiven("divorce", None, "original_seen")], by=officer, at=at
        )
    assert set(told.value.problems) == {"mandate"}


def test_the_clock_stands_still(received: Dossier, officer: StaffActor, at: datetime) -> None:
    before = received.due_at
    assert before is not None
    monday, thursday = at + timedelta(days=1), at + timedelta(days=4)  # the 24th is a day off
    ask_supplement(dossier=received, items=[BLURRED], by=officer, at=monday)
    answered = answer_supplement(
        dossier=received, papers=[PaperGiven("divorce", None, "original_seen")], by=officer, at=thursday
    )
    assert answered.state == "received"
    assert answered.waiting_since is None
    # Two working days were waited through: Wednesday, Thursday's part; nothing of Tuesday counts.
    assert answered.due_at is not None
    assert answered.due_at > before
    assert answered.due_at == due_after(answered)
    assert answered.base_due_at == before


def test_it_goes_back_to_where_it_was(received: Dossier, officer: StaffActor, at: datetime) -> None:
    forward(dossier=received, by=officer, at=at)
    ask_supplement(dossier=received, items=[BLURRED], by=officer, at=at)
    seen = [PaperGiven("divorce", None, "original_seen")]
    assert answer_supplement(dossier=received, papers=seen, by=officer, at=at).state == "in_progress"


def test_the_holder_of_the_code_answers_and_nobody_elses(
    received: Dossier, handmade: MakeDossier, officer: StaffActor, at: datetime
) -> None:
    ask_supplement(dossier=received, items=[Wanted("paper", "mandate", "missing")], by=officer, at=at)
    seen = [PaperGiven("mandate", None, "original_seen")]
    with pytest.raises(NotAllowed):
        answer_supplement(dossier=received, papers=seen, by=HolderActor("dossier", handmade().uuid), at=at)
    answered = answer_supplement(
        dossier=received, papers=seen, by=HolderActor("dossier", received.uuid), at=at, came_in_person=False
    )
    assert answered.state == "received"
    assert Event.objects.filter(dossier=received, kind="answer_supplement").count() == 1
    with pytest.raises(Conflict):
        answer_supplement(dossier=received, papers=seen, by=officer, at=at)
