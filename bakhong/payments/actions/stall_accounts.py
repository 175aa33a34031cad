"""Whose account customers of a stall pay into.

The first one is written down with the stall. Another one afterwards is what a swindler inside the office would want, so it takes a second
person; the seller and the commune's chair are told when it is asked for and when it is done, and until then the old card stays good.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.text import is_storable, squeeze
from bakhong.payments.actions.stall_telling import tell_before, tell_seller, tell_staff
from bakhong.payments.actions.stalls import locked
from bakhong.payments.models import AccountChange, ChangeState, Stall
from bakhong.payments.permissions import APPROVE, KEEP_STALLS, require_stalls
from bakhong.payments.queries.stalls import place_words
from bakhong.payments.rules.banks import banks
from bakhong.payments.rules.vietqr import BadCode, encode

_REMEMBERED = timedelta(days=365)  # how long an account of a closed stall asks for a second person


def set_first_account(
    *, stall: Stall, bank_bin: str, account: str, holder: str, by: Actor, at: datetime
) -> Stall:
    """The account of a stall that has none; the same again changes nothing.

    Where this seller, or this number of the market, had another account within a year, it is a wish that waits for a second person: closing
    a stall and opening it again is no way round. The stall comes back without an account then.
    Raises: NotAllowed; Refusal for what is no account; Conflict where it has another one.
    """
    require_stalls(KEEP_STALLS, stall.village_id, by=by)
    account, holder = checked_account(bank_bin, account, holder)
    with transaction.atomic():
        held = locked(stall)
        if held.account:
            if (held.bank_bin, held.account) == (bank_bin, account):
                return held
            raise Conflict(_("Điểm bán này đã có tài khoản. Muốn đổi phải có người thứ hai xác nhận."))
        before = _before(held, at)
        if before is not None and (before.bank_bin, before.account) != (bank_bin, account):
            _ask_again(held, before, bank_bin, account, holder, by, at)
            return held
        held.bank_bin, held.account, held.account_holder = bank_bin, account, holder
        held.save(update_fields=["bank_bin", "account", "account_holder"])
        _note(by, at, "payments.set_stall_account", held)
    return held


def _before(stall: Stall, at: datetime) -> Stall | None:
    """The stall that stood here, or was this seller's, until less than a year ago, and had an account."""
    here = Q(organisation=stall.organisation_id)
    if stall.market_id is not None:
        here |= Q(market=stall.market_id, code__iexact=stall.code)
    rows = Stall.objects.filter(here, valid_to__gt=day_of(at) - _REMEMBERED).exclude(account="")
    return (
        rows.exclude(pk=stall.pk)
        .select_related("market", "organisation", "village")
        .order_by("-valid_to", "-pk")
        .first()
    )


def _ask_again(
    stall: Stall, before: Stall, bank_bin: str, account: str, holder: str, by: Actor, at: datetime
) -> None:
    """Another account than before; the seller is told where they were told before, too. Raises: Conflict."""
    waits = stall.account_changes.filter(state=ChangeState.ASKED).first()
    if waits is not None and (waits.bank_bin, waits.account) == (bank_bin, account):
        return
    why = _("mở lại số %(code)s, trước đây là tài khoản khác") % {"code": before.code}
    made = _wish(stall, bank_bin, account, holder, why, by, at)
    _note(by, at, "payments.ask_stall_account", stall)
    _tell(made, stall, "stall_account_asked", by, at)
    tell_seller(stall=before, template="stall_account_asked", key=before.uuid, by=by, at=at)


def ask_account_change(
    *, stall: Stall, bank_bin: str, account: str, holder: str, why: str, by: Actor, at: datetime
) -> AccountChange:
    """Write down the wish; the stall keeps its account until somebody else confirms.

    Raises: NotAllowed; Refusal without a reason or for the account it has; Conflict while another wish waits.
    """
    require_stalls(KEEP_STALLS, stall.village_id, by=by)
    account, holder = checked_account(bank_bin, account, holder)
    why = squeeze(why)
    if not why or len(why) > 300 or not is_storable(why):
        raise Refusal(_("Ghi vì sao đổi: chủ hàng nhờ bằng cách nào, ai gặp chủ hàng."))
    with transaction.atomic():
        held = locked(stall)
        if (held.bank_bin, held.account) == (bank_bin, account):
            raise Refusal(_("Đây chính là tài khoản đang dùng."))
        made = _wish(held, bank_bin, account, holder, why, by, at)
        _note(by, at, "payments.ask_stall_account", held)
        _tell(made, held, "stall_account_asked", by, at)
    return made


