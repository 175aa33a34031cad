"""Background work: asking providers about signatures under way, and taking away what nobody points to."""

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from bakhong.core.actor import OPERATOR
from bakhong.documents import scope
from bakhong.documents.actions.confirming import poll_job
from bakhong.documents.actions.sealing import put_waiting
from bakhong.documents.actions.sweeping import sweep
from bakhong.documents.models import Seal, SigningJob
from bakhong.documents.queries.jobs import open_jobs
from bakhong.places.models import Unit

_EVERY_SECONDS = 4  # a signer who has pressed the button looks at the screen


@app.periodic(cron="* * * * *")
@app.task(name="documents.poll_all", queueing_lock="documents.poll_all")
def poll_all(timestamp: int) -> None:
    """Every minute, so that no request is forgotten whatever happened to the quicker asking."""
    with scope.everything():
        for job in open_jobs():
            poll_job(job=job, at=timezone.now())


@app.task(name="documents.watch")
def watch(job: str) -> None:
    """Ask about one request again and again, until it has ended."""
    with scope.everything():
        found = SigningJob.objects.filter(uuid=job).first()
        is_over = found is None or poll_job(job=found, at=timezone.now()).ended_at is not None
    if not is_over:
        watch.configure(schedule_in={"seconds": _EVERY_SECONDS}).defer(job=job)


@app.task(name="documents.seal_waiting")
def seal_waiting(unit: int) -> None:
    """After somebody signed: the unit's own signature, where its key's secret was left for us."""
    with scope.everything():
        put_waiting(unit=Unit.objects.get(pk=unit), by=OPERATOR, at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="documents.seal_all", queueing_lock="documents.seal_all")
def seal_all(timestamp: int) -> None:
    """Whatever a lost or failed task left behind."""
    with scope.everything():
        for seal in Seal.objects.select_related("unit").filter(ended_at=None).order_by("id"):
            put_waiting(unit=seal.unit, by=OPERATOR, at=timezone.now())


@app.periodic(cron="43 2 * * *")
@app.task(name="documents.sweep", queueing_lock="documents.sweep")
def sweep_all(timestamp: int) -> None:
    with scope.everything():
        sweep(at=datetime.fromtimestamp(timestamp, UTC))
