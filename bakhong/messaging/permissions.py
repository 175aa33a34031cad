"""Who may do what with messages, at the commune they are sent from. Sending is asked for by the deed that sends."""

from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed

VIEW = "dossiers.view"


def require(permission: str, place_id: int, *, by: Actor) -> None:
    """Raises: NotAllowed."""
    if not by.may(permission, place_id):
        raise NotAllowed(_("Bạn không có quyền làm việc này với lời nhắn của đơn vị này."))
