"""The end of a day: what the three sides said is kept with the sums of each account, and no entry is made of that day any more.

Lines of it that come later are booked on the first open day.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_before, day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.numbers import format_day, format_money
from bakhong.payments import scope
from bakhong.payments.actions.posting import DAYS
from bakhong.payments.actions.words import said
from bakhong.payments.models import BankAccount, Biller, Close, Feed, Statement
from bakhong.payments.permissions import RECONCILE, require
from bakhong.payments.queries.controls import control_problems
from bakhong.payments.queries.ledger import all_sums
from bakhong.payments.queries.overview import word_of_feed
from bakhong.payments.queries.problems import unexplained
from bakhong.payments.queries.reconciling import Day, first_open, reconcile

log = logging.getLogger(__name__)


def close_day(*, biller: Biller, on: date, note: str, by: Actor, at: datetime) -> Close:
    """Close all days up to `on` that are open. With money unexplained only with a note that says why. Twice is once.

    Raises: NotAllowed; Refusal for a day that is not over, without a note where one is needed, or with nothing to close; Conflict.
    """
    require(RECONCILE, biller, by=by)
    reason = said(note, 400)
    if on >= day_of(at):
        raise Refusal(_("Ngày %(on)s chưa hết, chưa khoá sổ được.") % {"on": format_day(on)})
    with scope.seeing([biller.pk]), transaction.atomic():
        wait_for_entries(biller)
        done = Close.objects.filter(biller=biller, on=on).first()
        if done is not None:
            return done
        first = first_open(biller)
        if first is None:
            raise Refusal(_("Sổ chưa có dòng tiền nào để khoá."))
        if first > on:
            raise Conflict(_("Ngày này đã khoá sổ cùng một ngày sau đó."))
        day = reconcile(biller, on, first=first)
        made = _close(day, reason, by, at)
        audit.record(
            by=by,
            at=at,
            deed="payments.close_day",
            object_kind="biller",
            object_id=biller.uuid,
            place_id=biller.unit_id,
            on=on.isoformat(),
            unexplained=made.unexplained,
        )
    return made


def close_days(*, billers: Iterable[Biller], at: datetime) -> int:
    """Every open day of each biller that is over, one by one, as far as nothing is unexplained; how many. For the nightly task.

    Days after the last statement, or the last word of a broker that can be asked, are left open: what happened on them nobody knows yet.
    """
    return sum(_close_or_wait(biller, at) for biller in billers)


def _close_or_wait(biller: Biller, at: datetime) -> int:
    """0 where it fails: its days stay open, which the accountant sees, and the other billers' are closed."""
    try:
        with transaction.atomic():
            return _close_quiet_days(biller, at)
    except Exception:
        log.exception("Days of biller %s stay open", biller.pk)
        return 0


def wait_for_entries(biller: Biller) -> None:
    """Entries under way are waited for, and later ones wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [DAYS, biller.pk])


def _close_quiet_days(biller: Biller, at: datetime) -> int:
    with scope.seeing([biller.pk]):
        on, count, last = first_open(biller), 0, _told_until(biller, day_of(at))
        while on is not None and on <= last:
            if reconcile(biller, on).problems or control_problems(biller):
                break
            close_day(biller=biller, on=on, note="", by=OPERATOR, at=at)
            on, count = on + timedelta(days=1), count + 1
    return count


def _told_until(biller: Biller, today: date) -> date:
    """The last day of which every bank of the biller has told all, at most yesterday."""
    told = (_told_of(each) for each in biller.accounts.in_use())
    return min([day_before(today), *told])


def _told_of(account: BankAccount) -> date:
    """By its statements; by SePay's list the day before it was last heard. payOS has no list that what it left out would show in."""
    days = [Statement.objects.filter(account=account).aggregate(last=Max("last"))["last"]]
    word = word_of_feed(account) if account.feed == Feed.SEPAY else None
    days.append(day_before(day_of(word)) if word else None)
    return max((each for each in days if each), default=date.min)


def _close(day: Day, note: str, by: Actor, at: datetime) -> Close:
    """Raises: Refusal."""
    amount = unexplained([*day.problems, *control_problems(day.biller)])
    if amount and not note:
        raise Refusal(
            _("Còn %(amount)s chưa giải thích được. Hãy xử lý, hoặc ghi rõ vì sao rồi khoá sổ.")
            % {"amount": format_money(amount)}
        )
    return Close.objects.create(
        biller=day.biller,
        on=day.on,
        sums={str(each.pk): [sums.debits, sums.credits] for each, sums in all_sums(day.biller, day.on)},
        feed_in=day.feed_in,
        feed_out=day.feed_out,
        ledger_in=day.ledger_in,
        ledger_out=day.ledger_out,
        charges_paid=day.charges_paid,
        cash_taken=day.cash_taken,
        suspense=day.suspense,
        unexplained=amount,
        note=note,
        at=at,
        by=by.id,
        by_label=by.label[:120],
    )
