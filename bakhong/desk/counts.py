"""How many things wait behind an entry of the navigation, for one person at one unit on one day."""

from collections.abc import Callable
from datetime import date

from django.utils import timezone

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.permissions import covered_ids
from bakhong.documents.adapters.signing.unattended import kept_secret
from bakhong.documents.queries.seals import seal_in_use, waiting_for
from bakhong.dossiers.queries.queue import pressing
from bakhong.dossiers.queries.updates import waiting_count as updates_waiting
from bakhong.indicators.queries.finding_lists import OPEN, findings_of
from bakhong.indicators.queries.followups import open_count
from bakhong.indicators.queries.periods import waiting_count
from bakhong.messaging.own import own_inbox
from bakhong.messaging.queries import call_tasks, unseen
from bakhong.outreach.queries.tasks import open_tasks
from bakhong.payments import scope as money
from bakhong.payments.permissions import billers_for
from bakhong.payments.queries.suspense import open_items
from bakhong.people import scope
from bakhong.places.models import Unit

Count = Callable[[StaffRequest, Unit, date], int]


def my_tasks(request: StaffRequest, unit: Unit, on: date) -> int:
    return open_count(request.user.pk)


def campaign_tasks(request: StaffRequest, unit: Unit, on: date) -> int:
    return open_tasks(request.actor, unit, on)


def waiting_periods(request: StaffRequest, unit: Unit, on: date) -> int:
    return waiting_count(unit, on)


def open_findings(request: StaffRequest, unit: Unit, on: date) -> int:
    return findings_of(covered_ids([unit.pk], on), OPEN).count()


def calls(request: StaffRequest, unit: Unit, on: date) -> int:
    with scope.seeing(request.actor):  # most pages show no personal row, and their connection none
        return call_tasks(request.actor, unit, on=on, at=timezone.now()).count()


def pressing_dossiers(request: StaffRequest, unit: Unit, on: date) -> int:
    """Late, or not taken in yet."""
    takes_in = request.actor.may("dossiers.receive", unit.pk)
    with scope.seeing(request.actor):
        return pressing(request.actor, unit, at=timezone.now(), takes_in=takes_in)


def updates(request: StaffRequest, unit: Unit, on: date) -> int:
    with scope.seeing(request.actor):
        return updates_waiting(request.actor, unit, on)


def unseen_messages(request: StaffRequest, unit: Unit, on: date) -> int:
    with own_inbox(request.actor):
        return unseen(request.actor.id).count()


def suspense(request: StaffRequest, unit: Unit, on: date) -> int:
    """Counted for those whose work it is; whoever only looks reads it on the page."""
    if not request.actor.may("payments.reconcile", unit.pk):
        return 0
    billers = list(
        billers_for(request.actor, "payments.reconcile").filter(unit=unit).values_list("pk", flat=True)
    )
    with money.seeing(billers):  # most pages show no money, and their connection none
        return open_items(request.actor).filter(biller__in=billers).count()


def unsealed(request: StaffRequest, unit: Unit, on: date) -> int:
    """What waits for whoever keeps the seal; nothing where there is none, or the server puts it by itself."""
    seal = seal_in_use(unit)
    if seal is None or kept_secret(seal):
        return 0
    with scope.seeing(request.actor):
        return waiting_for(request.actor, unit).count()
