"""A market's stalls from a list: what is read, what is left out and why, and that the same list adds nothing."""

from datetime import datetime

import pytest

from bakhong.core.actor import OPERATOR
from bakhong.core.errors import Refusal
from bakhong.payments.actions.stall_lists import open_stalls
from bakhong.payments.models import Market, Stall
from bakhong.payments.rules.stall_lists import read_stalls
from bakhong.payments.tests.stalls import a_market
from bakhong.people.tests.conftest import everybody, village, villages  # noqa: F401
from bakhong.places.models import Unit

LIST = """Chợ Bái Thượng, danh sách tháng 11
STT\tSố sạp\tHọ và tên chủ hàng\tMặt hàng\tSĐT\tMức thu (đồng)\tNgân hàng\tSố TK\tTên tài khoản
1\tA1\tLê Thị Hoá\tVải\t0912345678\t60.000\tAgribank\t1500 2010 12345\tLE THI HOA
2\tA2\tHà Văn Bé\tCá\t\t80000\t\t\t
3\tA3\tLò Thị Ỏ\t\t\t0\tMB\t0912345678\t
4\tA2\tTrùng Số\t\t\t1000\t\t\t

5\tA5\t\t\t\t1.5\t\t\t
6\tA6\tSai Bank\t\t\t\tNgân hàng làng\t123456\tAI
7\tA7\tSai Số\t\t\t\tVCB\t12-\tAI
\tTổng cộng\t\t\t\t201.000\t\t\t
"""


@pytest.fixture
def market(thuong_xuan: Unit, everybody: None, at: datetime) -> Market:  # noqa: F811
    return a_market(thuong_xuan, at)


def test_it_reads_rows_and_says_what_is_wrong_with_which() -> None:
    rows = {each.line: each for each in read_stalls(LIST)}
    assert {line: each.problems for line, each in rows.items()} == {
        3: (),
        4: (),
        5: (),
        6: ("twice",),
        8: ("owner", "fee"),
        9: ("bank",),
        10: ("account",),
    }
    first, third = rows[3], rows[5]
    assert (first.monthly_fee, first.bank_bin, first.account, first.holder) == (
        60_000,
        "970405",
        "1500201012345",
        "LE THI HOA",
    )
    assert (third.monthly_fee, third.holder) == (None, "Lò Thị Ỏ")


def test_columns_without_headings_stand_in_the_template_s_order() -> None:
    (row,) = read_stalls("B1\tAn\tQuán An\tphở\t\t50000\tVCB\t0071000888888\tAN")
    assert (row.code, row.name, row.monthly_fee, row.bank_bin, row.problems) == (
        "B1",
        "Quán An",
        50_000,
        "970436",
        (),
    )


def test_it_opens_the_good_ones_and_the_same_list_adds_nothing(
    market: Market,
    village: Unit,  # noqa: F811
    at: datetime,
) -> None:
    rows = read_stalls(LIST)
    done = [open_stalls(market=market, village=village, rows=rows, by=OPERATOR, at=at) for _ in range(2)]
    assert [(len(each.made), len(each.known), len(each.rejected)) for each in done] == [(3, 0, 4), (0, 3, 4)]
    assert sorted(Stall.objects.values_list("code", "account")) == [
        ("A1", "1500201012345"),
        ("A2", ""),
        ("A3", "0912345678"),
    ]


def test_it_refuses_a_list_without_a_good_row(market: Market, village: Unit, at: datetime) -> None:  # noqa: F811
    with pytest.raises(Refusal):
        open_stalls(market=market, village=village, rows=read_stalls("A1\t\nA2\t"), by=OPERATOR, at=at)
