"""Who may do what with files, at the place they belong to."""

from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed

SIGN = "documents.sign"
SEAL = "documents.seal"  # puts the agency's signature
CHOOSE_SEAL = "documents.choose_seal"  # says with which certificate


def require(permission: str, place_id: int, *, by: Actor) -> None:
    """Raises: NotAllowed."""
    if not by.may(permission, place_id):
        raise NotAllowed(_("Bạn không có quyền làm việc này với giấy tờ ở địa bàn này."))
