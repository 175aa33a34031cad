"""The door of every deed here: may this actor change this place?"""

from datetime import datetime

from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import NotAllowed
from bakhong.places.models import Unit
from bakhong.places.queries import in_boundaries


def require(permission: str, place: Unit, *, by: Actor, at: datetime) -> None:
    """Refuse unless the actor holds the permission at the place, or at the unit that has since taken it over whole.

    Raises: NotAllowed.
    """
    if by.may(permission, place.pk):
        return
    today = in_boundaries(place, day_of(at)).exact
    if today is None or today == place or not by.may(permission, today.pk):
        raise NotAllowed(_("Bạn không có quyền thay đổi đơn vị hành chính này."))
