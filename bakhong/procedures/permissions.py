"""What setting a commune's procedures and calendar needs. Which role holds it is decided below (accounts)."""

from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed
from bakhong.places.models import Unit

MANAGE = "procedures.manage"


def require(unit: Unit, *, by: Actor) -> None:
    """Raises: NotAllowed."""
    if not by.may(MANAGE, unit.pk):
        raise NotAllowed(_("Bạn không có quyền sửa thủ tục và lịch làm việc của đơn vị này."))
