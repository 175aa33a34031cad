"""Background work: looking at the clock."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.actions.deadlines import warn_and_escalate
from bakhong.people import scope


@app.periodic(cron="7,37 0-11,22-23 * * *")  # 05:07 to 18:37 in Viet Nam
@app.task(name="dossiers.look_at_the_clock", queueing_lock="dossiers.look_at_the_clock")
def look_at_the_clock(timestamp: int) -> None:
    """Warn of dossiers that fall due, escalate those that are late; run twice, it says nothing twice."""
    with scope.seeing(OPERATOR):
        warn_and_escalate(at=datetime.fromtimestamp(timestamp, UTC))
