"""Who may do what with people, at the village they hang on."""

from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed

VIEW = "people.view"
EDIT = "people.edit"
REVEAL = "people.reveal"
IMPORT = "people.import"
MERGE = "people.merge"
ERASE = "people.erase"


def require(permission: str, place_id: int, *, by: Actor) -> None:
    """Raises: NotAllowed."""
    if not by.may(permission, place_id):
        raise NotAllowed(_("Bạn không có quyền làm việc này với người dân ở địa bàn này."))
