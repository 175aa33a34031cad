"""Background work: forgetting what nobody needs any more."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from bakhong.core.actor import OPERATOR
from bakhong.outreach.actions.trainings import forget_check_ins
from bakhong.people import scope


@app.periodic(cron="23 3 * * *")
@app.task(name="outreach.forget_check_ins", queueing_lock="outreach.forget_check_ins")
def forget(timestamp: int) -> None:
    """What people typed on attendance pages."""
    with scope.seeing(OPERATOR):
        forget_check_ins(by=OPERATOR, at=datetime.fromtimestamp(timestamp, UTC))
