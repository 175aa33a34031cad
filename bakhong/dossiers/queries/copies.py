"""The lane of certified copies: its procedure, and what of it stands open or was done on a day."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM, day_of
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.rules.originals import LANE
from bakhong.dossiers.rules.states import REFUSED, RETURNED, STOPPED
from bakhong.places.models import Unit
from bakhong.procedures.queries.catalogue import offer
from bakhong.procedures.rules.catalogue import Procedure

_ENDED = (REFUSED, RETURNED, STOPPED)


def lane_procedure(unit: Unit, at: datetime) -> Procedure | None:
    """None where the commune does not offer it."""
    found = offer(unit, LANE, day_of(at))
    return found.procedure if found is not None and found.is_offered else None


def lane(actor: Actor, unit: Unit, on: date) -> QuerySet[Dossier]:
    """Open ones, and those taken in or handed over on the day; the newest first."""
    start = datetime.combine(on, time(), VIET_NAM)
    of_day = Q(submitted_at__gte=start, submitted_at__lt=start + timedelta(days=1)) | Q(
        returned_at__gte=start, returned_at__lt=start + timedelta(days=1)
    )
    rows = Dossier.objects.for_user(actor).filter(village=unit, procedure=LANE)
    found: QuerySet[Dossier] = rows.filter(of_day | ~Q(state__in=_ENDED))
    return found.select_related("village", "person", "draft").order_by("-submitted_at", "-id")
