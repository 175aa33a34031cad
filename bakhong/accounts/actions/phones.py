"""Members without an e-mail address: an account by name and telephone number, a card printed for it, the PIN they choose with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from bakhong.accounts.actions.people import Oneself, assign_role, keep_token, managed, note
from bakhong.accounts.models import Assignment, Invitation, PhoneDevice, User
from bakhong.accounts.queries import open_card
from bakhong.accounts.rules.phones import mobile, weakness
from bakhong.accounts.rules.tokens import hash_of, new_card_code
from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.core.text import identity_key, squeeze
from bakhong.places.models import Unit


@dataclass(frozen=True)
class Card:
    """What is printed for somebody. The code is kept nowhere."""

    user: User
    code: str


@transaction.atomic
def enrol_by_phone(
    *, name: str, phone: str, role: str, unit: Unit, by: Actor, at: datetime
) -> tuple[Assignment, Card | None]:
    """Give somebody without an e-mail address a role at a place, with a card. No card for whoever has an account with this number.

    Raises: Refusal (no mobile number, no name, a role that asks for more than a PIN), NotAllowed, Conflict (the number is somebody
    else's; the role is held there already).
    """
    number, name = mobile(phone), squeeze(name)
    if number is None:
        raise Refusal(
            _("“%(phone)s” không phải số di động. Số di động có 10 chữ số, ví dụ 0912 345 678.")
            % {"phone": phone[:20]}
        )
    if not name:
        raise Refusal(_("Cần ghi họ và tên."))
    user = User.objects.select_for_update().filter(phone=number).first()
    if user is not None:
        if identity_key(user.name) != identity_key(name):
            raise Conflict(_("Số này đã có tài khoản mang tên khác. Mỗi người cần một số của riêng mình."))
        return assign_role(user=user, role=role, unit=unit, by=by, at=at), None
    user = User(phone=number, name=name)
    user.set_unusable_password()
    user.save()
    record(
        by=by, at=at, deed="accounts.create_user", object_kind="user", object_id=user.uuid, place_id=unit.pk
    )
    assignment = assign_role(user=user, role=role, unit=unit, by=by, at=at)
    return assignment, _card(user, by, at, unit.pk)


@transaction.atomic
def issue_cards(*, users: Sequence[User], by: Actor, at: datetime) -> list[Card]:
    """New cards, for those who lost the first one, the PIN or the phone: PIN, phone and sessions of before stop working at once.

    Raises: NotAllowed, Conflict (oneself, or somebody who signs in by e-mail); then no card is made.
    """
    cards = []
    for each in sorted(users, key=lambda user: user.pk):
        user = managed(each, by, at)
        if not user.phone:
            raise Conflict(_("%(name)s đăng nhập bằng e-mail, không dùng thẻ.") % {"name": user})
        user.set_unusable_password()
        user.session_generation += 1
        user.save(update_fields=["password", "session_generation"])
        PhoneDevice.objects.filter(user=user).delete()
        note(user, deed="accounts.reset_pin", by=by, at=at)
        cards.append(_card(user, by, at, None))
    return cards


@transaction.atomic
def open_with_card(*, code: str, pin: str, device: str, at: datetime) -> User:
    """Choose the PIN with a card; the card is used up, and the PIN works on this phone alone.

    `device` is the digest of the phone's cookie. Raises: NotFound, when the card is unknown, used or too old; Refusal, when the PIN is
    easy to guess.
    """
    card = open_card(code, at)
    if card is None:
        raise NotFound(_("Thẻ này đã dùng hoặc đã hết hạn."))
    refuse_weak(pin, card.user, at)
    # The condition is the promise of one use: two who scan together cannot both pass it.
    if not Invitation.objects.filter(pk=card.pk, token_hash=hash_of(code), used_at=None).update(used_at=at):
        raise NotFound(_("Thẻ này đã dùng hoặc đã hết hạn."))
    user = User.objects.select_for_update().get(pk=card.user_id)
    user.set_password(pin)
    user.session_generation += 1
    user.save(update_fields=["password", "session_generation"])
    user.invitations.filter(used_at=None).update(used_at=at)
    PhoneDevice.objects.update_or_create(
        user=user, defaults={"digest": device, "bound_at": at, "failures": 0}
    )
    record(by=Oneself(user), at=at, deed="accounts.set_pin", object_kind="user", object_id=user.uuid)
    return user


def note_wrong_pin(*, user: User, is_last: bool, by: Actor, at: datetime) -> None:
    """Somebody tried a wrong PIN on the member's own phone; with the last try the PIN is dead."""
    record(by=by, at=at, deed="accounts.refuse_sign_in", object_kind="user", object_id=user.uuid)
    if is_last:
        note(user, deed="accounts.lock_pin", by=by, at=at)


_WEAK = {
    "length": _lazy("Mã PIN có đúng 6 chữ số."),
    "repeated": _lazy("Mã PIN này lặp lại nên dễ đoán. Hãy chọn 6 chữ số khác."),
    "row": _lazy("Mã PIN này theo thứ tự trên bàn phím nên dễ đoán. Hãy chọn 6 chữ số khác."),
    "date": _lazy("Mã PIN này giống ngày sinh hoặc năm sinh nên dễ đoán. Hãy chọn 6 chữ số khác."),
    "phone": _lazy("Mã PIN này nằm trong số điện thoại của bác nên dễ đoán. Hãy chọn 6 chữ số khác."),
}


def refuse_weak(pin: str, user: User, at: datetime) -> None:
    """Raises: Refusal, when the six digits are easy to guess."""
    why = weakness(pin, phone=user.phone or "", on=day_of(at))
    if why:
        raise Refusal(str(_WEAK[why]))


def _card(user: User, by: Actor, at: datetime, place_id: int | None) -> Card:
    code = new_card_code()
    keep_token(user, code, deed="accounts.print_card", by=by, at=at, place_id=place_id)
    return Card(user, code)
