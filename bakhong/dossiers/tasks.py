"""Background work: looking at the clock, and exchanging dossiers with other systems."""

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.actions.deadlines import warn_and_escalate
from bakhong.dossiers.actions.exchange_taking import pull
from bakhong.dossiers.actions.exchange_telling import deliver_due
from bakhong.dossiers.actions.slips import keep_slip
from bakhong.dossiers.adapters.registry import exchanges
from bakhong.dossiers.models import Event
from bakhong.people import scope


@app.periodic(cron="7,37 0-11,22-23 * * *")  # 05:07 to 18:37 in Viet Nam
@app.task(name="dossiers.look_at_the_clock", queueing_lock="dossiers.look_at_the_clock")
def look_at_the_clock(timestamp: int) -> None:
    """Warn of dossiers that fall due, escalate those that are late; run twice, it says nothing twice."""
    with scope.seeing(OPERATOR):
        warn_and_escalate(at=datetime.fromtimestamp(timestamp, UTC))


@app.task(name="dossiers.keep_slip")
def keep(event: int) -> None:
    """The slip of an event, kept to be sealed and sent."""
    with scope.seeing(OPERATOR):
        keep_slip(event=Event.objects.select_related("dossier__village").get(pk=event), at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="dossiers.exchange", queueing_lock="dossiers.exchange")
def exchange(timestamp: int) -> None:
    """Tell other systems what waits, and take in what was filed there. Without any set up, nothing is done."""
    found = exchanges()
    if not found:
        return
    with scope.seeing(OPERATOR):
        for each in found.values():
            at = datetime.fromtimestamp(timestamp, UTC)
            deliver_due(exchange=each, at=at)
            pull(exchange=each, at=at)
