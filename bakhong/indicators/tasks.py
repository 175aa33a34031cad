"""Background work: keeping what the roll counts quick to ask."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from bakhong.indicators.actions.recompute import fold


@app.periodic(cron="41 19 * * *")  # in UTC: deeds wait meanwhile, so at night in Viet Nam
@app.task(name="indicators.fold", queueing_lock="indicators.fold")
def fold_nightly(timestamp: int) -> None:
    """Sums the deltas of ended quarters: a province's tables then read days, not years."""
    fold(at=datetime.fromtimestamp(timestamp, UTC))
