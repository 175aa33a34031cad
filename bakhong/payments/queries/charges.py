"""Charges, by who asks: the one who has the code, the one who owes, the one who collects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import segno
from django.db.models import Count, Q, QuerySet, Sum

from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.numbers import read_count
from bakhong.core.text import squeeze
from bakhong.payments.models import Biller, Charge, ChargeState, Helper
from bakhong.payments.permissions import VIEW, billers_for
from bakhong.payments.queries.billers import account_of
from bakhong.payments.rules.references import find_references
from bakhong.payments.rules.vietqr import encode
from bakhong.people import scope

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What a list is filtered by; empty: not at all. `overdue_on`: open ones due before that day."""

    state: str = ""
    service: str = ""
    period: date | None = None
    overdue_on: date | None = None
    text: str = ""
    batch: UUID | None = None
    village: UUID | None = None


@dataclass(frozen=True)
class Page:
    """`cursor`: where the next page begins, "" at the end."""

    rows: list[Charge]
    cursor: str


def charge_by_reference(reference: str) -> Charge | None:
    """The one whose paper somebody holds. 60 random bits are nothing to guess: knowing them is the permission."""
    found = find_references(reference[:80])
    if len(found) != 1:
        return None
    with scope.seeing(OPERATOR):
        charge: Charge | None = _whole().filter(reference=found[0]).first()
    return charge


def payload_of(charge: Charge) -> str:
    """Its VietQR, with amount and note, into the account of today; "" where its biller has none for it, or nothing is to be paid."""
    if charge.state != ChargeState.OPEN:
        return ""
    account = account_of(charge)
    if account is None:
        return ""
    return encode(
        bank_bin=account.bank_bin, account=account.number, amount=charge.amount, purpose=charge.purpose
    )


def qr_svg(payload: str) -> str:
    """The square to show on a page: inline SVG without size of its own, black on white with its quiet zone."""
    code = segno.make(payload, error="m", micro=False)
    return str(code.svg_inline(border=4, omitsize=True, light="#fff"))


def charges_about(kind: str, uuid: UUID) -> QuerySet[Charge]:
    """All of a thing above, the newest first; of them the connection shows what it may."""
    return _whole().filter(about_kind=kind, about=uuid).order_by("-pk")


def helper_of(charge: Charge) -> Helper | None:
    """Who pays in the payer's stead: the last one named."""
    return Helper.objects.filter(charge=charge).order_by("-pk").first()


def charges_for(actor: Actor, biller: Biller | None, wanted: Wanted, cursor: str = "") -> Page:
    """A page of the charges of one biller, or of all the actor may see; newest first; no page costs more than another."""
    found = matching(actor, biller, wanted)
    before = read_count(cursor, 18)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: PAGE + 1])
    return Page(rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else "")


def totals(actor: Actor, biller: Biller, wanted: Wanted) -> list[tuple[str, int, int]]:
    """(state, how many, đồng) of everything that fits, in the order of the states; states without any are left out."""
    rows = matching(actor, biller, wanted).select_related(None).order_by().values("state")
    told = {
        each["state"]: (each["number"], each["sum"])
        for each in rows.annotate(number=Count("pk"), sum=Sum("amount"))
    }
    return [(str(label), *told[state]) for state, label in ChargeState.choices if state in told]


def matching(actor: Actor, biller: Biller | None, wanted: Wanted) -> QuerySet[Charge]:
    """Every charge that fits."""
    billers = billers_for(actor, VIEW)
    found = _whole().filter(biller__in=billers if biller is None else billers.filter(pk=biller.pk))
    same: Mapping[str, object] = {
        "state": wanted.state,
        "service": wanted.service,
        "period": wanted.period,
        "batch__uuid": wanted.batch,
        "village__uuid": wanted.village,
    }
    found = found.filter(**{name: value for name, value in same.items() if value})
    if wanted.overdue_on is not None:
        found = found.filter(state=ChargeState.OPEN, due_on__lt=wanted.overdue_on)
    return found.filter(_said(wanted.text)) if squeeze(wanted.text) else found


def _said(text: str) -> Q:
    """By a reference anywhere in it, else by customer code, telephone number or name."""
    references = find_references(text)
    if references:
        return Q(reference__in=references)
    said = squeeze(text)[:120]
    return Q(customer_code__iexact=said) | Q(payer_phone=said) | Q(payer_name__icontains=said)


def _whole() -> QuerySet[Charge]:
    return Charge.objects.select_related("biller", "account", "village", "batch")
