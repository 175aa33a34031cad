"""Who has a service on a day, counted from the periods that adoption facts make."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from bakhong.accounts.permissions import covered_ids
from bakhong.people.models import Holding
from bakhong.people.rules.services import covering, services, states_reaching
from bakhong.places.models import Unit
from bakhong.places.queries.units import valid_on


def having(service: str) -> QuerySet[Holding]:
    """Every period in which somebody had the service, or one that implies it, as far as it counts."""
    wanted = Q(pk=None)
    for code in covering(service):
        wanted |= Q(service=code, state__in=states_reaching(services()[code].counts_from))
    found: QuerySet[Holding] = Holding.objects.filter(wanted)
    return found.filter(Q(person=None) | Q(person__is_known=True, person__merged_into=None))


def count_having(service: str, place: Unit, on: date) -> int:
    """How many people (households, subscriptions, shops: whatever the service counts) of the place have it that day."""
    found = having(service).filter(valid_on(on), village__in=covered_ids([place.pk], on))
    counted: int = found.values(services()[service].counted).distinct().count()
    return counted


def persons_having(service: str, person_ids: Collection[int], on: date) -> frozenset[int]:
    """Those of the persons who have the service that day."""
    rows = having(service).filter(valid_on(on), person__in=person_ids)
    return frozenset(pk for pk in rows.values_list("person_id", flat=True) if pk is not None)


def gained(service: str, person_ids: Collection[int], day: date, days: int) -> tuple[int, int]:
    """(gained, lacking): of those who lacked the service the day before, how many had it within so many days from that day on."""
    lacking = set(person_ids) - persons_having(service, person_ids, day - timedelta(days=1))
    last = day + timedelta(days=days)
    rows = having(service).filter(person__in=lacking, valid_from__gte=day, valid_from__lte=last)
    return rows.values("person").distinct().count(), len(lacking)
