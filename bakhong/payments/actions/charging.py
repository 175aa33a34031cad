"""Saying that something is owed, and taking it back before it is paid."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.accounts.permissions import covered_ids
from bakhong.audit.actions import record, record_many
from bakhong.core.actor import Actor
from bakhong.core.bulk import insert_many
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.text import is_storable, squeeze
from bakhong.payments import scope
from bakhong.payments.actions.words import said
from bakhong.payments.models import BankAccount, Biller, Charge, ChargeList, ChargeState, Helper
from bakhong.payments.permissions import CHARGE, require
from bakhong.payments.queries.billers import account_for
from bakhong.payments.rules.purposes import purpose_of
from bakhong.payments.rules.references import new_reference
from bakhong.payments.rules.services import service_name, services
from bakhong.payments.rules.vietqr import MOST_DIGITS
from bakhong.payments.signals import charge_reopened
from bakhong.people.models import Household, Organisation, Person
from bakhong.places.models import Unit


@dataclass(frozen=True)
class Owed:
    """What somebody owes. `amount` in đồng; `village`: where the payer lives, the commune where that is not known.

    `account` None: the biller's own for this service, if it has one; without any, only cash can be taken. `period`: any day of the month it
    is for. `about`: (kind, uuid) of a thing above ("dossier", "stall"). `words` stand in the note after the reference.
    """

    biller: Biller
    service: str
    title: str
    amount: int
    payer_name: str
    village: Unit
    person: Person | None = None
    household: Household | None = None
    organisation: Organisation | None = None
    payer_phone: str = ""
    customer_code: str = ""
    period: date | None = None
    due_on: date | None = None
    about: tuple[str, UUID] | None = None
    account: BankAccount | None = None
    batch: ChargeList | None = None
    words: str = ""

    def digest(self) -> bytes:
        """Equal for the same words only: the same key with other ones is a conflict."""
        told = {
            name: getattr(value, "pk", None) or (str(value) if value is not None else None)
            for name, value in vars(self).items()
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).digest()


def raise_charge(
    *, owed: Owed, key: UUID, by: Actor, at: datetime, permission: str | None = CHARGE
) -> Charge:
    """The same key and words again give the first one, also of two at the very same time.

    `permission` None: the deed that calls has asked for its own.
    Raises: NotAllowed; Refusal for what cannot be owed; Conflict where the key was used for other words.
    """
    return raise_charges(owed=[(key, owed)], by=by, at=at, permission=permission)[0]


def raise_charges(
    *, owed: Sequence[tuple[UUID, Owed]], by: Actor, at: datetime, permission: str | None = CHARGE
) -> list[Charge]:
    """Many at once, all or none; in the order given. Raises: as `raise_charge`."""
    billers = {each.biller.pk: each.biller for _key, each in owed}
    if permission is not None:
        for biller in billers.values():
            require(permission, biller, by=by)
    areas = {biller.pk: covered_ids([biller.unit_id], day_of(at)) for biller in billers.values()}
    for _key, each in owed:
        _check(each, areas[each.biller.pk])
    with scope.seeing(billers):
        try:
            with transaction.atomic():
                return _raised(owed, by, at)
        except IntegrityError:
            # One of the keys was stored by somebody else since we looked: theirs stands.
            with transaction.atomic():
                return _raised(owed, by, at)


def _raised(owed: Sequence[tuple[UUID, Owed]], by: Actor, at: datetime) -> list[Charge]:
    stored = {
        each.client_key: each for each in Charge.objects.filter(client_key__in=[key for key, _ in owed])
    }
    accounts = _Accounts(at)
    digests = [each.digest() for _key, each in owed]
    fresh: dict[UUID, Charge] = {}
    for (key, each), digest in zip(owed, digests, strict=True):
        if key not in stored and key not in fresh:
            fresh[key] = _charge(each, key, digest, accounts, by, at)
    insert_many(list(fresh.values()))
    record_many(
        by=by,
        at=at,
        deed="payments.raise_charge",
        object_kind="charge",
        objects=[(each.uuid, each.village_id) for each in fresh.values()],
    )
    known = stored | fresh
    return [_same(known[key], digest) for (key, _each), digest in zip(owed, digests, strict=True)]


def _same(stored: Charge, digest: bytes) -> Charge:
    if bytes(stored.digest) != digest:
        raise Conflict(_("Khoản thu này đã được lập với nội dung khác. Xem lại khoản đã có."))
    return stored


def _charge(owed: Owed, key: UUID, digest: bytes, accounts: "_Accounts", by: Actor, at: datetime) -> Charge:
    reference = new_reference()
    kind, about = owed.about or ("", None)
    return Charge(
        village=owed.village,
        biller=owed.biller,
        account=owed.account or accounts.of(owed.biller, owed.service),
        service=owed.service,
        about_kind=kind,
        about=about,
        batch=owed.batch,
        person=owed.person,
        household=owed.household,
        organisation=owed.organisation,
        payer_name=squeeze(owed.payer_name),
        payer_phone=owed.payer_phone.strip(),
        customer_code=owed.customer_code.strip(),
        title=squeeze(owed.title),
        amount=owed.amount,
        period=owed.period and owed.period.replace(day=1),
        due_on=owed.due_on,
        reference=reference,
        purpose=purpose_of(reference, owed.words or service_name(owed.service)),
        client_key=key,
        digest=digest,
        made_at=at,
        made_by=by.id,
    )


class _Accounts:
    """Which account a biller is paid into for a service: asked once for each."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._found: dict[tuple[int, str], BankAccount | None] = {}

    def of(self, biller: Biller, service: str) -> BankAccount | None:
        key = (biller.pk, service)
        if key not in self._found:
            self._found[key] = account_for(biller, service)
        return self._found[key]


