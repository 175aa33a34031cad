"""Erasing a person reaches their money's words, never the money. Without the erasure the database refuses every one of these updates."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.db.models import Model

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.documents.actions.storing import open_file
from bakhong.documents.models import File
from bakhong.messaging.models import Message
from bakhong.payments.actions.charging import name_helper
from bakhong.payments.actions.receipts import receipt_pdf
from bakhong.payments.actions.refunding import ask_refund, refuse_refund
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.actions.stall_accounts import ask_account_change
from bakhong.payments.actions.stickers import check_sticker, issue_sticker
from bakhong.payments.actions.suspense import explain, suspend
from bakhong.payments.actions.taking_back import take_back
from bakhong.payments.models import (
    AccountChange,
    BankAccount,
    BankLine,
    Biller,
    Charge,
    CustomerCode,
    Delivery,
    Entry,
    Helper,
    ProviderBill,
    ProviderList,
    Receipt,
    Refund,
    Sighting,
    Stall,
    Sticker,
    StickerCheck,
    SuspenseItem,
)
from bakhong.payments.queries.ledger import balance
from bakhong.payments.rules.vietqr import encode
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    MakeLine,
    accountant,
    bank,
    biller,
    chair,
    check_deferred,
    everybody,
    make_charge,
    make_line,
    staff,
    village,
    villages,
)
from bakhong.payments.tests.stalls import ACCOUNT, BIN, OTHER, a_stall
from bakhong.people import scope
from bakhong.people.actions import add_organisation, add_person, erase_person
from bakhong.people.models import Household, Organisation, Person
from bakhong.places.models import Unit

__all__ = [
    "accountant", "bank", "biller", "chair", "everybody", "make_charge", "make_line", "staff", "village", "villages",
]  # fmt: skip

NAME = "Lê Văn CANARY"
CANARIES = ("CANARY", "Canary", "0912345678", "PA0CANARY1", ACCOUNT, OTHER, "970436")


def dump() -> str:
    """Every value of every row of the room, as text; binary ones as hexadecimals."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'payments_%'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.fixture
def somebody(village: Unit, actor: Actor, at: datetime) -> Person:
    return add_person(village=village, values={"name": NAME}, source="list", by=actor, at=at)


@pytest.fixture
def owed(make_charge: MakeCharge, somebody: Person) -> Callable[..., Charge]:
    def make(**values: Any) -> Charge:
        told = {
            "person": somebody, "payer_name": NAME, "payer_phone": "0912345678", "customer_code": "PA0CANARY1",
            "title": "Lệ phí cho CANARY", "service": "water",
        }  # fmt: skip
        return make_charge(**(told | values))

    return make


@pytest.fixture
def paid(
    owed: Callable[..., Charge], make_line: MakeLine, bank: BankAccount, biller: Biller, actor: Actor, at: datetime
) -> Charge:  # fmt: skip
    """Paid by a line that a broker told of, with a helper, a receipt and its paper."""
    charge = owed()
    name_helper(
        charge=charge, name="Bà CANARY", relation="hàng xóm CANARY", is_staff=False, by=OPERATOR, at=at
    )
    line = make_line(content="CANARY tra tien", payer_name="LE VAN CANARY")
    told = Delivery.objects.create(
        source="sepay", account=bank, biller=biller, external_id="1", body="CANARY", digest=b"x", received_at=at, state="done"
    )  # fmt: skip
    Sighting.objects.create(line=line, biller=biller, account=bank, source="sepay", delivery=told, at=at)
    settle_by_lines(charge=charge, lines=[line], by=actor, at=at)
    check_deferred()
    receipt_pdf(receipt=Receipt.objects.get(), by=OPERATOR, at=at)
    return charge


@pytest.fixture
def returned(
    owed: Callable[..., Charge], make_line: MakeLine, accountant: StaffActor, chair: StaffActor, actor: Actor, at: datetime
) -> SuspenseItem:  # fmt: skip
    """Money that came, for which a refund was asked and refused, and that was explained."""
    charge = owed()
    item = suspend([(make_line(content="CANARY lan 2"), "double", charge.pk)], by=actor, at=at)[0]
    asked = ask_refund(
        item=item, amount=200_000, why="CANARY xin lại", to_name="CANARY", to_bank_bin="970436", to_account="0011002233",
        key=new_uuid(), by=accountant, at=at,
    )  # fmt: skip
    refuse_refund(refund=asked, why="CANARY sai", by=chair, at=at)
    explain(item=item, why="CANARY tặng xã", by=accountant, at=at)
    return item


