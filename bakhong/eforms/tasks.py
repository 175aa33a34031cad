"""Background work: forgetting drafts nobody goes on with."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from bakhong.core.actor import OPERATOR
from bakhong.eforms.actions.erasing import forget_expired
from bakhong.people import scope


@app.periodic(cron="41 2 * * *")
@app.task(name="eforms.forget_expired", queueing_lock="eforms.forget_expired")
def forget(timestamp: int) -> None:
    with scope.seeing(OPERATOR):
        forget_expired(by=OPERATOR, at=datetime.fromtimestamp(timestamp, UTC))