MOST_HELPERS = 10  # names of one charge: whoever holds its code may say one, signed in or not
_LENGTHS: Mapping[str, int] = {"title": 160, "payer_name": 120, "payer_phone": 20, "customer_code": 30}


def _check(owed: Owed, area: frozenset[int]) -> None:
    """`area`: the units of the biller's commune. Raises: Refusal."""
    if not 1 <= owed.amount < 10**MOST_DIGITS:
        raise Refusal(_("Số tiền phải là số đồng nguyên, từ 1 đồng."))
    if owed.service not in services():
        raise Refusal(_("Không có loại khoản thu này."))
    if not squeeze(owed.title) or not squeeze(owed.payer_name):
        raise Refusal(_("Khoản thu phải nói thu của ai và thu về việc gì."))
    if any(
        not is_storable(getattr(owed, name)) or len(getattr(owed, name)) > most
        for name, most in _LENGTHS.items()
    ):
        raise Refusal(
            _("Có ô dài quá hoặc có ký tự lạ. Xem lại tên, nội dung, số điện thoại và mã khách hàng.")
        )
    if owed.biller.valid_to is not None or not owed.biller.keeps_ledger:
        raise Refusal(_("Đơn vị này không thu qua sổ ở đây nữa, hoặc thu vào sổ riêng của họ."))
    if owed.account is not None and (owed.account.biller_id != owed.biller.pk or not owed.account.is_in_use):
        raise Refusal(
            _("Tài khoản nhận tiền không phải của đơn vị thu, đã đóng, hoặc chưa có người thứ hai xác nhận.")
        )
    if owed.village.pk not in area:
        raise Refusal(_("Người trả không thuộc xã của đơn vị thu."))


def withdraw_charge(
    *, charge: Charge, why: str, by: Actor, at: datetime, permission: str | None = CHARGE
) -> Charge:
    """It is owed no more. Of one that is paid the payment is taken back first.

    Raises: NotAllowed; Refusal without a reason; Conflict for one that is paid.
    """
    if permission is not None:
        require(permission, charge.biller, by=by)
    reason = said(why, 200)
    if not reason:
        raise Refusal(_("Ghi lý do huỷ khoản thu."))
    with scope.seeing([charge.biller_id]), transaction.atomic():
        held: Charge = (
            Charge.objects.select_for_update(of=("self",))
            .select_related("biller", "account")
            .get(pk=charge.pk)
        )
        if held.state == ChargeState.WITHDRAWN:
            return held
        if held.state == ChargeState.PAID:
            raise Conflict(_("Khoản này đã trả. Muốn huỷ thì trả lại tiền trước."))
        held.state, held.withdrawn_at, held.withdrawn_why = ChargeState.WITHDRAWN, at, reason
        held.save(update_fields=["state", "withdrawn_at", "withdrawn_why"])
        record(
            by=by,
            at=at,
            deed="payments.withdraw_charge",
            object_kind="charge",
            object_id=held.uuid,
            place_id=held.village_id,
        )
        charge_reopened.send(Charge, charge=held, by=by, at=at)
    return held


def name_helper(
    *, charge: Charge, name: str, relation: str, is_staff: bool, by: Actor, at: datetime
) -> Helper:
    """Who pays in the payer's stead, for the receipt; the last one named counts. Whoever reached the charge may say so.

    The name that counts already is no new row. Raises: Refusal without a name, or after ten; Conflict once it is not to be paid any more.
    """
    told, how = squeeze(name), squeeze(relation)
    if not told or len(told) > 120 or len(how) > 60 or not is_storable(told + how):
        raise Refusal(_("Ghi họ tên người trả giúp (nhiều nhất 120 ký tự)."))
    with scope.seeing([charge.biller_id]), transaction.atomic():
        held = Charge.objects.select_for_update().get(pk=charge.pk)
        if held.state != ChargeState.OPEN:
            raise Conflict(_("Khoản này không còn chờ trả, nên không ghi thêm người trả giúp được."))
        before = list(Helper.objects.filter(charge=held).order_by("-pk")[:MOST_HELPERS])
        if before and (before[0].name, before[0].relation, before[0].is_staff) == (told, how, is_staff):
            return before[0]
        if len(before) == MOST_HELPERS:
            raise Refusal(_("Khoản này đã ghi tên người trả giúp nhiều lần. Cần sửa tên thì gọi đơn vị thu."))
        helper = Helper.objects.create(
            charge=held,
            biller_id=held.biller_id,
            charge_uuid=held.uuid,
            name=told,
            relation=how,
            is_staff=is_staff,
            said_at=at,
            said_by=by.id,
        )
        record(
            by=by,
            at=at,
            deed="payments.name_helper",
            object_kind="charge",
            object_id=held.uuid,
            place_id=held.village_id,
        )
    return helper
