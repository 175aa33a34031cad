"""The longer limit that a procedure itself gives where something has to be verified: no apology, once, in time, told to the resident."""

from datetime import UTC, datetime, timedelta

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event as Trail
from bakhong.core.days import VIET_NAM
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.dossiers.actions.deadlines import apologise, extend
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import PaperGiven, Wanted
from bakhong.dossiers.actions.supplementing import answer_supplement, ask_supplement
from bakhong.dossiers.actions.timing import counted, recounted
from bakhong.dossiers.models import Dossier, Event
from bakhong.dossiers.tests.conftest import MakeDossier
from bakhong.messaging.models import Message

MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)
WHERE = "Hỏi xã Xuân Cẩm về thời gian cư trú 2015–2020"


@pytest.fixture
def received(handmade: MakeDossier, officer: StaffActor) -> Dossier:
    return receive(dossier=handmade(), by=officer, at=MONDAY)


def test_it_counts_from_the_same_receipt(received: Dossier, specialist: StaffActor) -> None:
    longer = extend(dossier=received, note=WHERE, by=specialist, at=MONDAY + timedelta(hours=3))
    assert longer.due_at is not None
    assert longer.due_at.astimezone(VIET_NAM).date().isoformat() == "2026-12-16"  # 23 days after the 23rd
    assert longer.base_due_at == received.due_at
    assert longer.due_at == longer.act_by == recounted(longer)
    whole = counted(longer)
    assert whole is not None
    assert (whole.due_at, whole.limit.in_words()) == (longer.due_at, "23 ngày")
    assert longer.apologised_at is None
    assert Trail.objects.filter(deed="dossiers.extend").count() == 1
    (told,) = Message.objects.filter(about=received.uuid, template="extended")
    assert "16/12/2026" in told.text


def test_once_in_time_and_with_a_word_why(received: Dossier, specialist: StaffActor) -> None:
    with pytest.raises(Refusal, match="Ghi phải xác minh"):
        extend(dossier=received, note=" ", by=specialist, at=MONDAY)
    assert received.due_at is not None
    with pytest.raises(Refusal, match="đã quá hạn"):
        extend(dossier=received, note=WHERE, by=specialist, at=received.due_at + timedelta(minutes=1))
    extend(dossier=received, note=WHERE, by=specialist, at=MONDAY)
    with pytest.raises(Refusal, match="đã được gia hạn"):
        extend(dossier=received, note=WHERE, by=specialist, at=MONDAY)
    assert Event.objects.filter(dossier=received, kind="extend").count() == 1


def test_only_where_the_procedure_gives_it(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor, chair: StaffActor
) -> None:
    made = receive(dossier=handmade(procedure="2.000815"), by=officer, at=MONDAY)
    with pytest.raises(Refusal, match="không có thời hạn dài hơn"):
        extend(dossier=made, note=WHERE, by=specialist, at=MONDAY)
    with pytest.raises(NotAllowed):
        extend(dossier=made, note=WHERE, by=chair, at=MONDAY)


def test_what_was_waited_and_promised_still_counts(
    received: Dossier, officer: StaffActor, specialist: StaffActor
) -> None:
    longer = extend(dossier=received, note=WHERE, by=specialist, at=MONDAY)
    asked = ask_supplement(
        dossier=longer, items=[Wanted("paper", "divorce", "blurred")], by=officer, at=MONDAY
    )
    seen = [PaperGiven("divorce", None, "original_seen")]
    came = answer_supplement(dossier=asked, papers=seen, by=officer, at=MONDAY + timedelta(days=4))
    assert longer.due_at is not None
    assert came.due_at is not None
    assert came.due_at > longer.due_at
    promised = datetime(2026, 12, 25, 3, tzinfo=UTC)
    sorry = apologise(
        dossier=came, new_due_at=promised, reason="overload", by=officer, at=MONDAY + timedelta(days=5)
    )
    assert sorry.due_at == recounted(sorry) == promised
