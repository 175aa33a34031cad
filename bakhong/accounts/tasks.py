"""Background work: forgetting what is too old to matter."""

from datetime import UTC, datetime

from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from bakhong.accounts import throttle


@app.periodic(cron="17 * * * *")
@app.task(name="accounts.purge", queueing_lock="accounts.purge")
def purge(timestamp: int) -> None:
    """Counters of failed sign-ins, spent codes, unused familiar devices, ended sessions."""
    at = datetime.fromtimestamp(timestamp, UTC)
    throttle.purge(at)
    Session.objects.filter(expire_date__lt=at).delete()
