"""Background work about money."""

from django.utils import timezone
from procrastinate.contrib.django import app

from bakhong.core.actor import OPERATOR
from bakhong.payments.actions.alarms import tell_alarms
from bakhong.payments.actions.deliveries import take_deliveries
from bakhong.payments.actions.matching import match_waiting
from bakhong.people import scope


@app.periodic(cron="* * * * *")
@app.task(
    name="payments.take_deliveries", queueing_lock="payments.take_deliveries", lock="payments.take_deliveries"
)
def take_waiting_deliveries(timestamp: int = 0) -> None:
    """Asked for by each notification, and every minute so that none is forgotten. One works at a time, one more waits at most."""
    with scope.seeing(OPERATOR):
        while take_deliveries(at=timezone.now()):
            pass
        match_waiting(at=timezone.now(), by=OPERATOR)
        tell_alarms(at=timezone.now())
