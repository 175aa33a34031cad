"""The accounts that stand on a biller's codes: written down by one person, confirmed by another.

New charges follow a new account, so that one person alone could lead everybody's money elsewhere: until somebody else has confirmed it, it
stands on no code, no charge is made into it (a trigger refuses), and what comes into it pays nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.numbers import format_day
from bakhong.messaging.actions.sending import Recipient, send
from bakhong.payments.actions.words import known_services, named, said
from bakhong.payments.models import AccountState, BankAccount, Biller, Feed
from bakhong.payments.permissions import may_confirm_account, require_setup
from bakhong.payments.queries.owners import watchers_of
from bakhong.payments.rules.vietqr import BadCode, encode
from bakhong.payments.sealed import seal
from bakhong.people.scope import admitting

LEAST_KEY = 16  # characters of a key that notifications are proved with


def open_account(
    *,
    biller: Biller,
    bank_bin: str,
    number: str,
    holder: str,
    by: Actor,
    at: datetime,
    services: Sequence[str] = (),
    feed: str = Feed.STATEMENT,
    feed_secret: str = "",
    feed_url: str = "",
) -> BankAccount:
    """An account as it will stand on the biller's codes, once a second person has confirmed it. `services` empty: for all it collects.

    Whoever may confirm it is told, and the biller's own people.
    Raises: NotAllowed; Refusal for a number that cannot be; Conflict where the account is in use already.
    """
    require_setup(biller.unit, by=by)
    number = "".join(number.split()).upper()
    _payable(bank_bin, number)
    account = BankAccount(
        biller=biller,
        bank_bin=bank_bin,
        number=number,
        holder=named(holder, 120).upper(),
        services=known_services(services),
        feed=Feed(feed),
        feed_url=feed_url,
        opened_on=day_of(at),
        made_at=at,
        made_by=by.id,
    )
    account.feed_secret = _sealed(account, feed_secret)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            _trail("payments.open_account", account, by, at)
            _tell(account, by, at)
    except IntegrityError:
        raise Conflict(_("Tài khoản này đã có đơn vị dùng để thu.")) from None
    return account


def approve_account(*, account: BankAccount, note: str, by: Actor, at: datetime) -> BankAccount:
    """A second person has asked the biller and tried the code: from now on it stands on codes.

    Raises: NotAllowed, also for whoever wrote it down; Refusal without a note; Conflict when it is decided already, or closed.
    """
    with transaction.atomic():
        held = _decided(account, AccountState.OPEN, note, by, at)
        held.save(update_fields=_DECIDED)
        _trail("payments.approve_account", held, by, at)
        _tell(held, by, at)
    return held


def refuse_account(*, account: BankAccount, note: str, by: Actor, at: datetime) -> BankAccount:
    """Nothing is ever paid into it; the number may be written down again. Raises: NotAllowed; Refusal without a note; Conflict."""
    with transaction.atomic():
        held = _decided(account, AccountState.REFUSED, note, by, at)
        held.closed_on = day_of(at)
        held.save(update_fields=[*_DECIDED, "closed_on"])
        _trail("payments.refuse_account", held, by, at)
        _tell(held, by, at)
    return held


_DECIDED = ["state", "decided_at", "decided_by", "decided_by_label", "decided_note"]


def _decided(account: BankAccount, state: AccountState, note: str, by: Actor, at: datetime) -> BankAccount:
    if not may_confirm_account(account.biller, by=by):
        raise NotAllowed(_("Bạn không có quyền xác nhận tài khoản nhận tiền của đơn vị này."))
    if account.made_by == by.id:
        raise NotAllowed(_("Người khai tài khoản không tự xác nhận được. Nhờ người thứ hai."))
    told = said(note, 300)
    if not told:
        raise Refusal(_("Ghi đã hỏi đơn vị thu và thử mã thế nào, hoặc vì sao không dùng."))
    held: BankAccount = (
        BankAccount.objects.select_for_update(of=("self",)).select_related("biller__unit").get(pk=account.pk)
    )
    if held.state != AccountState.ASKED or held.closed_on is not None:
        raise Conflict(_("Tài khoản này đã có người quyết định hoặc đã đóng. Hãy tải lại trang."))
    held.state, held.decided_at, held.decided_by = state, at, by.id
    held.decided_by_label, held.decided_note = by.label[:120], told
    return held


def set_feed(
    *, account: BankAccount, feed: str, by: Actor, at: datetime, secret: str | None = None, url: str = ""
) -> BankAccount:
    """Who tells of the account's movements besides statements. `secret` None: the key stays as it was. Raises: NotAllowed."""
    require_setup(account.biller.unit, by=by)
    account.feed, account.feed_url = Feed(feed), url
    if secret is not None:
        account.feed_secret = _sealed(account, secret)
    with transaction.atomic():
        account.save(update_fields=["feed", "feed_url", "feed_secret"])
        _trail("payments.set_feed", account, by, at)
    return account


def close_account(*, account: BankAccount, by: Actor, at: datetime) -> BankAccount:
    """No code names it any more, of new charges or old ones. What still comes in is taken from its statements all the same.

    Raises: NotAllowed.
    """
    require_setup(account.biller.unit, by=by)
    with transaction.atomic():
        held = BankAccount.objects.select_for_update().select_related("biller__unit").get(pk=account.pk)
        if held.closed_on is None:
            held.closed_on = day_of(at)
            held.save(update_fields=["closed_on"])
            _trail("payments.close_account", held, by, at)
    return held


def _payable(bank_bin: str, number: str) -> None:
    try:
        encode(bank_bin=bank_bin, account=number)
    except BadCode as bad:
        raise Refusal(bad.message) from None


def _sealed(account: BankAccount, secret: str) -> bytes | None:
    """Raises: Refusal for what no header of a request can hold, or anybody can guess."""
    if not secret.isascii():
        raise Refusal(_("Khoá chỉ có chữ cái không dấu và chữ số. Hãy chép lại đúng như nhà cung cấp đưa."))
    if secret and min(map(len, secret.split()), default=0) < LEAST_KEY:
        raise Refusal(
            _("Khoá ngắn quá, dễ đoán. Mỗi khoá cần ít nhất %(least)s ký tự.") % {"least": LEAST_KEY}
        )
    return seal(secret, f"payments_bankaccount.feed:{account.uuid}") if secret else None


def _tell(account: BankAccount, by: Actor, at: datetime) -> None:
    """Everybody who may confirm it or keeps the biller's books, but whoever does this."""
    unit = account.biller.unit
    with admitting(unit.pk):  # the message is the commune's, whoever writes it
        for to in watchers_of(account.biller, day_of(at)):
            if to.id == by.id:
                continue
            send(
                key=uuid5(account.uuid, f"{account.state}:{to.id}"),
                template="bank_account_staff",
                to=Recipient(actor_id=to.id, name=to.label, email=to.email),
                values={"code": account.number[-4:], "day": format_day(day_of(at))},
                about=("bank_account", account.uuid),
                unit=unit,
                by=by,
                at=at,
                channels=("inbox", "mail"),
            )


def _trail(deed: str, account: BankAccount, by: Actor, at: datetime) -> None:
    record(
        by=by,
        at=at,
        deed=deed,
        object_kind="bank_account",
        object_id=account.uuid,
        place_id=account.biller.unit_id,
        biller=str(account.biller.uuid),
        bank=account.bank_bin,
        tail=account.number[-4:],
        feed=str(account.feed),
    )
