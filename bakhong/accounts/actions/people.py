"""Inviting staff, giving and ending roles, closing and reopening accounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bakhong.accounts.models import Assignment, Invitation, User
from bakhong.accounts.permissions import live
from bakhong.accounts.queries import may_manage, open_invitation
from bakhong.accounts.rules.roles import ROLES
from bakhong.accounts.rules.tokens import hash_of, new_token
from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, NotFound, Refusal
from bakhong.places.models import Unit

LINK_DAYS = 7


@dataclass(frozen=True)
class Invited:
    """`token` of the one-time link; "" where the person has an account already and just signs in."""

    user: User
    assignment: Assignment
    token: str


@transaction.atomic
def invite(*, email: str, role: str, unit: Unit, by: Actor, at: datetime) -> Invited:
    """Give somebody a role at a place, with a one-time link for choosing a passphrase.

    Somebody who has a passphrase already gets the role and no link: a link would let whoever invites take the account over. So does
    somebody invited elsewhere whose other roles `by` could not have given.

    Raises: Refusal (no e-mail address, unknown role, wrong kind of place), NotAllowed, Conflict (holds the role there already).
    """
    address = _address(email)
    user = User.objects.select_for_update().filter(email=address).first()
    is_new = user is None
    if user is None:
        user = User.objects.create_user(address)
        record(
            by=by,
            at=at,
            deed="accounts.create_user",
            object_kind="user",
            object_id=user.uuid,
            place_id=unit.pk,
        )
    may_link = is_new or (not user.has_usable_password() and may_manage(by, user, day_of(at)))
    assignment = assign_role(user=user, role=role, unit=unit, by=by, at=at)
    return Invited(user, assignment, _link(user, by, at, unit.pk) if may_link else "")


@transaction.atomic
def accept_invitation(*, token: str, name: str, passphrase: str, at: datetime) -> User:
    """Choose name and passphrase with a link; the link is used up. The form has checked the passphrase.

    Raises: NotFound, when the link is unknown, used or too old.
    """
    invitation = open_invitation(token, at)
    # The condition is the promise of one use: two who click together cannot both pass it.
    is_first = (
        Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=at) if invitation else 0
    )
    if invitation is None or not is_first:
        raise NotFound(_("Liên kết này đã dùng hoặc đã hết hạn. Nhờ người mời tạo liên kết mới."))
    user = invitation.user
    user.name = name
    user.set_password(passphrase)
    user.session_generation += 1
    user.save()
    user.invitations.filter(used_at=None).update(used_at=at)
    record(
        by=Oneself(user), at=at, deed="accounts.accept_invitation", object_kind="user", object_id=user.uuid
    )
    return user


@transaction.atomic
def assign_role(*, user: User, role: str, unit: Unit, by: Actor, at: datetime) -> Assignment:
    """Give a role from today on.

    Raises: Refusal, NotAllowed, Conflict as in `invite`.
    """
    known = ROLES.get(role)
    if known is None:
        raise Refusal(_("Không có vai trò này."))
    if user.phone and not known.by_phone:
        raise Refusal(
            _(
                "Vai trò “%(role)s” không giao cho người đăng nhập bằng số điện thoại. Hãy mời bằng e-mail công vụ."
            )
            % {"role": known.vi}
        )
    if unit.level not in known.levels:
        raise Refusal(_("Vai trò “%(role)s” không giao ở cấp này.") % {"role": known.vi})
    if unit.valid_to is not None and unit.valid_to <= day_of(at):
        raise Refusal(
            _("%(unit)s không còn là đơn vị hành chính. Hãy chọn đơn vị hiện nay.") % {"unit": unit.full_name}
        )
    if not (by.may("accounts.invite", unit.pk) and by.may(f"accounts.grant_{role}", unit.pk)):
        raise NotAllowed(_("Bạn không được giao vai trò này ở đây."))
    try:
        with transaction.atomic():
            assignment = Assignment.objects.create(user=user, role=role, place=unit, valid_from=day_of(at))
    except IntegrityError as error:
        raise Conflict(_("Người này đang giữ vai trò đó ở đây rồi.")) from error
    record(
        by=by,
        at=at,
        deed="accounts.assign_role",
        object_kind="assignment",
        object_id=assignment.uuid,
        place_id=unit.pk,
        user=str(user.uuid),
        role=role,
    )
    return assignment


@transaction.atomic
def end_assignment(*, assignment: Assignment, by: Actor, at: datetime) -> None:
    """End a role today; the person's sessions end too.

    Raises: NotAllowed; Conflict, when it has ended already or is one's own.
    """
    assignment = Assignment.objects.select_for_update().select_related("user").get(pk=assignment.pk)
    if not (
        by.may("accounts.manage", assignment.place_id)
        and by.may(f"accounts.grant_{assignment.role}", assignment.place_id)
    ):
        raise NotAllowed(_("Bạn không được kết thúc vai trò này."))
    _refuse_oneself(assignment.user, by)
    if assignment.valid_to is not None:
        raise Conflict(_("Vai trò này đã kết thúc."))
    assignment.valid_to = max(day_of(at), assignment.valid_from)
    assignment.save(update_fields=["valid_to"])
    _end_sessions(assignment.user)
    record(
        by=by,
        at=at,
        deed="accounts.end_assignment",
        object_kind="assignment",
        object_id=assignment.uuid,
        place_id=assignment.place_id,
        user=str(assignment.user.uuid),
        role=assignment.role,
    )


@transaction.atomic
def disable_user(*, user: User, by: Actor, at: datetime) -> None:
    """Close an account at once; its sessions end. Raises: NotAllowed, Conflict."""
    user = managed(user, by, at)
    if not user.is_active:
        raise Conflict(_("Tài khoản này đã khóa rồi."))
    user.is_active = False
    user.session_generation += 1
    user.save(update_fields=["is_active", "session_generation"])
    note(user, deed="accounts.disable_user", by=by, at=at)


@transaction.atomic
def enable_user(*, user: User, by: Actor, at: datetime) -> None:
    """Open a closed account again. Raises: NotAllowed, Conflict."""
    user = managed(user, by, at)
    if user.is_active:
        raise Conflict(_("Tài khoản này đang mở."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    note(user, deed="accounts.enable_user", by=by, at=at)


@transaction.atomic
def reset_user(*, user: User, by: Actor, at: datetime) -> str:
    """For somebody who lost passphrase or phone: both stop working; returns the token of a new one-time link.

    Raises: NotAllowed, Conflict.
    """
    user = managed(user, by, at)
    if user.phone:
        raise Conflict(_("Người này đăng nhập bằng số điện thoại. Hãy in thẻ mới."))
    user.set_unusable_password()
    user.session_generation += 1
    user.save(update_fields=["password", "session_generation"])
    Authenticator.objects.filter(user_id=user.pk).delete()
    note(user, deed="accounts.reset_user", by=by, at=at)
    return _link(user, by, at, None)


@transaction.atomic
def sign_out_everywhere(*, user: User, by: Actor, at: datetime) -> None:
    """End all one's own sessions, on every device."""
    _end_sessions(user)
    note(user, deed="accounts.sign_out_everywhere", by=by, at=at)


