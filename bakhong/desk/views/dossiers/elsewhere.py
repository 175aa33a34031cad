"""What other systems call a dossier and say of it, for the pages of one dossier."""

from typing import Any

from bakhong.accounts.access import StaffRequest
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.permissions import ASSIST
from bakhong.dossiers.queries.filed_elsewhere import SYSTEMS, elsewhere
from bakhong.dossiers.rules.targets import targets_of
from bakhong.places.models import Unit


def elsewhere_box(request: StaffRequest, unit: Unit, found: Dossier) -> dict[str, Any]:
    """`elsewhere`: each code and what is told of it; `systems`: which may be noted, where this person may."""
    names = {
        "national": SYSTEMS["national"],
        **{each.code: each.name for each in targets_of(found.procedure)},
    }
    return {
        "elsewhere": elsewhere(found),
        "systems": list(names.items()) if request.actor.may(ASSIST, unit.pk) else [],
        "code_typed": request.POST.get("code", "")[:80],
    }
