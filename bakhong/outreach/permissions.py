"""Who may do what in the campaign, at the place it is about."""

from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed

VIEW = "outreach.view"
PLAN = "outreach.plan"
VISIT = "outreach.visit"
CLAIMS = "outreach.claims"


def require(permission: str, place_id: int, *, by: Actor) -> None:
    """Raises: NotAllowed."""
    if not by.may(permission, place_id):
        raise NotAllowed(_("Bạn không có quyền làm việc này trong đợt ra quân ở địa bàn này."))