@dataclass(frozen=True)
class Oneself:
    """The person a link was made for, not yet signed in."""

    user: User

    @property
    def id(self) -> str:
        return f"staff:{self.user.uuid}"

    @property
    def label(self) -> str:
        return str(self.user)

    def may(self, permission: str, place_id: int | None = None) -> bool:
        return False


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refusal(_("“%(email)s” không phải địa chỉ e-mail.") % {"email": email[:80]}) from error
    return address


def _link(user: User, by: Actor, at: datetime, place_id: int | None) -> str:
    """A new link; those made before stop working."""
    token = new_token()
    keep_token(user, token, deed="accounts.invite", by=by, at=at, place_id=place_id)
    return token


def keep_token(user: User, token: str, *, deed: str, by: Actor, at: datetime, place_id: int | None) -> None:
    """Let the token of a link or a card work for a week; the user's earlier ones stop."""
    user.invitations.filter(used_at=None).update(used_at=at)
    invitation = Invitation.objects.create(
        user=user, token_hash=hash_of(token), created_at=at, expires_at=at + timedelta(days=LINK_DAYS)
    )
    record(
        by=by,
        at=at,
        deed=deed,
        object_kind="invitation",
        object_id=invitation.uuid,
        place_id=place_id,
        user=str(user.uuid),
    )


def managed(user: User, by: Actor, at: datetime) -> User:
    user = User.objects.select_for_update().get(pk=user.pk)
    if not may_manage(by, user, day_of(at)):
        raise NotAllowed(_("Người này giữ vai trò mà bạn không quản lý."))
    _refuse_oneself(user, by)
    return user


def _refuse_oneself(user: User, by: Actor) -> None:
    if by.id == f"staff:{user.uuid}":
        raise Conflict(_("Bạn không tự làm việc này với chính mình được. Nhờ một quản trị khác."))


def _end_sessions(user: User) -> None:
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)


def note(user: User, *, deed: str, by: Actor, at: datetime) -> None:
    """In the trail of every place where the person holds a role, so that each chair sees it."""
    held = user.assignments.filter(live(day_of(at))).values_list("place_id", flat=True).distinct()
    places: list[int | None] = [*held] or [None]
    for place in places:
        record(by=by, at=at, deed=deed, object_kind="user", object_id=user.uuid, place_id=place)