def _wish(
    stall: Stall, bank_bin: str, account: str, holder: str, why: str, by: Actor, at: datetime
) -> AccountChange:
    """Raises: Conflict."""
    try:
        with transaction.atomic():
            return AccountChange.objects.create(
                village_id=stall.village_id,
                stall=stall,
                bank_bin=bank_bin,
                account=account,
                account_holder=holder,
                why=why,
                asked_at=at,
                asked_by=by.id,
                asked_by_label=by.label[:120],
            )
    except IntegrityError:
        raise Conflict(_("Đang có một yêu cầu đổi tài khoản chờ xác nhận.")) from None


def approve_account_change(*, change: AccountChange, note: str, by: Actor, at: datetime) -> AccountChange:
    """A second person has asked the seller: the account is changed, and the card with the old one is no longer good.

    Raises: NotAllowed, also for whoever asked for it; Refusal without a note; Conflict when it is decided already.
    """
    with transaction.atomic():
        held, stall = _decided(change, ChangeState.APPROVED, note, by, at)
        stall.bank_bin, stall.account, stall.account_holder = held.bank_bin, held.account, held.account_holder
        stall.save(update_fields=["bank_bin", "account", "account_holder"])
        stall.stickers.filter(ended_at=None).update(ended_at=at, ended_why=_("đổi tài khoản"))
        _note(by, at, "payments.approve_stall_account", stall)
        _tell(held, stall, "stall_account_changed", by, at)
    return held


def refuse_account_change(*, change: AccountChange, note: str, by: Actor, at: datetime) -> AccountChange:
    """Nothing changes. Raises: NotAllowed; Refusal without a note; Conflict."""
    with transaction.atomic():
        held, stall = _decided(change, ChangeState.REFUSED, note, by, at)
        _note(by, at, "payments.refuse_stall_account", stall)
    return held


def _decided(
    change: AccountChange, state: ChangeState, note: str, by: Actor, at: datetime
) -> tuple[AccountChange, Stall]:
    if not any(by.may(permission, change.village_id) for permission in (KEEP_STALLS, APPROVE)):
        raise NotAllowed(_("Bạn không có quyền xác nhận việc đổi tài khoản ở đây."))
    note = squeeze(note)
    if not note or len(note) > 300 or not is_storable(note):
        raise Refusal(_("Ghi đã hỏi chủ hàng thế nào, hoặc vì sao không đổi."))
    stall = locked(change.stall)
    held = AccountChange.objects.select_for_update().get(pk=change.pk)
    if held.state != ChangeState.ASKED:
        raise Conflict(_("Yêu cầu này đã có người quyết định: %(who)s.") % {"who": held.decided_by_label})
    if held.asked_by == by.id:
        raise NotAllowed(_("Người ghi yêu cầu không tự quyết định được. Nhờ người thứ hai."))
    held.state, held.decided_at, held.decided_by = state, at, by.id
    held.decided_by_label, held.decided_note = by.label[:120], note
    held.save()
    return held, stall


def checked_account(bank_bin: str, account: str, holder: str) -> tuple[str, str]:
    """(account, holder) as they are kept. Raises: Refusal."""
    account, holder = "".join(account.split()).upper(), squeeze(holder)
    if bank_bin not in banks():
        raise Refusal(_("Chọn ngân hàng."))
    if not holder or len(holder) > 120 or not is_storable(holder):
        raise Refusal(_("Ghi tên chủ tài khoản, như ngân hàng ghi."))
    try:
        encode(bank_bin=bank_bin, account=account)
    except BadCode as bad:
        raise Refusal(bad.message) from None
    return account, holder


def _tell(change: AccountChange, stall: Stall, template: str, by: Actor, at: datetime) -> None:
    key = change.uuid
    tell_seller(stall=stall, template=template, key=key, by=by, at=at)
    tell_before(stall=stall, template=template, key=key, by=by, at=at)
    tell_staff(
        village=stall.village,
        where=place_words(stall),
        about=("stall", stall.uuid),
        permissions=(KEEP_STALLS, APPROVE),
        template="stall_account_staff",
        key=key,
        by=by,
        at=at,
    )


def _note(by: Actor, at: datetime, deed: str, stall: Stall) -> None:
    audit.record(
        by=by, at=at, deed=deed, object_kind="stall", object_id=stall.uuid, place_id=stall.village_id
    )
