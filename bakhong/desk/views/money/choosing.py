"""Whose money a page is about: the biller its address names, among those the actor works for."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.payments.models import Biller, BillerKind
from bakhong.payments.permissions import CHARGE, VIEW, billers_for
from bakhong.places.models import Level, Unit


def billers_here(request: StaffRequest, unit: Unit, permission: str = VIEW) -> list[Biller]:
    """Those of the commune that keep a ledger, the commune's own first. The books of one that was closed are read on; it charges nobody.

    Raises: Http404 where the unit is no commune.
    """
    if unit.level != Level.COMMUNE:
        raise Http404
    found = billers_for(request.actor, permission).filter(unit=unit, keeps_ledger=True)
    here = found.filter(valid_to=None) if permission == CHARGE else found
    return sorted(here, key=lambda each: (is_closed(each), each.kind != BillerKind.COMMUNE, each.name))


def is_closed(biller: Biller) -> bool:
    return biller.valid_to is not None


def chosen(request: StaffRequest, unit: Unit, biller: UUID | None, permission: str = VIEW) -> Biller | None:
    """The one the address names, the first without a name, None where there is none.

    Raises: Http404 for one that is not theirs, as for one that does not exist.
    """
    found = billers_here(request, unit, permission)
    if biller is None:
        return found[0] if found else None
    one = next((each for each in found if each.uuid == biller), None)
    if one is None:
        raise Http404
    return one


def switch(request: StaffRequest, unit: Unit, name: str, current: Biller | None) -> list[dict[str, Any]]:
    """Tabs to the same page of every biller; none where there is only one."""
    found = billers_here(request, unit)
    if len(found) < 2:
        return []
    return [
        {"label": _label(each), "url": reverse(name, args=[unit.uuid, each.uuid]), "current": each == current}
        for each in found
    ]


def _label(biller: Biller) -> str:
    return _("%(name)s (đã đóng)") % {"name": biller.name} if is_closed(biller) else biller.name
