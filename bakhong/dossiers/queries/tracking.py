"""A dossier as anybody sees it who has its slip: how far it is, who has it, when it is due, what comes next. Nobody's name."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from bakhong.accounts.throttle import SOURCE_TRIES, claim_code, uncount
from bakhong.core.actor import OPERATOR
from bakhong.core.errors import NotFound
from bakhong.core.numbers import format_money
from bakhong.dossiers.models import Dossier, Event, ResultMode, State
from bakhong.dossiers.queries.catalogue import step_name
from bakhong.dossiers.queries.dossiers import supplement_waited_for
from bakhong.dossiers.queries.fees import Standing, standing
from bakhong.dossiers.queries.filed_elsewhere import known_as
from bakhong.dossiers.rules.clock import is_late
from bakhong.dossiers.rules.codes import plain_tracking_code
from bakhong.dossiers.tracking import tracking_digest
from bakhong.people import scope
from bakhong.places.models import Unit


@dataclass(frozen=True)
class Tracking:
    """`holder`: who has it now; `next_step`: what comes next, and who does it; both plain sentences. `answer_by` only while waiting.

    `is_settled`: the result is there; `fee`: whether it is paid. No name, no paper, no reason: the slip may lie on anybody's table.
    """

    dossier: Dossier
    code: str
    procedure: str
    unit: Unit
    state: str
    state_words: str
    holder: str
    next_step: str
    submitted_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    is_late: bool
    is_waiting: bool
    is_settled: bool
    was_apologised: bool
    changed_at: datetime
    fee: Standing


def tracked(text: str, last4: str = "", *, at: datetime, source: str = "") -> Tracking:
    """By the random code of the slip alone; or by the dossier's code, ours or another system's, with the last four digits of the card or
    telephone.

    The second may be guessed, so it is counted: ten wrong tries an hour for one code, and `SOURCE_TRIES` for one `source` (an address)
    where given; it writes, so it belongs behind a POST. The first has more than 60 random bits and is not counted.

    Raises: NotFound, alike for a wrong code and wrong digits; accounts.throttle.TooMany.
    """
    plain = plain_tracking_code(text)
    if plain:
        return told(_found(Q(tracking_digest=tracking_digest(plain))), at=at)
    code = "".join(text[:80].upper().split())
    keys = [claim_code(f"track-source:{source}", at=at, tries=SOURCE_TRIES)] if source else []
    keys.append(claim_code(f"track:{code}", at=at))
    found = _found(Q(code=code)) or _found(known_as(code))
    if found is None or not _knows(found, last4):
        raise NotFound(_NO_MATCH())
    for key in keys:
        uncount(key, at)
    return told(found, at=at)


def told(dossier: Dossier | None, *, at: datetime) -> Tracking:
    """Raises: NotFound for None."""
    if dossier is None:
        raise NotFound(_NOTHING())
    with scope.seeing(OPERATOR):
        last = Event.objects.filter(dossier=dossier).order_by("-number").values_list("at", flat=True).first()
        answer_by = _answer_by(dossier)
        fee = standing(dossier)
    return Tracking(
        dossier=dossier,
        code=dossier.code or "",
        procedure=dossier.procedure_name,
        unit=dossier.village,
        state=dossier.state,
        state_words=str(State(dossier.state).label),
        holder=_holder(dossier),
        next_step=_next(dossier, answer_by),
        submitted_at=dossier.submitted_at,
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        is_late=is_late(dossier.due_at, dossier.waiting_since, dossier.finished_at or at),
        is_waiting=dossier.state in (State.SUPPLEMENT, State.DUTY),
        is_settled=dossier.state in (State.DONE, State.RETURNED),
        was_apologised=dossier.apologised_at is not None,
        changed_at=last or dossier.submitted_at,
        fee=fee,
    )


def _found(how: Q) -> Dossier | None:
    with scope.seeing(OPERATOR):
        found: Dossier | None = (
            Dossier.objects.select_related("village", "person").filter(how).exclude(state=State.DRAFT).first()
        )
    return found


def _knows(found: Dossier, last4: str) -> bool:
    digits = "".join(char for char in last4[:20] if char in "0123456789")
    tails = [tail for tail in (found.applicant_id_tail, found.applicant_phone_tail) if len(tail) == 4]
    return len(digits) == 4 and any(hmac.compare_digest(digits, tail) for tail in tails)


def _NOTHING() -> str:  # noqa: N802 (a sentence, said in the language of the moment)
    return _("Không thấy hồ sơ nào với mã này. Xem lại từng chữ trên giấy hẹn, hoặc gọi bộ phận một cửa.")


def _NO_MATCH() -> str:  # noqa: N802 (the same whether the code or the digits are wrong: neither is told)
    return _(
        "Không thấy hồ sơ nào có mã và 4 số này. Xem lại mã trên giấy hẹn, 4 số cuối thẻ căn cước hoặc điện thoại của "
        "người có hồ sơ, hoặc gọi bộ phận một cửa."
    )


def _answer_by(dossier: Dossier) -> str:
    asked = supplement_waited_for(dossier) if dossier.state == State.SUPPLEMENT else None
    return asked.answer_by.strftime("%d/%m/%Y") if asked is not None else ""


def _holder(dossier: Dossier) -> str:
    if dossier.state in (State.SUPPLEMENT, State.DUTY):
        return _("Ông/bà")
    if dossier.state == State.RETURNED:
        return _("Ông/bà đã nhận kết quả")
    if dossier.agency:
        return str(dossier.agency)
    return str(dossier.village.full_name)


def _next(dossier: Dossier, answer_by: str) -> str:
    step = step_name(dossier)
    return {
        State.SUBMITTED: _("Cán bộ xem và tiếp nhận hồ sơ."),
        State.RECEIVED: _("Đang ở bước: %(step)s.") % {"step": step}
        if step
        else _("Chuyển người giải quyết."),
        State.IN_PROGRESS: _("Đang ở bước: %(step)s.") % {"step": step} if step else _("Đang giải quyết."),
        State.SUPPLEMENT: _("Ông/bà bổ sung giấy tờ trước ngày %(day)s.") % {"day": answer_by},
        State.DUTY: _("Ông/bà trả phí, lệ phí %(amount)s; trả xong hồ sơ tự đi tiếp.")
        % {"amount": format_money(dossier.fee_amount)},
        State.WITHDRAWING: _("Cán bộ xem đề nghị rút hồ sơ."),
        State.APPROVED: _("Kết quả đang chờ ký."),
        State.DONE: _ready(dossier.result_mode),
        State.RETURNED: _("Không còn việc gì phải làm."),
        State.REFUSED: _("Xem lý do trên phiếu từ chối, hoặc gọi số bên dưới."),
        State.STOPPED: _("Xem lý do trên phiếu, hoặc gọi số bên dưới."),
    }.get(State(dossier.state), "")


def _ready(mode: str) -> str:
    return {
        ResultMode.DESK: _("Mời ông/bà đến nhận kết quả, mang theo giấy hẹn."),
        ResultMode.POST: _("Kết quả được gửi qua bưu điện."),
        ResultMode.HOME: _("Cán bộ mang kết quả đến nhà."),
        ResultMode.ELECTRONIC: _("Kết quả có ở trang hồ sơ của ông/bà."),
    }.get(ResultMode(mode), "")
