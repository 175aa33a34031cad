"""What becomes of a dossier of the demo: each deed through its action, by whoever would do it, as far as the days have come."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bakhong.accounts.residents import HolderActor
from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM
from bakhong.core.errors import Refusal
from bakhong.demo.dossiers import Work, moment
from bakhong.demo.rules.desk import CULTURE, MARRIAGE, Act
from bakhong.documents.actions.signing import sign_now
from bakhong.documents.models import File
from bakhong.dossiers.actions import (
    agencies,
    deadlines,
    duties,
    ending,
    processing,
    receiving,
    results,
    supplementing,
)
from bakhong.dossiers.actions.looking_up import note_look_up
from bakhong.dossiers.actions.said import Wanted
from bakhong.dossiers.actions.updates import answer_update, send_updates
from bakhong.dossiers.models import Dossier, State
from bakhong.dossiers.queries.updates import of_dossier
from bakhong.procedures.queries.calendar import calendar_for

_log = logging.getLogger(__name__)


def carry_out(work: Work) -> Dossier:
    """From draft to where it stands now. Runs outside any transaction: each deed is one.

    Raises: Refusal where it cannot be handed in.
    """
    at = min(work.days.ago(work.case.ago, work.case.hour), work.days.now)
    found = work.hand_in(at)
    for act in work.case.acts:
        when = work.days.after(at, act.after, act.hour)
        if when is None:
            break
        at = when
        try:
            found = _ACTS[act.deed](work, found, act, at)
        except Refusal as refusal:  # the dossier is one that stopped here
            _log.warning("%s: %s: %s", found.code or found.uuid, act.deed, refusal)
            break
    return found


def _receive(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    return (
        receiving.receive(dossier=found, by=work.office.officer, at=at)
        if found.state == State.SUBMITTED
        else found
    )


def _forward(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    """The desk passes it to the specialist, the specialist to the chair with a proposal."""
    office = work.office
    if found.state == State.RECEIVED:
        return processing.forward(dossier=found, to=office.specialist, by=office.officer, at=at)
    return processing.forward(dossier=found, by=office.specialist, at=at, proposal=_proposal(work, at))


def _proposal(work: Work, at: datetime) -> dict[str, Any]:
    number, on = 100 + work.case.number, at.astimezone(VIET_NAM).date().isoformat()
    return {
        MARRIAGE: {"number": f"{number}/XN-UBND", "on": on},
        "1.001776": {"number": f"{number}/QĐ-UBND", "on": on, "amount": "500000"},
        CULTURE: {"note": "Giữ vệ sinh, tắt điện khi về; nhận và trả chìa khoá ở nhà trưởng thôn."},
    }.get(work.case.procedure, {})


def _approve(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    return results.approve(dossier=found, by=work.office.chair, at=at, answers=_proposal(work, at))


def _sign(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    return results.sign(dossier=found, how="pen", by=work.office.chair, at=at)


def _sign_digitally(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    """With the chair's key; the signature itself ends the work and hands the result over."""
    assert found.result_file is not None
    file = File.objects.get(uuid=found.result_file)
    chair, secret = work.office.chair, work.office.passphrase
    sign_now(files=[file], provider="pkcs12", secret=secret, by=chair, at=at, place=work.office.commune.name)
    return Dossier.objects.get(pk=found.pk)


