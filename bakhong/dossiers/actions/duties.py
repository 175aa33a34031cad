"""The financial duty: a state that the dossier leaves when nothing is owed. Until charges exist, only an amount of zero passes it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_money
from bakhong.dossiers.actions.fees import due_now
from bakhong.dossiers.actions.stepping import Taken, happen, take
from bakhong.dossiers.actions.supplementing import came_from
from bakhong.dossiers.actions.timing import due_after, procedure_of
from bakhong.dossiers.models import Dossier, Kind, State
from bakhong.dossiers.rules.clock import Moment
from bakhong.dossiers.rules.transitions import transitions
from bakhong.eforms.queries.answers import conditions_data


def set_duty(
    *, dossier: Dossier, by: Actor, at: datetime, version: int | None = None, key: UUID | None = None
) -> Dossier:
    """Tell the resident what is to be paid; the clock stands still.

    Raises: Refusal when nothing is owed; NotAllowed; Conflict.
    """
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.SET_DUTY, by=by, version=version, key=key, said={})
        if taken.done is not None:
            return taken.dossier
        if not taken.dossier.fee_amount or taken.dossier.duty_met_at is not None:
            raise Refusal(_("Hồ sơ này không còn phải nộp khoản nào."))
        happen(
            taken,
            by=by,
            at=at,
            to=State.DUTY,
            change={"waiting_since": at},
            data={"amount": taken.dossier.fee_amount},
        )
        return taken.dossier


def pass_duty(
    *,
    dossier: Dossier,
    by: Actor,
    at: datetime,
    exemptions: Sequence[str] | None = None,
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Nothing is owed (any more): the dossier goes on. `exemptions`: those shown, with which the fee is computed again.

    Raises: Refusal while something is owed; NotAllowed; Conflict.
    """
    said = {"exemptions": None if exemptions is None else sorted(exemptions)}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.PASS_DUTY, by=by, version=version, key=key, said=said)
        if taken.done is not None:
            return taken.dossier
        _recompute(taken.dossier, exemptions, at)
        _met(taken, by, at)
        return taken.dossier


def met_before_deciding(dossier: Dossier, by: Actor, at: datetime) -> None:
    """What comes before any decision: of a dossier that costs nothing, the duty is met by itself. Runs in the decision's transaction,
    on the row it holds.

    Raises: Refusal while something is owed.
    """
    if dossier.duty_met_at is None:
        _met(Taken(dossier, transitions()[Kind.PASS_DUTY], "", None), by, at)


def _recompute(dossier: Dossier, exemptions: Sequence[str] | None, at: datetime) -> None:
    procedure = procedure_of(dossier)
    if exemptions is None or procedure is None:
        return
    answers = conditions_data(dossier.draft) if dossier.draft is not None else {}
    fee = due_now(procedure, dossier.village, answers, exemptions, dossier.channel, at)
    dossier.fee_amount, dossier.fee_lines, dossier.exemptions = fee.amount, fee.as_json(), list(exemptions)


def _met(taken: Taken, by: Actor, at: datetime) -> None:
    found = taken.dossier
    if found.fee_amount:
        raise Refusal(
            _("Hồ sơ còn phải nộp %(amount)s nên chưa làm tiếp được.")
            % {"amount": format_money(found.fee_amount)}
        )
    to = came_from(found, Kind.SET_DUTY) if found.state == State.DUTY else found.state
    moment = Moment(Kind.PASS_DUTY, found.state, to, at)
    happen(
        taken,
        by=by,
        at=at,
        to=to,
        change={
            "duty_met_at": at,
            "waiting_since": None,
            "due_at": due_after(found, [moment]),
            "fee_amount": found.fee_amount,
            "fee_lines": found.fee_lines,
            "exemptions": found.exemptions,
        },
        data={"amount": 0},
    )
