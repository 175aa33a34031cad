"""Setting up who collects: billers, the accounts that stand on their codes, and who works for them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.accounts.models import User
from bakhong.accounts.permissions import StaffActor, covered_ids
from bakhong.audit.actions import record
from bakhong.core.actor import OPERATOR, Actor, Operator
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.numbers import format_money
from bakhong.payments import scope
from bakhong.payments.actions.words import said
from bakhong.payments.models import (
    AccountKind,
    BankAccount,
    Biller,
    BillerKind,
    BillerMember,
    Charge,
    ChargeState,
    Duty,
    Feed,
    Refund,
    RefundState,
)
from bakhong.payments.permissions import COLLECT, MANAGE, RECONCILE
from bakhong.payments.queries.ledger import balances
from bakhong.payments.rules.services import services as known_services
from bakhong.payments.rules.services import services_of
from bakhong.payments.rules.vietqr import BadCode, encode
from bakhong.payments.sealed import seal
from bakhong.places.models import Unit

_NEEDED = {Duty.ACCOUNTANT: RECONCILE, Duty.COLLECTOR: COLLECT}


LEAST_KEY = 16  # characters of a key that notifications are proved with


def open_biller(
    *,
    unit: Unit,
    kind: str,
    name: str,
    services: Sequence[str],
    by: Actor,
    at: datetime,
    keeps_ledger: bool = True,
    phone: str = "",
    tax_code: str = "",
) -> Biller:
    """Somebody who collects money in the commune `unit`.

    Raises: NotAllowed; Refusal for an empty name or an unknown service; Conflict where one of that name is there.
    """
    _manage(unit, by)
    name = _named(name, 200)
    biller = Biller(
        unit=unit,
        kind=BillerKind(kind),
        name=name,
        services=_known(services),
        keeps_ledger=keeps_ledger,
        phone=said(phone, 20),
        tax_code=said(tax_code, 14),
        valid_from=day_of(at),
        made_at=at,
        made_by=by.id,
    )
    try:
        with transaction.atomic():
            biller.save(force_insert=True)
            _note("payments.open_biller", biller, by, at)
    except IntegrityError:
        raise Conflict(_("Xã đã có đơn vị thu “%(name)s”.") % {"name": name}) from None
    return biller


def change_biller(
    *, biller: Biller, services: Sequence[str], by: Actor, at: datetime, phone: str = "", tax_code: str = ""
) -> Biller:
    """What it collects for, and whom to call. Raises: NotAllowed, Refusal."""
    _manage(biller.unit, by)
    biller.services = _known(services)
    biller.phone, biller.tax_code = said(phone, 20), said(tax_code, 14)
    with transaction.atomic():
        biller.save(update_fields=["services", "phone", "tax_code"])
        record(
            by=by,
            at=at,
            deed="payments.change_biller",
            object_kind="biller",
            object_id=biller.uuid,
            place_id=biller.unit_id,
            services=biller.services,
        )
    return biller


def close_biller(*, biller: Biller, by: Actor, at: datetime) -> Biller:
    """Its accounts are closed with it, so that who comes after may use them; its books are read on.

    Raises: NotAllowed; Conflict while somebody owes it something, or money of it is somewhere yet: what and how much is said.
    """
    _manage(biller.unit, by)
    with transaction.atomic(), scope.seeing([biller.pk]):
        held = Biller.objects.select_for_update().get(pk=biller.pk)
        if held.valid_to is not None:
            return held
        left = _left(held)
        if left:
            raise Conflict(_("Chưa đóng được, còn: %(left)s.") % {"left": "; ".join(left)})
        for account in held.accounts.filter(closed_on=None).select_related("biller__unit"):
            close_account(account=account, by=by, at=at)
        held.valid_to = _end(held.valid_from, at)
        held.save(update_fields=["valid_to"])
        _note("payments.close_biller", held, by, at)
    return held


_PASSING = (
    AccountKind.SUSPENSE,
    AccountKind.REFUND,
    AccountKind.CASH,
    AccountKind.COLLECTOR,
    AccountKind.TRANSIT,
)


def _left(biller: Biller) -> list[str]:
    """What is not done yet, in words: open charges, refunds nobody decided on, money that has to go somewhere."""
    owed = Charge.objects.filter(biller=biller, state=ChargeState.OPEN).count()
    asked = Refund.objects.filter(biller=biller, state=RefundState.ASKED).count()
    told = [_("%(count)s khoản chưa trả") % {"count": owed}] if owed else []
    told += [_("%(count)s đề nghị trả lại chờ duyệt") % {"count": asked}] if asked else []
    sums: dict[AccountKind, int] = dict.fromkeys(_PASSING, 0)
    for account, amount in balances(biller):
        if account.kind in sums:
            sums[AccountKind(account.kind)] += amount
    return told + [f"{kind.label} {format_money(amount)}" for kind, amount in sums.items() if amount]


def commune_biller(unit: Unit, *, at: datetime) -> Biller:
    """The commune itself as one who collects; made when it is first asked for, by whatever deed needs it. Race-safe."""
    found = Biller.objects.filter(unit=unit, kind=BillerKind.COMMUNE, valid_to=None).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            made = Biller.objects.create(
                unit=unit,
                kind=BillerKind.COMMUNE,
                name=_("Uỷ ban nhân dân %(unit)s")
                % {"unit": unit.full_name[:1].lower() + unit.full_name[1:]},
                services=[each.code for each in services_of(BillerKind.COMMUNE)],
                valid_from=day_of(at),
                made_at=at,
                made_by=OPERATOR.id,
            )
            _note("payments.open_biller", made, OPERATOR, at)
    except IntegrityError:  # another one was faster
        return Biller.objects.get(unit=unit, kind=BillerKind.COMMUNE, valid_to=None)
    return made


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
    """An account as it will stand on the biller's codes. `services` empty: for all it collects.

    Raises: NotAllowed; Refusal for a number that cannot be; Conflict where the account is in use already.
    """
    _manage(biller.unit, by)
    number = "".join(number.split()).upper()
    _payable(bank_bin, number)
    account = BankAccount(
        biller=biller,
        bank_bin=bank_bin,
        number=number,
        holder=_named(holder, 120).upper(),
        services=_known(services),
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
    except IntegrityError:
        raise Conflict(_("Tài khoản này đã có đơn vị dùng để thu.")) from None
    return account


def set_feed(
    *, account: BankAccount, feed: str, by: Actor, at: datetime, secret: str | None = None, url: str = ""
) -> BankAccount:
    """Who tells of the account's movements besides statements. `secret` None: the key stays as it was. Raises: NotAllowed."""
    _manage(account.biller.unit, by)
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
    _manage(account.biller.unit, by)
    with transaction.atomic():
        held = BankAccount.objects.select_for_update().select_related("biller__unit").get(pk=account.pk)
        if held.closed_on is None:
            held.closed_on = day_of(at)
            held.save(update_fields=["closed_on"])
            _trail("payments.close_account", held, by, at)
    return held


