"""Background work: sending the letters that wait, every minute."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from bakhong.core.actor import OPERATOR
from bakhong.messaging.actions import deliver_due
from bakhong.people import scope


@app.periodic(cron="* * * * *")
@app.task(name="messaging.deliver", queueing_lock="messaging.deliver")
def deliver(timestamp: int) -> None:
    with scope.seeing(OPERATOR):
        deliver_due(at=datetime.fromtimestamp(timestamp, UTC))
