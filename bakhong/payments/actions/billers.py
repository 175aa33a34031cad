"""Setting up who collects: billers, and who works for them. Their accounts: bank_accounts.py."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.accounts.models import User
from bakhong.accounts.permissions import StaffActor, covered_ids
from bakhong.audit.actions import record
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.numbers import format_money
from bakhong.payments import scope
from bakhong.payments.actions.bank_accounts import close_account
from bakhong.payments.actions.words import known_services, named, said
from bakhong.payments.models import (
    AccountKind,
    Biller,
    BillerKind,
    BillerMember,
    Charge,
    ChargeState,
    Duty,
    Refund,
    RefundState,
)
from bakhong.payments.permissions import COLLECT, RECONCILE, require_setup
from bakhong.payments.queries.ledger import balances
from bakhong.payments.rules.services import services_of
from bakhong.places.models import Unit

_NEEDED = {Duty.ACCOUNTANT: RECONCILE, Duty.COLLECTOR: COLLECT}


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
    require_setup(unit, by=by)
    name = named(name, 200)
    biller = Biller(
        unit=unit,
        kind=BillerKind(kind),
        name=name,
        services=known_services(services),
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
    require_setup(biller.unit, by=by)
    biller.services = known_services(services)
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
    require_setup(biller.unit, by=by)
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


def add_member(
    *, biller: Biller, staff: User, duty: str, villages: Sequence[int], by: Actor, at: datetime
) -> BillerMember:
    """Somebody of the staff works for the biller from today. `villages`: ids of units a collector goes to; none: all.

    Raises: NotAllowed; Refusal where their role lets them do nothing here, or a village lies elsewhere; Conflict where they do already.
    """
    require_setup(biller.unit, by=by)
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
    require_setup(member.biller.unit, by=by)
    with transaction.atomic():
        held = BillerMember.objects.select_for_update().select_related("biller__unit").get(pk=member.pk)
        if held.valid_to is None:
            held.valid_to = day_of(at)
            held.save(update_fields=["valid_to"])
            _record("payments.end_member", held, by, at)
    return held


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
