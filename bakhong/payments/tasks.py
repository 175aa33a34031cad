"""Background work about money."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.payments.actions.alarms import tell_alarms
from bakhong.payments.actions.closing import close_days
from bakhong.payments.actions.deliveries import raise_fault, take_deliveries
from bakhong.payments.actions.matching import match_waiting
from bakhong.payments.actions.overtaken import again_when_overtaken
from bakhong.payments.actions.owning import reassign_lost, tell_given, tell_owners
from bakhong.payments.actions.pulling import asked_accounts, pull
from bakhong.payments.actions.receipts import receipt_pdf
from bakhong.payments.adapters.registry import feed_of
from bakhong.payments.models import Biller, Receipt, SuspenseItem
from bakhong.people import scope

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(
    name="payments.take_deliveries", queueing_lock="payments.take_deliveries", lock="payments.take_deliveries"
)
def take_waiting_deliveries(timestamp: int = 0) -> None:
    """Asked for by each notification, and every minute so that none is forgotten. One works at a time, one more waits at most."""
    with scope.seeing(OPERATOR):
        while take_deliveries(at=timezone.now()):
            pass
        try:
            again_when_overtaken(lambda: match_waiting(at=timezone.now(), by=OPERATOR))
        finally:
            tell_alarms(at=timezone.now())


@app.task(name="payments.write_receipt")
def write_receipt(receipt: str) -> None:
    """The paper of a confirmation, while whoever paid is still looking at the page. Cancelled in the meantime, it gets none."""
    with scope.seeing(OPERATOR):
        row = (
            Receipt.objects.select_related("biller__unit", "charge")
            .filter(uuid=receipt, cancelled_at=None)
            .first()
        )
        if row is not None:
            receipt_pdf(receipt=row, by=OPERATOR, at=timezone.now())


@app.periodic(cron="20 19 * * *")
@app.task(name="payments.close_days", queueing_lock="payments.close_days")
def close_quiet_days(timestamp: int = 0) -> None:
    """At 02:20 in Viet Nam: the days that are over and leave no money unexplained."""
    with scope.seeing(OPERATOR):
        close_days(billers=Biller.objects.filter(keeps_ledger=True, valid_to=None), at=timezone.now())


@app.task(name="payments.tell_given")
def tell_of_a_given_item(item: str) -> None:
    with scope.seeing(OPERATOR):
        found = SuspenseItem.objects.select_related("biller__unit").filter(uuid=item, closed_at=None).first()
        if found is not None:
            tell_given(item=found, at=timezone.now())


@app.periodic(cron="10 0 * * *")
@app.task(name="payments.tell_owners", queueing_lock="payments.tell_owners")
def tell_of_waiting_money(timestamp: int = 0) -> None:
    """At 07:10 in Viet Nam: whose the waiting money is now, and what is new of it."""
    with scope.seeing(OPERATOR):
        reassign_lost(at=timezone.now())
        tell_owners(at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="payments.pull", queueing_lock="payments.pull", lock="payments.pull")
def pull_missed(timestamp: int) -> None:
    """One account after the other; each stores what it learned before the next is asked about, and one that fails holds up no other."""
    with scope.seeing(OPERATOR):
        for account in asked_accounts(day_of(timezone.now())):
            try:
                pull(account=account, feed=feed_of(account), at=timezone.now())
            except Exception:
                log.exception("Account %s was not asked about", account.pk)
                raise_fault(account.pk, "pull", timezone.now())
        tell_alarms(at=timezone.now())
