"""Background work: sealing the trail every minute."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from bakhong.audit import actions

_NIGHT = 20  # in UTC: three in the morning in Viet Nam


@app.periodic(cron="* * * * *")
@app.task(name="audit.seal", queueing_lock="audit.seal")
def seal(timestamp: int) -> None:
    """Seal what was committed since the last time. Once a day look through everything, for a transaction that took hours."""
    at = datetime.fromtimestamp(timestamp, UTC)
    everything = at.hour == _NIGHT and at.minute == 0
    while actions.seal(at=at, everything=everything):
        pass
