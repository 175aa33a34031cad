"""Where staff land, and the switch to another unit."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bakhong.accounts.access import StaffRequest, signed_in
from bakhong.accounts.permissions import covered_ids
from bakhong.accounts.queries import visible_units
from bakhong.core.text import identity_key, name_key, squeeze
from bakhong.desk.frame import standing_day, today
from bakhong.desk.navigation import OPENED_BY, landing
from bakhong.indicators.queries import coverage
from bakhong.indicators.queries.finding_lists import OPEN, findings_of
from bakhong.places.models import Level, Unit

MOST = 60
_WIDEST_FIRST = {Level.PROVINCE: 0, Level.DISTRICT: 1, Level.COMMUNE: 2, Level.VILLAGE: 3}


def own_places(request: StaffRequest) -> list[Unit]:
    """The places at which this person holds a role that opens some page of the desk, widest first."""
    held = {place for permission in OPENED_BY for place in request.actor.places_where(permission)}
    units = Unit.objects.filter(pk__in=held)
    return sorted(units, key=lambda unit: (_WIDEST_FIRST[Level(unit.level)], unit.sort_key))


@signed_in
def home(request: StaffRequest) -> HttpResponse:
    """One place: straight there. Several: choose. None: say whom to ask."""
    places = own_places(request)
    if len(places) == 1 and (address := landing(request.actor, places[0])):
        return redirect(address)
    return _choose(request, [(unit, landing(request.actor, unit)) for unit in places], "")


@signed_in
def units(request: StaffRequest) -> HttpResponse:
    """Units this person may see whose name holds the words, accents or not; exact spelling first."""
    wanted = squeeze(request.GET.get("q", "").replace("\x00", " "))[:100]
    found = _found(request, wanted) if wanted else own_places(request)
    if wanted and len(found) == 1 and (address := landing(request.actor, found[0])):
        return redirect(address)
    return _choose(request, [(unit, landing(request.actor, unit)) for unit in found], wanted)


def _found(request: StaffRequest, wanted: str) -> list[Unit]:
    units = visible_units(request.user, today())
    matches = units.filter(Q(name_key__contains=name_key(wanted)) | Q(code=wanted)).order_by(
        "sort_key", "pk"
    )[: MOST + 1]
    exact = identity_key(wanted)
    return sorted(
        matches, key=lambda unit: exact not in (identity_key(unit.name), identity_key(unit.full_name))
    )


def _standing(request: StaffRequest, unit: Unit) -> str:
    """How much is known of a place and what is open there, for choosing where to begin; nothing for who may not see figures."""
    if not request.actor.may("figures.view", unit.pk):
        return ""
    on = standing_day(unit, today())
    parts = []
    if unit.level in (Level.PROVINCE, Level.DISTRICT):
        known = coverage(unit, on)
        parts.append(_("%(have)s/%(of)s xã có số liệu") % {"have": known.have, "of": known.of})
    waiting = findings_of(covered_ids([unit.pk], on), OPEN).count()
    if waiting:
        parts.append(
            ngettext("%(count)s chỗ số liệu chưa khớp", "%(count)s chỗ số liệu chưa khớp", waiting)
            % {"count": waiting}
        )
    return "; ".join(parts)


def _choose(request: StaffRequest, found: list[tuple[Unit, str | None]], wanted: str) -> HttpResponse:
    context = {
        "found": [
            (unit, address, "" if wanted else _standing(request, unit)) for unit, address in found[:MOST]
        ],
        "is_cut": len(found) > MOST,
        "wanted": wanted,
        "sign_out_url": reverse("account_logout"),
        "switch_url": reverse("desk:units"),
    }
    return render(request, "desk/choose.html", context)
