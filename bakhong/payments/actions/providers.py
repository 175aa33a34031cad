"""Providers' lists and the customer codes they speak of: taken in, replaced by a later list, taken back."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.bulk import insert_many
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.payments import scope
from bakhong.payments.actions.words import said
from bakhong.payments.models import (
    Biller,
    BillState,
    CustomerCode,
    ProviderBill,
    ProviderList,
    ProviderMapping,
)
from bakhong.payments.permissions import CHARGE, require_provider
from bakhong.payments.provider_files import ProviderFile
from bakhong.payments.queries.providers import current_list
from bakhong.payments.rules.provider_lists import Line
from bakhong.payments.rules.providers import tidy_code
from bakhong.people.models import Household, Organisation, Person
from bakhong.people.rules.headings import Layout
from bakhong.places.models import Level, Unit
from bakhong.places.queries import resolve_name


@dataclass(frozen=True)
class Taken:
    """`batch` as it stands; how many rows went in, were rejected, have no known village, and how many customers are new."""

    batch: ProviderList
    rows: int
    rejected: int
    unplaced: int
    customers: int

    def counts(self) -> dict[str, int]:
        names = ("rows", "rejected", "unplaced", "customers")
        return {name: getattr(self, name) for name in names}


def take_provider_list(
    *,
    biller: Biller,
    service: str,
    period: date,
    file: ProviderFile,
    file_name: str,
    content: bytes,
    by: Actor,
    at: datetime,
) -> Taken:
    """Take in every acceptable row of a month's list; it stands instead of an earlier one of the month. The columns are remembered.

    Raises: NotAllowed; Refusal; Conflict when this very file stands already.
    """
    require_provider(CHARGE, biller, by=by)
    _check(biller, service, period, file, at)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic(), scope.seeing([biller.pk]):
        # Two lists of one provider wait for each other.
        Biller.objects.select_for_update(no_key=True).get(pk=biller.pk)
        stands = current_list(biller, service, period)
        if stands is not None and stands.sha256 == digest:
            raise Conflict(_("Tệp này đã được nhập rồi, và đang được tính. Không ghi gì thêm."))
        remember_columns(biller, file.layouts, by, at)
        return _take(biller, service, period, file, file_name, digest, by, at)


def _check(biller: Biller, service: str, period: date, file: ProviderFile, at: datetime) -> None:
    if biller.keeps_ledger:
        raise Refusal(
            _("Đơn vị này thu tiền qua sổ thu của phần mềm: không nhập danh sách, kẻo tính hai lần.")
        )
    if service not in biller.services:
        raise Refusal(_("Đơn vị này không thu loại tiền đó. Hãy chọn lại dịch vụ."))
    if period.day != 1 or period > day_of(at):
        raise Refusal(_("Chọn một tháng đã qua hoặc tháng này."))
    if not any(each.has("code", "amount") for each in file.layouts):
        raise Refusal(_("Chọn cột mã khách hàng và cột số tiền rồi nhập lại."))
    if not file.good:
        raise Refusal(_("Không có dòng nào nhập được. Hãy xem các chỗ cần sửa bên dưới."))


def remember_columns(biller: Biller, layouts: Iterable[Layout], by: Actor, at: datetime) -> None:
    """Inside the transaction of the deed that uses them."""
    for each in layouts:
        ProviderMapping.objects.update_or_create(
            biller=biller,
            shape=each.shape,
            defaults={"columns": each.said, "said_at": at, "said_by": by.id},
        )


def _take(
    biller: Biller,
    service: str,
    period: date,
    file: ProviderFile,
    file_name: str,
    digest: str,
    by: Actor,
    at: datetime,
) -> Taken:
    good = file.good
    villages = _villages(biller.unit, {each.village for each in good}, day_of(at))
    batch = ProviderList.objects.create(
        biller=biller,
        service=service,
        period=period,
        file_name=file_name.replace("\0", "")[-200:],
        sha256=digest,
        rows=len(good),
        taken_at=at,
        taken_by=by.id,
        taken_by_label=by.label[:120],
    )
    customers, new = _customers(biller, service, good, villages, day_of(at))
    bills = [_bill(batch, biller, each, customers[each.code], villages.get(each.village)) for each in good]
    insert_many(bills)
    taken = Taken(
        batch,
        rows=len(good),
        rejected=len(file.lines) - len(good),
        unplaced=sum(each.village_id == biller.unit_id for each in bills),
        customers=new,
    )
    audit.record(
        by=by,
        at=at,
        deed="payments.take_provider_list",
        object_kind="provider_list",
        object_id=batch.uuid,
        place_id=biller.unit_id,
        **taken.counts(),
    )
    return taken


def _villages(commune: Unit, told: Iterable[str], on: date) -> Mapping[str, Unit]:
    """The words of a list → the village they name; those that name none or several are left out."""
    found = {}
    for words in told:
        tries = (words, f"thôn {words}") if words else ()
        hits = (resolve_name(each, on=on, within=commune, level=Level.VILLAGE) for each in tries)
        unit = next((each for each in hits if each is not None), None)
        if unit is not None:
            found[words] = unit
    return found


def _customers(
    biller: Biller, service: str, lines: Sequence[Line], villages: Mapping[str, Unit], on: date
) -> tuple[dict[str, CustomerCode], int]:
    """Code → customer, and how many are new. One of whom only the commune was known goes to the village the list names."""
    live = CustomerCode.objects.filter(biller=biller, service=service, valid_to=None).select_related(
        "village"
    )
    known = {each.code: each for each in live.filter(code__in=[line.code for line in lines])}
    missing = [line for line in lines if line.code not in known]
    made = [
        CustomerCode(
            biller=biller,
            service=service,
            code=line.code,
            name=line.name,
            village=villages.get(line.village, biller.unit),
            valid_from=on,
        )
        for line in missing
    ]
    insert_many(made)
    placed = []
    for line in lines:
        each, village = known.get(line.code), villages.get(line.village)
        if each is not None and village is not None and each.village_id == biller.unit_id:
            each.village = village
            placed.append(each)
    CustomerCode.objects.bulk_update(placed, ["village"], batch_size=1000)
    return known | {each.code: each for each in made}, len(made)


def _bill(
    batch: ProviderList, biller: Biller, line: Line, customer: CustomerCode, village: Unit | None
) -> ProviderBill:
    return ProviderBill(
        batch=batch,
        biller=biller,
        village=village or customer.village,
        customer=customer,
        code=line.code,
        amount=line.amount,
        state=BillState(line.state),
        paid_on=line.paid_on,
        row=line.row + 1,
    )


def undo_provider_list(*, taken: ProviderList, by: Actor, at: datetime) -> ProviderList | None:
    """Take a list back. Returns the earlier list of the month that counts again, if there is one.

    Raises: NotAllowed; NotFound; Conflict when it was taken back already.
    """
    require_provider(CHARGE, taken.biller, by=by)
    with transaction.atomic():
        held = ProviderList.objects.select_for_update().filter(pk=taken.pk).first()
        if held is None:
            raise NotFound(_("Không có danh sách này."))
        if held.undone_at is not None:
            raise Conflict(_("Danh sách này đã được thu hồi rồi."))
        held.undone_at, held.undone_by = at, by.id
        held.save(update_fields=["undone_at", "undone_by"])
        audit.record(
            by=by,
            at=at,
            deed="payments.undo_provider_list",
            object_kind="provider_list",
            object_id=held.uuid,
            place_id=held.biller.unit_id,
            rows=held.rows,
        )
        return current_list(held.biller, held.service, held.period)


# --- customer codes --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Whose:
    """Whom a customer code belongs to: one of a person, a household, an organisation; or nobody is known."""

    person: Person | None = None
    household: Household | None = None
    organisation: Organisation | None = None


def record_customer_code(
    *,
    biller: Biller,
    service: str,
    code: str,
    name: str,
    village: Unit,
    whose: Whose,
    key: UUID,
    by: Actor,
    at: datetime,
) -> CustomerCode:
    """Write down a customer of a provider. Sent again with the same key: the first.

    Raises: NotAllowed; Refusal; Conflict when the code is another's already.
    """
    require_provider(CHARGE, biller, by=by)
    tidy = tidy_code(code)
    if not tidy:
        raise Refusal(
            _("“%(code)s” không phải mã khách hàng. Hãy chép đúng như trên hoá đơn.") % {"code": code[:40]}
        )
    if biller.keeps_ledger or service not in biller.services:
        raise Refusal(_("Đơn vị này không thu loại tiền đó. Hãy chọn lại dịch vụ."))
    try:
        with transaction.atomic(), scope.seeing([biller.pk]):
            made, is_new = CustomerCode.objects.get_or_create(
                uuid=key,
                defaults={
                    "biller": biller,
                    "service": service,
                    "code": tidy,
                    "name": said(name, 120),
                    "village": village,
                    "valid_from": day_of(at),
                    **_owner(whose),
                },
            )
            if is_new:
                _trail(made, "payments.record_customer_code", by, at)
    except IntegrityError:
        raise Conflict(_("Mã %(code)s đã có trong danh sách khách hàng.") % {"code": tidy}) from None
    if (made.biller_id, made.service, made.code) != (biller.pk, service, tidy):
        raise Conflict(_("Biểu mẫu này đã được gửi với nội dung khác. Hãy mở lại trang rồi ghi lại."))
    return made


def _owner(whose: Whose) -> dict[str, object]:
    found = {"person": whose.person, "household": whose.household, "organisation": whose.organisation}
    if sum(each is not None for each in found.values()) > 1:
        raise Refusal(_("Một mã khách hàng thuộc một người, một hộ hoặc một cơ sở."))
    return dict(found)


def give_customer_code(*, customer: CustomerCode, whose: Whose, by: Actor, at: datetime) -> CustomerCode:
    """Say whose bill the code is; `Whose()` takes it back. The village goes along.

    Raises: NotAllowed; Refusal; NotFound.
    """
    require_provider(CHARGE, customer.biller, by=by)
    owner = _owner(whose)
    with transaction.atomic(), scope.seeing([customer.biller_id]):
        held: CustomerCode | None = CustomerCode.objects.select_for_update().filter(pk=customer.pk).first()
        if held is None:
            raise NotFound(_("Không có mã khách hàng này."))
        for name, value in owner.items():
            setattr(held, name, value)
        known = whose.person or whose.household or whose.organisation
        if known is not None:
            held.village_id = known.village_id
        held.save(update_fields=[*owner, "village"])
        _trail(held, "payments.give_customer_code", by, at)
    return held


def end_customer_code(*, customer: CustomerCode, by: Actor, at: datetime) -> None:
    """The customer has no such code any more: bills of earlier months stay.

    Raises: NotAllowed; Conflict when it ended already.
    """
    require_provider(CHARGE, customer.biller, by=by)
    with transaction.atomic(), scope.seeing([customer.biller_id]):
        held = CustomerCode.objects.select_for_update().filter(pk=customer.pk, valid_to=None).first()
        if held is None:
            raise Conflict(_("Mã khách hàng này đã ngừng rồi."))
        held.valid_to = day_of(at)
        held.save(update_fields=["valid_to"])
        _trail(held, "payments.end_customer_code", by, at)


def _trail(customer: CustomerCode, deed: str, by: Actor, at: datetime) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="customer_code",
        object_id=customer.uuid,
        place_id=customer.biller.unit_id,
    )