def add_member(
    *, biller: Biller, staff: User, duty: str, villages: Sequence[int], by: Actor, at: datetime
) -> BillerMember:
    """Somebody of the staff works for the biller from today. `villages`: ids of units a collector goes to; none: all.

    Raises: NotAllowed; Refusal where their role lets them do nothing here, or a village lies elsewhere; Conflict where they do already.
    """
    _manage(biller.unit, by)
    on = day_of(at)
    actor = StaffActor(staff, on)
    if not actor.may(_NEEDED[Duty(duty)], biller.unit_id):
        raise Refusal(
            _("%(name)s chưa có vai trò làm được việc này ở xã. Cấp vai trò trước, rồi thêm vào đây.")
            % {"name": actor.label}
        )
    if not set(villages) <= covered_ids([biller.unit_id], on):
        raise Refusal(_("Có thôn không thuộc xã này."))
    try:
        with transaction.atomic():
            member = BillerMember.objects.create(
                biller=biller,
                staff=actor.id,
                label=actor.label[:120],
                duty=Duty(duty),
                villages=sorted(set(villages)),
                valid_from=on,
            )
            _record("payments.add_member", member, by, at)
    except IntegrityError:
        raise Conflict(_("%(name)s đã làm việc này cho đơn vị.") % {"name": actor.label}) from None
    return member


def end_member(*, member: BillerMember, by: Actor, at: datetime) -> BillerMember:
    """From now on they see nothing of the biller. Raises: NotAllowed."""
    _manage(member.biller.unit, by)
    with transaction.atomic():
        held = BillerMember.objects.select_for_update().select_related("biller__unit").get(pk=member.pk)
        if held.valid_to is None:
            held.valid_to = day_of(at)
            held.save(update_fields=["valid_to"])
            _record("payments.end_member", held, by, at)
    return held


def _manage(unit: Unit, by: Actor) -> None:
    """Who sets up billers of a commune need not work for them, and sees none of their money by it."""
    if not isinstance(by, Operator) and not by.may(MANAGE, unit.pk):
        raise NotAllowed(_("Bạn không có quyền cài đặt đơn vị thu ở xã này."))


def _named(text: str, most: int) -> str:
    name = said(text, most + 1)
    if not name:
        raise Refusal(_("Chưa ghi tên."))
    if len(name) > most:
        raise Refusal(_("Tên dài quá %(most)s ký tự.") % {"most": most})
    return name


def _known(codes: Sequence[str]) -> list[str]:
    unknown = [each for each in codes if each not in known_services()]
    if unknown:
        raise Refusal(_("Không có loại khoản thu “%(code)s”.") % {"code": unknown[0][:20]})
    return [code for code in known_services() if code in codes]


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


def _end(valid_from: date, at: datetime) -> date:
    """Ends are excluded: whoever was opened today is there until tonight."""
    return max(day_of(at), valid_from + timedelta(days=1))


def _note(deed: str, biller: Biller, by: Actor, at: datetime) -> None:
    record(
        by=by,
        at=at,
        deed=deed,
        object_kind="biller",
        object_id=biller.uuid,
        place_id=biller.unit_id,
        kind=str(biller.kind),
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


def _record(deed: str, member: BillerMember, by: Actor, at: datetime) -> None:
    record(
        by=by,
        at=at,
        deed=deed,
        object_kind="biller",
        object_id=member.biller.uuid,
        place_id=member.biller.unit_id,
        staff=member.staff,
        duty=str(member.duty),
    )
