"""Who may do what with people, at the village they hang on."""

from django.utils.translation import gettext as _

from bakhong.accounts.residents import ResidentActor
from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed
from bakhong.people.models import Person

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


def require_about(person: Person, permission: str, *, by: Actor) -> None:
    """The person themself, signed in with an e-identity of level 2, or whoever holds the permission where they belong.

    Raises: NotAllowed.
    """
    if isinstance(by, ResidentActor):
        if by.person != person.uuid or by.level < 2:
            raise NotAllowed(_("Chỉ chính người đó mới làm được việc này."))
        return
    require(permission, person.village_id, by=by)
