"""Who may publish forms, and who may fill one in for somebody."""

from django.utils.translation import gettext as _

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor, Operator
from bakhong.core.errors import NotAllowed

PUBLISH = "eforms.publish"
HELPS = ("dossiers.assist", "dossiers.receive", "dossiers.process")


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
