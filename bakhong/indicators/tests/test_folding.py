"""Every night the deltas of ended quarters are summed; no answer changes."""

from datetime import UTC, date, datetime

import pytest

from bakhong.core.actor import Actor
from bakhong.indicators.models import Balance, Build
from bakhong.indicators.queries.counted import counted
from bakhong.indicators.rules.measures import MeasureKey
from bakhong.indicators.tasks import fold_nightly
from bakhong.people.actions import Adopted, record_adoptions
from bakhong.people.tests.conftest import MakePerson, everybody, person, staff, village, villages
from bakhong.places.models import Unit

__all__ = ["everybody", "person", "staff", "village", "villages"]
ADULTS = MeasureKey("eid_accounts", "activated", "adults")
NIGHT = int(datetime(2026, 11, 22, 19, 41, tzinfo=UTC).timestamp())


@pytest.mark.usefixtures("app_role")
def test_folding_at_night_changes_no_answer(
    person: MakePerson, village: Unit, actor: Actor, at: datetime
) -> None:
    somebody = person("A", birth="1980")
    has = Adopted("eid_level2", "activated", person=somebody, happened_on=date(2025, 5, 1))
    record_adoptions(entries=[has], source="visit", by=actor, at=at)
    days = [date(2025, 4, 30), date(2025, 5, 1), date(2026, 11, 22)]
    before = [counted([village.pk], day)[village.pk, ADULTS] for day in days]
    assert [each.numerator for each in before] == [0, 1, 1]
    assert Build.objects.get().folded_to == 0
    fold_nightly(NIGHT)
    assert Build.objects.get().folded_to > 0
    assert Balance.objects.exists()
    assert [counted([village.pk], day)[village.pk, ADULTS] for day in days] == before
