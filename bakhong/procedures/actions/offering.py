"""What a unit offers, by which channels, and what it takes for it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import NotFound, Refusal
from bakhong.places.models import Unit
from bakhong.procedures.actions.saying import needed, say, take_back
from bakhong.procedures.models import ProcedureOffer
from bakhong.procedures.permissions import require
from bakhong.procedures.queries.local import procedure
from bakhong.procedures.rules.catalogue import CHANNELS

MOST = 100_000_000  # đồng


def set_offer(
    *,
    unit: Unit,
    code: str,
    is_offered: bool,
    valid_from: date,
    source: str,
    by: Actor,
    at: datetime,
    channels: Sequence[str] = (),
    amount: int | None = None,
    zero_fee: str = "",
    key: UUID | None = None,
) -> ProcedureOffer:
    """How the unit stands to a procedure from a day on; `channels` empty: as in the catalogue. `source`: the resolution or decision.

    Raises: NotAllowed; NotFound; Refusal.
    """
    require(unit, by=by)
    found = procedure(unit, code, valid_from)
    if found is None:
        raise NotFound(_("Không có thủ tục nào mang mã “%(code)s” vào ngày này.") % {"code": code[:40]})
    if not set(channels) <= set(CHANNELS):
        raise Refusal(_("Chọn cách nộp: trực tiếp, trực tuyến hoặc bưu chính."))
    if zero_fee not in ProcedureOffer.ZeroFee.values:
        raise Refusal(_("Chọn mức thu."))
    if amount is not None and (found.fee.kind not in ("fixed", "per_copy") or not 0 <= amount <= MOST):
        raise Refusal(_("Thủ tục này không có mức thu cố định, hoặc số tiền không hợp lý."))
    return say(
        ProcedureOffer,
        deed="procedures.set_offer",
        what="procedure_offer",
        unit=unit,
        source=needed(source, 300, _("Ghi nghị quyết hoặc quyết định làm căn cứ.")),
        key=key,
        by=by,
        at=at,
        code=code,
        is_offered=is_offered,
        channels=[each for each in CHANNELS if each in channels],
        amount=amount,
        zero_fee=zero_fee,
        valid_from=valid_from,
    )


def undo_offer(*, offer: ProcedureOffer, by: Actor, at: datetime) -> None:
    """Raises: NotAllowed."""
    take_back(offer, deed="procedures.undo_offer", what="procedure_offer", by=by, at=at)
