"""A month of a market to the đồng, on screen: fees raised by one key, what the bank tells and what it forgets to tell, cash, what does
not fit, and the books closed on nothing unexplained."""

import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from bakhong.accounts.actions import enrol_by_phone
from bakhong.accounts.models import Assignment, User
from bakhong.accounts.tests.conftest import enrol
from bakhong.core.actor import OPERATOR
from bakhong.core.days import VIET_NAM, day_of
from bakhong.payments.actions.stalls import Facts, open_market, open_stall
from bakhong.payments.adapters.simulator import OUT, Bank, Movement
from bakhong.payments.models import BankAccount, Biller, BillerMember, Charge, Deposit, Market, Refund
from bakhong.payments.queries.reconciling import check
from bakhong.payments.sealed import seal
from bakhong.payments.tasks import take_waiting_deliveries
from bakhong.payments.tests.ledger_world import account_of, biller_of
from bakhong.people import scope
from bakhong.places.models import Unit
from tests.journeys.gates import AT_A_DESK, checked, leaving
from tests.journeys.office import BACKEND, Keys, seat

KEY = "a-key-that-only-the-broker-has"
NOW = datetime.now(UTC)
FIRST = (day_of(NOW).replace(day=1) - timedelta(days=1)).replace(day=1)  # of last month: all of it is over
LAST = day_of(NOW).replace(day=1) - timedelta(days=1)
FEE = 60_000
SELLERS = (
    "Hà Thị Một",
    "Lò Văn Hai",
    "Lê Thị Ba",
    "Vi Văn Bốn",
    "Hà Văn Năm",
    "Lường Thị Sáu",
    "Bùi Thị Bảy",
)
EXACT, SHORT, WORDLESS, TWICE, UNTOLD, IN_CASH, LATE = range(len(SELLERS))


@dataclass
class World:
    biller: Biller
    account: BankAccount
    market: Market
    bank: Bank


@pytest.fixture
def world(thuong_xuan: Unit, transactional_db: None) -> World:
    """A market of seven stalls with its own accountants, whose account a broker tells of."""
    since = datetime.combine(FIRST, time(8), VIET_NAM) - timedelta(days=40)
    with scope.seeing(OPERATOR):
        biller = biller_of(thuong_xuan, since, kind="market", name="Ban quản lý chợ Mẫu", services=["market"])
        account = account_of(biller, since)
        account.feed, account.feed_secret = "sepay", seal(KEY, f"payments_bankaccount.feed:{account.uuid}")
        account.save()
        market = open_market(
            unit=thuong_xuan, name="Chợ Mẫu", address="", biller=biller, by=OPERATOR, at=since
        )
        for turn, name in enumerate(SELLERS):
            facts = Facts(code=f"A{turn + 1}", owner_name=name, trade="rau", monthly_fee=FEE)
            open_stall(village=thuong_xuan, facts=facts, market=market, by=OPERATOR, at=since)
    return World(biller, account, market, Bank(account.number, KEY, opening=1_000_000))


def works_for(biller: Biller, email: str, unit: Unit) -> None:
    """The second accountant: whoever asks for a refund does not approve it."""
    user = User.objects.create(email=email, name="Kế toán hai")
    Assignment.objects.create(user=user, role="biller_accountant", place=unit, valid_from=date(2025, 7, 1))
    enrol(user)
    is_accountant(biller, user)


def is_accountant(biller: Biller, user: User) -> None:
    BillerMember.objects.create(
        biller=biller, staff=f"staff:{user.uuid}", label=user.name, duty="accountant", villages=[], valid_from="2025-07-01"
    )  # fmt: skip


def on_day(number: int, hour: int = 9) -> datetime:
    return datetime.combine(FIRST + timedelta(days=number), time(hour), VIET_NAM)


def charges(world: World) -> list[Charge]:
    """In the order of the stalls."""
    with scope.seeing(OPERATOR):
        return list(Charge.objects.filter(biller=world.biller).order_by("customer_code", "pk"))


def tell(site: str, world: World, *movements: Movement) -> None:
    """The broker tells the running site, each twice, the later first."""
    for movement in [*reversed(movements), *movements]:
        body = world.bank.body(movement)
        headers = {**world.bank.headers(body, datetime.now(UTC)), "Content-Type": "application/json"}
        asked = urllib.request.Request(
            f"{site}/payments/webhook/sepay/{world.account.uuid}/", data=body, headers=headers
        )
        with urllib.request.urlopen(asked) as answer:
            assert answer.status == 200
    take_waiting_deliveries()


