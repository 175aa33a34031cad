"""Every five minutes the brokers are asked what their notifications left out; what nobody can tell rings."""

from datetime import datetime, timedelta

from django.db import transaction

from bakhong.audit import actions as audit
from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.payments.actions.alarms import raise_alarm
from bakhong.payments.actions.lines import take_lines
from bakhong.payments.actions.matching import match_lines
from bakhong.payments.adapters.port import Feed, Missed, Silent
from bakhong.payments.models import AlarmKind, BankAccount, FeedAlarm
from bakhong.payments.models import Feed as Kind
from bakhong.payments.queries.gaps import gaps_of

PULL = "pull"
_FIRST = timedelta(days=30)  # how far back an account is asked about for the first time
_PATIENCE = timedelta(minutes=30)  # without an answer, before the accountant is told
_LOOK_BACK = timedelta(days=2)


def asked_accounts() -> list[BankAccount]:
    """The open accounts that a broker tells of."""
    rows = BankAccount.objects.exclude(feed=Kind.STATEMENT).filter(closed_on=None)
    return list(rows.select_related("biller").order_by("pk"))


def pull(*, account: BankAccount, feed: Feed | None, at: datetime) -> int:
    """Ask for what is missing since the last answer, match it, and look whether the balances go on; returns how many lines were new.

    An answer that does not come rings after half an hour. `feed` None: only the balances are looked at.
    """
    new = 0
    if feed is not None:
        since = max(account.opened_on, day_of(at - _FIRST))
        try:
            missed = feed.missed(account.number, cursor=account.feed_cursor, since=since)
        except Silent as silent:
            if at - (account.pulled_at or account.made_at) > _PATIENCE:
                raise_alarm(account=account, kind=AlarmKind.SILENT, detail=silent.problem, at=at)
        else:
            new = _take(account, missed, at)
    _look_for_gaps(account, at)
    return new


@transaction.atomic
def _take(account: BankAccount, missed: Missed, at: datetime) -> int:
    until = day_of(at) + timedelta(days=1)
    told = [each for each in missed.told if each.on <= until]
    lines = take_lines(account=account, told=told, source=PULL, at=at)
    if lines.new:
        match_lines(lines.new, by=OPERATOR, at=at)
        audit.record(
            by=OPERATOR,
            at=at,
            deed="payments.pull",
            object_kind="bank_account",
            object_id=account.uuid,
            place_id=account.biller.unit_id,
            lines=len(lines.new),
        )
    if missed.unreadable or len(told) < len(missed.told):
        raise_alarm(account=account, kind=AlarmKind.UNREADABLE, detail=PULL, at=at)
    BankAccount.objects.filter(pk=account.pk).update(feed_cursor=missed.cursor, pulled_at=at)
    return len(lines.new)


def _look_for_gaps(account: BankAccount, at: datetime) -> None:
    """One alarm for each place where the balances do not go on."""
    today = day_of(at)
    for gap in gaps_of(account, today - _LOOK_BACK, today):
        detail = f"{gap.after}-{gap.before}"
        if not FeedAlarm.objects.filter(account=account, kind=AlarmKind.GAP, detail=detail).exists():
            raise_alarm(account=account, kind=AlarmKind.GAP, detail=detail, at=at)