@pytest.fixture
def selling(village: Unit, somebody: Person, actor: Actor, at: datetime) -> Stall:
    """A stall with a card, a wish for another account, and a look that alarmed."""
    stall = a_stall(village, at, owner=NAME)
    Organisation.objects.filter(pk=stall.organisation_id).update(owner=somebody)
    Stall.objects.filter(pk=stall.pk).update(trade="CANARY")
    ask_account_change(
        stall=stall, bank_bin=BIN, account=OTHER, holder="CANARY", why="CANARY", by=actor, at=at
    )
    issue_sticker(stall=stall, by=OPERATOR, at=at)
    forged = encode(bank_bin=BIN, account=OTHER)
    check_sticker(
        stall=stall, unit=village, scanned=forged, among=Stall.objects.all(), key=new_uuid(), by=actor, at=at
    )
    return stall


@pytest.fixture
def customer(biller: Biller, village: Unit, somebody: Person, at: datetime) -> CustomerCode:
    code = CustomerCode.objects.create(
        biller=biller, service="water", code="PA0CANARY1", name=NAME, person=somebody, village=village
    )
    month = ProviderList.objects.create(
        biller=biller, service="water", period=date(2026, 10, 1), file_name="t10.xlsx", sha256="0" * 64, rows=1, taken_at=at,
        taken_by="test", taken_by_label="test",
    )  # fmt: skip
    ProviderBill.objects.create(
        batch=month,
        biller=biller,
        customer=code,
        code=code.code,
        amount=125_000,
        state="cash",
        row=4,
        village=village,
    )
    return code


def erase(person: Person, by: Actor, at: datetime) -> None:
    """By somebody whose connection shows the people of one village and nobody's money."""
    scope.open_to([person.village_id])
    assert not BankLine.objects.exists()
    try:
        erase_person(person=person, ground="request", by=by, at=at)
    finally:
        scope.open_to(None)


