"""A market's stalls from a list, all acceptable rows at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.payments.actions.stall_accounts import set_first_account
from bakhong.payments.actions.stalls import Facts, open_stall
from bakhong.payments.models import Market, Stall
from bakhong.payments.permissions import KEEP_STALLS, require_stalls
from bakhong.payments.rules.stall_lists import StallRow
from bakhong.places.models import Unit


@dataclass(frozen=True)
class Opened:
    """`known`: rows whose number the market has already; nothing of them changes. `rejected`: rows with a problem."""

    made: list[Stall]
    known: list[StallRow]
    rejected: list[StallRow]


def open_stalls(
    *, market: Market, village: Unit, rows: Sequence[StallRow], by: Actor, at: datetime
) -> Opened:
    """The same list again adds nothing. Raises: NotAllowed; Refusal when no row can be taken."""
    require_stalls(KEEP_STALLS, village.pk, by=by)
    good = [each for each in rows if not each.problems]
    if not good:
        raise Refusal(_("Không có dòng nào ghi được. Xem lại các dòng dưới đây."))
    with transaction.atomic():
        Market.objects.select_for_update().get(pk=market.pk)
        there = known_codes(market)
        fresh = [each for each in good if each.code.upper() not in there]
        made = [_open(each, market, village, by, at) for each in fresh]
        audit.record(
            by=by,
            at=at,
            deed="payments.open_stalls",
            object_kind="market",
            object_id=market.uuid,
            place_id=market.unit_id,
            stalls=len(made),
        )
    return Opened(
        made, [each for each in good if each not in fresh], [each for each in rows if each.problems]
    )


def known_codes(market: Market) -> set[str]:
    return {each.upper() for each in market.stalls.filter(valid_to=None).values_list("code", flat=True)}


def _open(row: StallRow, market: Market, village: Unit, by: Actor, at: datetime) -> Stall:
    facts = Facts(
        code=row.code,
        owner_name=row.owner_name,
        name=row.name,
        trade=row.trade,
        phone=row.phone,
        monthly_fee=row.monthly_fee,
    )
    made = open_stall(village=village, facts=facts, market=market, by=by, at=at)
    if row.account:
        made = set_first_account(
            stall=made, bank_bin=row.bank_bin, account=row.account, holder=row.holder, by=by, at=at
        )
    return made
