"""Who may publish forms, and who may fill one in for somebody."""

from datetime import date

from django.utils.translation import gettext as _

from bakhong.accounts.permissions import StaffActor, covered_ids
from bakhong.core.actor import Actor, Operator
from bakhong.core.errors import NotAllowed
from bakhong.people.models import Person
from bakhong.places.models import Unit

PUBLISH = "eforms.publish"
ASSIST = "dossiers.assist"
HELPS = (ASSIST, "dossiers.receive", "dossiers.process")


def require_publish(place_id: int | None, *, by: Actor) -> None:
    """Raises: NotAllowed. A form without a unit is the operator's."""
    if not (isinstance(by, Operator) or (place_id is not None and by.may(PUBLISH, place_id))):
        raise NotAllowed(_("Bạn không có quyền công bố biểu mẫu ở địa bàn này."))


def is_staff(by: Actor) -> bool:
    return isinstance(by, StaffActor | Operator)


def require_help(place_id: int, *, by: Actor) -> None:
    """Somebody of the staff fills in for a resident only where they help or receive. Raises: NotAllowed."""
    if is_staff(by) and not any(by.may(permission, place_id) for permission in HELPS):
        raise NotAllowed(_("Bạn không có quyền làm hồ sơ giúp người dân ở địa bàn này."))


def require_begin(unit: Unit, person: Person | None, *, by: Actor, on: date) -> None:
    """As `require_help`; who helps in one village may also begin for somebody who lives there, at the commune it belongs to.

    Raises: NotAllowed.
    """
    is_neighbour = is_staff(by) and person is not None and by.may(ASSIST, person.village_id)
    if not (is_neighbour and person is not None and person.village_id in covered_ids([unit.pk], on)):
        require_help(unit.pk, by=by)
