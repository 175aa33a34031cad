"""What a dossier costs and whether it is paid: the charges of payments that are about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.core.numbers import format_money
from bakhong.dossiers.models import Dossier, State
from bakhong.payments.models import Biller, Charge, ChargeState
from bakhong.people import scope
from bakhong.procedures.queries.catalogue import Offer, offer, price

ABOUT = "dossier"
# It ended and nothing was given for the fee: who keeps the books considers whether it goes back.
WITHOUT_RESULT = (State.REFUSED, State.STOPPED)


@dataclass(frozen=True)
class Standing:
    """What is owed for a dossier now. `words`: the fee as slips and pages say it; `charge`: the one to pay, or the paid one.

    `may_go_back`: it is paid, and the dossier ended without a result.
    """

    words: str
    charge: Charge | None
    is_owed: bool
    is_paid: bool
    may_go_back: bool = False


def charges_of(dossier: Dossier) -> QuerySet[Charge]:
    return Charge.objects.filter(about_kind=ABOUT, about=dossier.uuid).order_by("id")


def paid_charge(dossier: Dossier) -> Charge | None:
    """The paid charge of exactly what it costs."""
    return charges_of(dossier).filter(state=ChargeState.PAID, amount=dossier.fee_amount).last()


def open_charge(dossier: Dossier) -> Charge | None:
    return charges_of(dossier).filter(state=ChargeState.OPEN).last()


def is_owed(dossier: Dossier) -> bool:
    """True while it costs something that nobody has paid."""
    return bool(dossier.fee_amount) and dossier.duty_met_at is None and paid_charge(dossier) is None


def standing(dossier: Dossier) -> Standing:
    """In two questions at most; none for what costs nothing."""
    if not dossier.fee_amount:
        return Standing(fee_words(dossier), None, False, False)
    found = list(charges_of(dossier).exclude(state=ChargeState.WITHDRAWN).select_related("account", "biller"))
    paid = next((each for each in found if each.state == ChargeState.PAID), None)
    charge = paid or next(iter(found), None)
    is_over = dossier.state in WITHOUT_RESULT
    return Standing(
        fee_words(dossier),
        charge,
        is_owed=paid is None and dossier.duty_met_at is None and not is_over,
        is_paid=paid is not None,
        may_go_back=paid is not None and is_over,
    )


def paid_for_nothing(biller: Biller, *, since: datetime) -> list[tuple[Charge, date]]:
    """Paid charges of the biller whose dossier ended without a result after `since`, and the day it did; the latest first.

    Where somebody asked for the money to go back, whatever became of that, it was considered and is left out.
    """
    with scope.seeing(
        OPERATOR
    ):  # whoever keeps the books sees no dossiers; of these they learn the day alone
        rows = Dossier.objects.filter(
            village=biller.unit_id, state__in=WITHOUT_RESULT, finished_at__gte=since, fee_amount__gt=0
        )
        ended = dict(rows.values_list("uuid", "finished_at"))
        charges = Charge.objects.filter(
            biller=biller, about_kind=ABOUT, about__in=list(ended), state=ChargeState.PAID, refunds=None
        )
        found = [(each, ended[each.about]) for each in charges if each.about is not None]
    return [(each, day_of(at)) for each, at in sorted(found, key=lambda pair: pair[1], reverse=True)]


def ended_without_result(charge: Charge) -> date | None:
    """The day the dossier that a paid charge is about ended without a result; None where it did not, or is none."""
    if charge.about_kind != ABOUT or charge.about is None or charge.state != ChargeState.PAID:
        return None
    with scope.seeing(OPERATOR):
        rows = Dossier.objects.filter(uuid=charge.about, state__in=WITHOUT_RESULT)
        ended_at = rows.values_list("finished_at", flat=True).first()
    return day_of(ended_at) if ended_at is not None else None


def owing(dossiers: Sequence[Dossier]) -> dict[UUID, Charge]:
    """uuid of a dossier → its open charge, of many at once."""
    wanted = [each.uuid for each in dossiers if each.fee_amount and each.duty_met_at is None]
    rows = Charge.objects.filter(about_kind=ABOUT, about__in=wanted, state=ChargeState.OPEN) if wanted else []
    return {each.about: each for each in rows if each.about is not None}


def fee_words(dossier: Dossier) -> str:
    """One wording for every slip and page: an amount; freed of it; nothing by law; or nothing as yet, where no resolution was compared."""
    if dossier.fee_amount:
        return format_money(dossier.fee_amount)
    if any(line["amount"] for line in dossier.fee_lines):
        return _("được miễn, không phải nộp")
    return nothing_words(offer(dossier.village, dossier.procedure, day_of(dossier.submitted_at)))


def nothing_words(found: Offer | None) -> str:
    """Why a fee is zero: by law or resolution, or because no level of it was compared with the province's resolution yet."""
    if found is not None and price(found).kind == "unset":
        return _("hiện chưa thu tiền")
    return _("không mất tiền")