def test_a_month_is_collected_and_reconciled(
    world: World,
    thuong_xuan: Unit,
    live_server: Any,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
    officer_at: Callable[..., Any],
) -> None:
    page, look = officer_at("biller_accountant", 1366, "market")
    is_accountant(world.biller, User.objects.get(email="biller_accountant@example.com"))
    home, bank = f"/desk/u/{thuong_xuan.uuid}", world.bank

    # The month's fees: one key.
    page.goto(f"{home}/tien/cho/{world.market.uuid}/?thang={FIRST:%Y-%m}")
    look("before")
    Keys(page).leave("F9")
    look("raised")
    owed = charges(world)
    assert [each.amount for each in owed] == [FEE] * len(SELLERS)

    # What the bank tells, by a network that repeats itself.
    told = [
        bank.move(FEE, owed[EXACT].purpose.lower(), on_day(2)),
        bank.move(FEE - 10_000, f"MBVCB.{owed[SHORT].purpose}.CT", on_day(3)),
        bank.move(FEE, "NOP TIEN CHO", on_day(4)),
        bank.move(FEE, owed[TWICE].purpose, on_day(5)),
        bank.move(FEE, owed[TWICE].purpose, on_day(5, 10)),
    ]
    untold = bank.move(FEE, owed[UNTOLD].purpose, on_day(6))
    assert untold.amount == FEE
    tell(live_server.url, world, *told)

    # Cash at the stall, counted at the desk, taken to the bank.
    collector = browse(width=360, height=640, has_touch=True, is_mobile=True)
    _assignment, card = enrol_by_phone(
        name="Người thu", phone="0912345678", role="collector", unit=thuong_xuan, by=OPERATOR, at=NOW
    )
    assert card is not None
    person = User.objects.get(name="Người thu")
    BillerMember.objects.create(
        biller=world.biller, staff=f"staff:{person.uuid}", label="Người thu", duty="collector", villages=[], valid_from="2025-07-01"
    )  # fmt: skip
    collector.goto(f"/to/vao/{card.code}/")
    for name in ("pin1", "pin2"):
        collector.locator(f"[name={name}]").fill("485137")
    with leaving(collector):
        collector.get_by_role("button", name="Đặt mã PIN").click()
    collector.get_by_role("link", name=SELLERS[IN_CASH]).click()
    with leaving(collector):
        collector.get_by_role("button", name="Đã cầm đủ").click()
    screenshot(collector, "market-cash-360")
    assert checked(collector, axe, AT_A_DESK) == []
    page.goto(f"{home}/nop-quy/")
    page.locator("[data-row]").click()
    page.locator("#n50000").fill("1")
    page.locator("#n10000").fill("1")
    Keys(page).leave("F9")
    look("counted")
    page.goto(f"{home}/nop-ngan-hang/")
    page.locator("main table a").first.click()
    page.locator("[name=amount]").fill("60000")
    Keys(page).leave("F9")
    look("deposit")
    with scope.seeing(OPERATOR):
        deposit = Deposit.objects.get()
    tell(
        live_server.url,
        world,
        bank.move(FEE, f"NOP TIEN MAT {deposit.reference}", NOW - timedelta(minutes=5)),
    )

    # What does not fit: the oldest first.
    page.goto(f"{home}/tien/cho-xu-ly/")
    look("waiting")
    assert page.locator("tbody tr").count() == 3
    page.locator("tr", has_text="NOP TIEN CHO").locator("a").first.click()
    page.locator("#reference").fill(owed[WORDLESS].reference)
    page.get_by_role("button", name="Tìm và ghi vào khoản thu").click()
    look("given")
    # The rest of what was sent short comes; both together are exact.
    tell(live_server.url, world, bank.move(10_000, owed[SHORT].purpose, NOW - timedelta(minutes=4)))
    page.goto(f"{home}/tien/cho-xu-ly/")
    look("rest")
    page.locator("tbody a", has_text="GỘP LẠI LÀ ĐỦ").first.click()
    look("parts")
    page.get_by_role("button", name="Ghi vào khoản này").first.click()
    look("parts-given")
    # What was sent twice goes back: one asks, another approves, the bank's line says that it went.
    page.goto(f"{home}/tien/cho-xu-ly/")
    assert page.locator("tbody tr").count() == 1
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="Đề nghị trả lại").click()
    page.locator("[name=to_name]").fill(SELLERS[TWICE])
    page.locator("[name=to_bank_bin]").select_option("970405")
    page.locator("[name=to_account]").fill("0123456789")
    page.locator("[name=why]").fill("Chuyển hai lần")
    Keys(page).leave("F9")
    look("refund")
    works_for(world.biller, "hai@example.com", thuong_xuan)
    with scope.seeing(OPERATOR):
        refund = Refund.objects.get()
    second = browse(width=1366)
    seat(second, client_of_email("hai@example.com"), live_server.url)
    second.goto(f"{home}/tien/tra-lai/{refund.uuid}/")
    with leaving(second):
        second.get_by_role("button", name="Duyệt").first.click()
    screenshot(second, "market-approved-1366")
    tell(live_server.url, world, bank.move(FEE, refund.reference, NOW - timedelta(minutes=3), OUT))

    # The statement fills what nobody told of; the same again changes nothing.
    for _time in range(2):
        page.goto(f"{home}/tien/sao-ke/")
        content = bank.statement(bank.book)
        page.locator("[name=file]").set_input_files(
            {"name": "saoke.csv", "mimeType": "text/csv", "buffer": content}
        )
        Keys(page).leave("F9")
        look("statement")
        Keys(page).leave("F9")
        look("statement-taken")

    # The days are closed, and nothing is unexplained.
    page.goto(f"{home}/tien/{world.biller.uuid}/ngay/{LAST:%Y-%m-%d}/")
    look("day")
    with leaving(page):
        page.get_by_role("button", name="Khoá").first.click()
    assert "đã khoá" in page.inner_text("main")
    look("closed")
    page.goto(f"{home}/tien/{world.biller.uuid}/")
    look("first")
    assert page.inner_text("h1").replace("\xa0", " ") == "Tiền chưa giải thích: 0 đ"
    page.goto(f"{home}/tien/cho/{world.market.uuid}/?thang={FIRST:%Y-%m}")
    look("month")
    with scope.seeing(OPERATOR):
        assert [each.code for each in check([world.biller]).problems] == []
    states = [each.state for each in charges(world)]
    assert states == ["paid"] * LATE + ["open"]


def client_of_email(email: str) -> Any:
    client = Client()
    client.force_login(User.objects.get(email=email), backend=BACKEND)
    return client