def test_no_word_is_left_and_no_dong_changes(
    paid: Charge, returned: SuspenseItem, selling: Stall, customer: CustomerCode, somebody: Person, bank: BankAccount,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    before = dump()
    assert [word for word in CANARIES if word not in before and word != "Canary"] == []
    sums = list(Entry.objects.order_by("pk").values_list("debit", "credit", "amount", "on", "key"))
    numbers = list(Receipt.objects.values_list("year", "number", "amount", "at"))
    paper = File.objects.get(owner_kind="charge", owner=paid.uuid)
    assert open_file(paper)

    erase(somebody, actor, at)
    check_deferred()

    after = dump()
    assert [word for word in CANARIES if word in after] == []
    assert list(Entry.objects.order_by("pk").values_list("debit", "credit", "amount", "on", "key")) == sums
    assert list(Receipt.objects.values_list("year", "number", "amount", "at")) == numbers
    paid.refresh_from_db()
    assert (paid.state, paid.amount, paid.title, paid.purpose) == (
        "paid",
        200_000,
        "Tiền nước",
        paid.reference,
    )
    assert BankLine.objects.get(settlements__charge=paid).content == paid.reference
    paper.refresh_from_db()
    with pytest.raises(NotFound):
        open_file(paper)
    bill = ProviderBill.objects.get()
    assert (bill.code, bill.amount, bill.state) == (f"x{customer.pk}", 125_000, "cash")
    assert not Message.objects.exclude(text="").filter(about=selling.uuid).exists()


def test_an_open_stall_ends_without_a_code(
    selling: Stall, somebody: Person, actor: Actor, at: datetime
) -> None:
    erase(somebody, actor, at)
    selling.refresh_from_db()
    assert (selling.valid_to, selling.account, selling.owner_name) == (
        selling.valid_from + timedelta(days=1), "", "",
    )  # fmt: skip
    assert (selling.organisation.owner, selling.code, selling.monthly_fee) == (None, "A12", 60_000)
    assert not Sticker.objects.filter(ended_at=None).exists()
    assert [each.state for each in AccountChange.objects.all()] == ["refused"]
    assert not StickerCheck.objects.filter(alarmed_at__isnull=False, settled_at=None).exists()
    assert Event.objects.filter(deed="payments.close_stall", object_id=selling.uuid).count() == 1


def test_an_enterprise_sells_on_without_their_name(
    village: Unit, somebody: Person, actor: Actor, at: datetime
) -> None:
    firm = add_organisation(village=village, kind="enterprise", name="Công ty A", source="x", owner=somebody, by=actor, at=at)  # fmt: skip
    stall = a_stall(village, at, owner=NAME)
    Stall.objects.filter(pk=stall.pk).update(organisation=firm)
    erase(somebody, actor, at)
    stall.refresh_from_db()
    assert (stall.valid_to, stall.account, stall.owner_name, stall.phone) == (None, ACCOUNT, "", "")


def test_what_a_household_owes_keeps_its_words_while_others_live_there(
    owed: Callable[..., Charge], village: Unit, somebody: Person, actor: Actor, at: datetime
) -> None:
    home = Household.objects.create(village=village, code="H1")
    other = add_person(village=village, values={"name": "Trần Thị Bé"}, source="list", by=actor, at=at)
    Person.objects.filter(pk__in=[somebody.pk, other.pk]).update(household=home)
    theirs = owed(person=None, household=home)
    hers = owed(person=None, household=home, payer_name="Trần Thị Bé")
    erase(somebody, actor, at)
    theirs.refresh_from_db()
    hers.refresh_from_db()
    assert (theirs.payer_name, hers.payer_name) == ("", "Trần Thị Bé")


def test_a_line_that_pays_another_now_keeps_its_words(
    owed: Callable[..., Charge], make_charge: MakeCharge, make_line: MakeLine, somebody: Person, actor: Actor, at: datetime
) -> None:  # fmt: skip
    line = make_line(content="Tra ho ba Be", payer_name="TRAN THI BE")
    (wrong,) = settle_by_lines(charge=owed(), lines=[line], by=actor, at=at)
    take_back(settlement=wrong, why="nhầm người", by=actor, at=at)
    settle_by_lines(charge=make_charge(payer_name="Trần Thị Bé"), lines=[line], by=actor, at=at)
    erase(somebody, actor, at)
    line.refresh_from_db()
    assert (line.content, line.payer_name) == ("Tra ho ba Be", "TRAN THI BE")


def test_it_waits_for_money_that_must_go_back(
    owed: Callable[..., Charge], make_line: MakeLine, somebody: Person, accountant: StaffActor, actor: Actor, at: datetime
) -> None:  # fmt: skip
    item = suspend([(make_line(), "double", owed().pk)], by=actor, at=at)[0]
    with pytest.raises(Refusal, match="chờ trả lại"):
        erase(somebody, actor, at)
    somebody.refresh_from_db()
    assert somebody.name == NAME
    explain(item=item, why="đã hỏi", by=accountant, at=at)
    erase(somebody, actor, at)


def test_the_ledger_still_balances(
    paid: Charge, somebody: Person, bank: BankAccount, actor: Actor, at: datetime
) -> None:
    held = bank.ledger_account
    before = balance(held)
    erase(somebody, actor, at)
    assert balance(held) == before == 200_000


BLANKS: list[tuple[type[Model], dict[str, Any]]] = [
    (Charge, {"payer_name": ""}),
    (Charge, {"purpose": "x"}),
    (Charge, {"digest": b""}),
    (Helper, {"name": ""}),
    (Receipt, {"payer_name": ""}),
    (BankLine, {"content": ""}),
    (Refund, {"to_name": ""}),
    (Refund, {"to_bank_bin": ""}),
    (Sticker, {"payload": ""}),
    (StickerCheck, {"scanned": ""}),
    (AccountChange, {"account": ""}),
    (Stall, {"account": ""}),
]


@pytest.mark.usefixtures("paid", "returned", "selling")
def test_only_erasing_may_blank_them(at: datetime) -> None:
    """Each statement is refused outside the deed, and let through within it."""
    for model, blank in BLANKS:
        with pytest.raises(Error), transaction.atomic():
            model._default_manager.update(**blank)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.erasing', 'on', true)")
    with pytest.raises(Error, match="two people"), transaction.atomic():
        Stall.objects.update(account=OTHER)  # erasing takes an account away, it gives none
    for model, blank in BLANKS[:-1]:
        assert model._default_manager.update(**blank)
    assert Stall.objects.update(account="", bank_bin="")
    with pytest.raises(Error, match="What was booked stays"), transaction.atomic():
        Charge.objects.update(amount=1)
