"""A dossier as whoever follows it sees it: how far it is for anybody with the slip, what is theirs to do for who also knows the card."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from bakhong.accounts.throttle import claim_code, uncount
from bakhong.core.days import VIET_NAM
from bakhong.core.errors import NotFound
from bakhong.documents.models import File
from bakhong.documents.queries.files import latest
from bakhong.dossiers.actions.timing import first_due
from bakhong.dossiers.models import Dossier, ResultMode, State
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.queries.deadlines import extension_of
from bakhong.dossiers.queries.tracking import Tracking

# A state as a sign: the word stands beside it.
_KINDS = {
    State.SUPPLEMENT: "late",
    State.DUTY: "late",
    State.REFUSED: "error",
    State.STOPPED: "none",
    State.DONE: "done",
    State.RETURNED: "done",
}
_MAY_WITHDRAW = frozenset(
    {State.SUBMITTED, State.RECEIVED, State.IN_PROGRESS, State.SUPPLEMENT, State.DUTY, State.APPROVED}
)


@dataclass(frozen=True)
class Line:
    """One line of “vì sao ngày này”."""

    frm: datetime
    to: datetime
    reason: str


def kind_of(tracking: Tracking) -> str:
    return "late" if tracking.is_late else _KINDS.get(State(tracking.state), "doing")


def opens(dossier: Dossier, typed: str, *, at: datetime) -> bool:
    """Whether these are the last four digits of the applicant's card or telephone. Ten wrong tries an hour.

    Raises: accounts.throttle.TooMany.
    """
    key = claim_code(f"open:{dossier.uuid}", at=at)
    digits = "".join(sign for sign in typed[:20] if sign in "0123456789")
    tails = [tail for tail in (dossier.applicant_id_tail, dossier.applicant_phone_tail) if len(tail) == 4]
    is_right = len(digits) == 4 and any(hmac.compare_digest(digits, tail) for tail in tails)
    if is_right:
        uncount(key, at)
    return is_right


def why_due(dossier: Dossier) -> list[Line]:
    """The explanation of the day that was promised; empty while nothing is promised."""
    procedure = procedure_of(dossier)
    if procedure is None or dossier.received_at is None or dossier.due_at is None:
        return []
    found, _calendar = first_due(procedure, dossier.village, dossier.received_at)
    lines = [Line(step.frm, step.to, step.reason) for step in found.steps]
    if dossier.due_at > found.due_at:
        reason = _("Hẹn lại.") if dossier.apologised_at else _longer(dossier)
        lines.append(Line(found.due_at, dossier.due_at.astimezone(VIET_NAM), reason))
    return lines


def _longer(dossier: Dossier) -> str:
    if extension_of(dossier) is not None:
        return _("Gia hạn để xác minh, theo quy định của thủ tục.")
    return _("Cộng thời gian chờ ông/bà bổ sung.")


def may_withdraw(dossier: Dossier) -> bool:
    return dossier.state in _MAY_WITHDRAW


def has_electronic_result(dossier: Dossier) -> bool:
    is_there = dossier.state in (State.DONE, State.RETURNED) and dossier.result_file is not None
    return is_there and dossier.result_mode == ResultMode.ELECTRONIC


def result_of(dossier: Dossier) -> File:
    """The signed result, its last version. Raises: NotFound."""
    wanted = dossier.result_file if has_electronic_result(dossier) else None
    file = File.objects.filter(uuid=wanted, erased_at=None).first() if wanted else None
    if file is None:
        raise NotFound(_("Hồ sơ này chưa có kết quả điện tử."))
    return latest(file)