def _return(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    return results.return_result(dossier=found, how=act.told["how"], by=work.office.officer, at=at)


def _ask(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    """Everything at once: a question, and where it is the second time, why."""
    code, words, _told = _QUESTIONED[work.case.procedure]
    wanted = Wanted("question", code, act.told["reason"], words)
    by = work.office.specialist if found.state == State.IN_PROGRESS else work.office.officer
    why = act.told.get("why_again", "")
    return supplementing.ask_supplement(dossier=found, items=[wanted], why_again=why, by=by, at=at)


_QUESTIONED = {
    MARRIAGE: ("residence_since", "Ghi tháng, năm ông/bà về ở xã.", "03/2009"),
    "1.001776": ("bank_name", "Ghi rõ tên ngân hàng và chi nhánh.", "Agribank chi nhánh Thường Xuân"),
    CULTURE: ("people", "Ghi rõ khoảng bao nhiêu người để chuẩn bị bàn ghế.", "over_100"),
}


def _answer(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    """From home under the code of the slip, or brought to the desk."""
    code, _words, told = _QUESTIONED[work.case.procedure]
    answers = {code: [told]}
    came = "came" in act.told
    by: Actor = work.office.officer if came else HolderActor("dossier", found.uuid)
    return supplementing.answer_supplement(dossier=found, answers=answers, came_in_person=came, by=by, at=at)


def _refuse(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    by = work.office.specialist if found.state == State.IN_PROGRESS else work.office.officer
    return ending.refuse(dossier=found, reason=act.told["reason"], note=act.told["note"], by=by, at=at)


def _stop(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    told = act.told
    return ending.stop(
        dossier=found, reason=told["reason"], note=told["note"], by=work.office.specialist, at=at
    )


def _ask_withdrawal(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    by = work.who.signed_in(at)
    return ending.ask_withdrawal(dossier=found, note="Gia đình đổi ngày, xin rút.", by=by, at=at)


def _confirm_withdrawal(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    return ending.confirm_withdrawal(dossier=found, by=work.office.officer, at=at)


def _apologise(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    assert found.due_at is not None
    return deadlines.apologise(
        dossier=found, new_due_at=_working_day_after(work, found.due_at, int(act.told["days"])), reason=act.told["reason"],
        note="Bệnh viện huyện chưa trả lời kết quả xác minh.", by=work.office.specialist, at=at,
    )  # fmt: skip


def _working_day_after(work: Work, due: datetime, days: int) -> datetime:
    day = due.astimezone(VIET_NAM).date()
    calendar = calendar_for(work.office.commune, day)
    while days:
        day += timedelta(1)
        days -= calendar.counts(day)
    return moment(day, 16.5)


def _agency(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    what = "Xác nhận việc đang hưởng chế độ bảo hiểm xã hội"
    return agencies.send_to_agency(dossier=found, agency=_AGENCY, what=what, by=work.office.specialist, at=at)


def _agency_answers(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    answer = "Không hưởng lương hưu, trợ cấp bảo hiểm xã hội hằng tháng."
    return agencies.hear_from_agency(
        dossier=found, agency=_AGENCY, answer=answer, by=work.office.specialist, at=at
    )


_AGENCY = "Bảo hiểm xã hội cơ sở Thường Xuân (mẫu)"


def _set_duty(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    return duties.set_duty(dossier=found, by=work.office.officer, at=at)


def _miss(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    """A paper the State should know was looked up and not found: its register is to be asked to bring its data up to date."""
    note_look_up(
        dossier=found, paper=act.told["paper"], is_found=False, reason=act.told["reason"], by=work.office.specialist, at=at
    )  # fmt: skip
    return found


def _send_update(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    waiting = list(of_dossier(found).filter(sent_at=None))
    send_updates(requests=waiting, sent_as=act.told["as"], by=work.office.specialist, at=at)
    return found


def _answer_update(work: Work, found: Dossier, act: Act, at: datetime) -> Dossier:
    for request in of_dossier(found).filter(answered_at=None):
        answer_update(request=request, answer=act.told["answer"], by=work.office.specialist, at=at)
    return found


_ACTS: Mapping[str, Callable[[Work, Dossier, Act, datetime], Dossier]] = {
    "receive": _receive,
    "forward": _forward,
    "approve": _approve,
    "sign": _sign,
    "sign_digitally": _sign_digitally,
    "return": _return,
    "ask": _ask,
    "answer": _answer,
    "refuse": _refuse,
    "stop": _stop,
    "ask_withdrawal": _ask_withdrawal,
    "confirm_withdrawal": _confirm_withdrawal,
    "apologise": _apologise,
    "agency": _agency,
    "agency_answers": _agency_answers,
    "set_duty": _set_duty,
    "miss": _miss,
    "send_update": _send_update,
    "answer_update": _answer_update,
}
