"""Every five minutes the brokers are asked what their notifications left out; what nobody can tell rings."""

from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction

from bakhong.audit import actions as audit
from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.payments.actions.alarms import raise_alarm
from bakhong.payments.actions.deliveries import PULL, Unread, keep_unread
from bakhong.payments.actions.lines import take_lines
from bakhong.payments.actions.matching import match_lines
from bakhong.payments.actions.overtaken import again_when_overtaken
from bakhong.payments.adapters.port import Feed, Missed, Silent
from bakhong.payments.models import AlarmKind, BankAccount, BankLine, FeedAlarm
from bakhong.payments.models import Feed as Kind
from bakhong.payments.queries.gaps import gaps_of

_FIRST = timedelta(days=30)  # how far back an account is asked about for the first time
_PATIENCE = timedelta(minutes=30)  # without an answer, before the accountant is told
_LOOK_BACK = timedelta(days=2)


def asked_accounts(on: date) -> list[BankAccount]:
    """The accounts that a broker tells of on the day: open ones, and those closed a short while ago."""
    rows = BankAccount.objects.listening(on).exclude(feed=Kind.STATEMENT)
    return list(rows.select_related("biller").order_by("pk"))


def pull(*, account: BankAccount, feed: Feed | None, at: datetime) -> int:
    """Ask for what is missing since the last answer, match it, and look whether the balances go on; returns how many lines were new.

    An answer that does not come rings after half an hour. `feed` None: only the balances are looked at.
    """
    new: list[BankLine] = []
    if feed is not None:
        since, until = max(account.opened_on, day_of(at - _FIRST)), day_of(at) + timedelta(days=1)
        try:
            missed = feed.missed(account.number, cursor=account.feed_cursor, since=since, until=until)
        except Silent as silent:
            if at - (account.pulled_at or account.made_at) > _PATIENCE:
                raise_alarm(account=account, kind=AlarmKind.SILENT, detail=silent.problem, at=at)
        else:
            new = again_when_overtaken(partial(_store, account, missed, at))
            again_when_overtaken(partial(match_lines, new, by=OPERATOR, at=at))
    _look_for_gaps(account, at)
    return len(new)


@transaction.atomic
def _store(account: BankAccount, missed: Missed, at: datetime) -> list[BankLine]:
    """What was answered, and where the next question begins: what could not be read is set aside, for nobody will tell of it again."""
    lines = take_lines(account=account, told=missed.told, source=PULL, at=at)
    unread = [Unread(each.external_id, each.body, each.problem) for each in missed.unread]
    if keep_unread(account=account, source=PULL, unread=unread, at=at):
        raise_alarm(account=account, kind=AlarmKind.UNREADABLE, detail=unread[0].problem, at=at)
    if missed.is_full:
        raise_alarm(account=account, kind=AlarmKind.UNREADABLE, detail="list_full", at=at)
    if lines.new:
        audit.record(
            by=OPERATOR,
            at=at,
            deed="payments.pull",
            object_kind="bank_account",
            object_id=account.uuid,
            place_id=account.biller.unit_id,
            lines=len(lines.new),
        )
    BankAccount.objects.filter(pk=account.pk).update(feed_cursor=missed.cursor, pulled_at=at)
    return lines.new


def _look_for_gaps(account: BankAccount, at: datetime) -> None:
    """One alarm for each place where the balances do not go on: its days, and how much money moved unseen."""
    today = day_of(at)
    for gap in gaps_of(account, today - _LOOK_BACK, today):
        detail = f"{gap.since.isoformat()}/{gap.on.isoformat()}/{gap.amount}"
        if not FeedAlarm.objects.filter(account=account, kind=AlarmKind.GAP, detail=detail).exists():
            raise_alarm(account=account, kind=AlarmKind.GAP, detail=detail, at=at)
