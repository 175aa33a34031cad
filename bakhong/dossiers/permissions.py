"""Who may do what with a dossier, at the commune that handles it."""

from django.utils.translation import gettext as _

from bakhong.accounts.residents import HolderActor, ResidentActor
from bakhong.core.actor import Actor, Operator
from bakhong.core.errors import NotAllowed
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.models.base import VIEW
from bakhong.dossiers.rules.originals import LANE
from bakhong.dossiers.rules.transitions import Transition

ASSIST = "dossiers.assist"
RECEIVE = "dossiers.receive"
PROCESS = "dossiers.process"
APPROVE = "dossiers.approve"
CERTIFY = "dossiers.certify"  # deciding copies, and nothing else
EXCHANGE = "exchange.manage"

__all__ = [
    "APPROVE",
    "ASSIST",
    "CERTIFY",
    "EXCHANGE",
    "PROCESS",
    "RECEIVE",
    "VIEW",
    "is_own",
    "may",
    "may_certify",
    "may_work",
    "require",
    "require_for",
    "require_work",
]


def require(permission: str, place_id: int, *, by: Actor) -> None:
    """Raises: NotAllowed."""
    if not by.may(permission, place_id):
        raise NotAllowed(_("Bạn không có quyền làm việc này với hồ sơ của địa bàn này."))


def may_work(by: Actor, place_id: int) -> bool:
    """Whoever takes dossiers in, works on them or decides them there."""
    return any(by.may(permission, place_id) for permission in (RECEIVE, PROCESS, APPROVE))


def require_work(place_id: int, *, by: Actor) -> None:
    """Raises: NotAllowed."""
    if not may_work(by, place_id):
        raise NotAllowed(_("Bạn không có quyền làm việc này với hồ sơ của địa bàn này."))


def is_own(dossier: Dossier, by: Actor) -> bool:
    """True for the resident it is about, whoever filed it, and whoever holds its code.

    Residents hold no permission anywhere; what they may do follows from whose dossier it is.
    """
    if isinstance(by, HolderActor):
        return by.uuid == dossier.uuid
    if by.id == dossier.filed_by:
        return True
    if not isinstance(by, ResidentActor) or by.person is None or dossier.person is None:
        return False
    return bool(dossier.person.uuid == by.person)


def may_certify(by: Actor, place_id: int) -> bool:
    """Whether this actor decides copies: who decides everything, or whom the chair authorised for copies alone."""
    return by.may(APPROVE, place_id) or by.may(CERTIFY, place_id)


def may(rule: Transition, dossier: Dossier, *, by: Actor) -> bool:
    """True when this actor may do what the transition stands for. What nobody holds a permission for, only the program itself does."""
    if not rule.permissions:
        return isinstance(by, Operator)
    if any(by.may(permission, dossier.village_id) for permission in rule.permissions):
        return True
    if dossier.procedure == LANE and APPROVE in rule.permissions and by.may(CERTIFY, dossier.village_id):
        return True
    return rule.is_own and is_own(dossier, by)


def require_for(rule: Transition, dossier: Dossier, *, by: Actor) -> None:
    """Raises: NotAllowed."""
    if not may(rule, dossier, by=by):
        raise NotAllowed(_("Bạn không có quyền làm việc này với hồ sơ của địa bàn này."))
