"""A bank's statement: read whatever bank wrote it, taken in once, and what it is unsure of said."""

from datetime import date, datetime
from typing import Any

import pytest

from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.documents.reading import Unreadable
from bakhong.payments.actions.lines import take_lines
from bakhong.payments.actions.matching import match_lines
from bakhong.payments.actions.taking import Taken, preview_statement, take_statement
from bakhong.payments.models import BankAccount, BankLine, Biller, Charge, ColumnMapping, FeedAlarm, Statement
from bakhong.payments.statement_files import NotAStatement
from bakhong.payments.tests.feed_world import (
    MakeFee,
    bank,
    biller,
    everybody,
    fee,
    in_the_bank,
    staff,
    told,
    village,
    villages,
    waiting,
)
from bakhong.payments.tests.statements import BANKS, agribank, comma, workbook
from bakhong.places.models import Unit

__all__ = ["bank", "biller", "everybody", "fee", "staff", "village", "villages"]

pytestmark = pytest.mark.django_db
HEAD = ["Ngày giao dịch", "Ghi nợ", "Ghi có", "Số dư", "Nội dung"]
BARE = ["Ngày giao dịch", "Ghi nợ", "Ghi có", "Nội dung"]


@pytest.fixture
def take(bank: BankAccount, actor: Actor, at: datetime) -> Any:
    """`take(rows)`: a .csv of these rows, or a file's bytes."""

    def give(content: Any, name: str = "saoke.csv", **more: Any) -> Taken:
        data = content if isinstance(content, bytes) else comma(content)
        return take_statement(account=bank, content=data, name=name, by=actor, at=at, **more)

    return give


@pytest.mark.parametrize("name", BANKS)
def test_every_banks_shape_is_read_and_matched(
    take: Any, fee: MakeFee, bank: BankAccount, biller: Biller, name: str
) -> None:
    one, two = fee(200_000), fee(50_000)
    content = BANKS[name](one.reference, two.reference)
    taken = take(content, name)
    assert taken.as_json() == {"lines": 3, "new": 3, "matched": 2, "suspense": 1, "duplicates": 0}
    assert taken.problems == []
    assert set(Charge.objects.values_list("state", flat=True)) == {"paid"}
    assert in_the_bank(bank) == 239_000
    assert waiting(biller) == [("out", 11_000)]
    assert take(content, name).as_json() == {
        "lines": 3,
        "new": 0,
        "matched": 0,
        "suspense": 0,
        "duplicates": 3,
    }
    assert in_the_bank(bank) == 239_000


@pytest.mark.parametrize("name", [name for name in BANKS if name != "kbnn.xlsx"])
def test_another_export_of_the_same_days_is_the_same_lines(
    take: Any, fee: MakeFee, bank: BankAccount, name: str
) -> None:
    """One with references of the bank, one without, other words in the notes: the balances are the same."""
    one, two = fee(200_000).reference, fee(50_000).reference
    take(BANKS[name](one, two), name)
    assert take(BANKS["bidv.csv"](one, two), "bidv.csv").duplicates == 3
    assert in_the_bank(bank) == 239_000


def test_overlapping_files_count_what_they_share_once(take: Any, bank: BankAccount) -> None:
    rows = [[f"{day:02d}/11/2026", "", "1.000", str(1000 * day), f"ngay {day}"] for day in range(1, 21)]
    assert take([HEAD, *rows[:12]]).new == 12
    assert take([HEAD, *rows[5:]]).as_json() == {
        "lines": 15,
        "new": 8,
        "matched": 0,
        "suspense": 8,
        "duplicates": 7,
    }
    assert in_the_bank(bank) == 20_000


def test_equal_rows_are_two_payments_when_the_balance_goes_on(take: Any, bank: BankAccount) -> None:
    row = ["22/11/2026", "", "5.000"]
    taken = take([HEAD, [*row, "5.000", "gui xe"], [*row, "10.000", "gui xe"], [*row, "10.000", "gui xe"]])
    assert (taken.new, taken.duplicates, [each.code for each in taken.problems]) == (2, 1, ["row_repeated"])
    assert in_the_bank(bank) == 10_000


def test_a_balance_that_comes_back_is_no_repetition(take: Any, bank: BankAccount) -> None:
    came, went = ["22/11/2026", "", "5.000", "105.000", "a"], ["22/11/2026", "5.000", "", "100.000", "b"]
    assert take([HEAD, came, went, came, went, came]).new == 5
    assert in_the_bank(bank) == 5_000


def test_equal_rows_without_a_balance_are_two_payments_in_every_file(take: Any, bank: BankAccount) -> None:
    row = ["22/11/2026", "", "5.000", "gui xe"]
    assert take([BARE, row, row]).new == 2
    assert take([BARE, row, row]).new == 0
    assert take([BARE, row, row, row]).new == 1


def test_a_row_with_a_reference_of_the_bank_is_one_however_often_it_stands_there(take: Any) -> None:
    row = ["22/11/2026", "", "5.000", "gui xe", "FT26326000000001"]
    assert take([[*BARE, "Số tham chiếu"], row, row]).as_json()["duplicates"] == 1


def test_missing_rows_show_in_the_balances_and_ring(take: Any) -> None:
    taken = take(
        [HEAD, ["21/11/2026", "", "5.000", "5.000", "a"], ["22/11/2026", "", "5.000", "15.000", "b"]]
    )
    assert [(each.code, each.row, each.value) for each in taken.problems] == [("balance_jumps", 3, "5000")]
    assert FeedAlarm.objects.get().kind == "gap"
    wrong = [
        ["Số dư đầu kỳ", "", "", "0", ""],
        HEAD,
        ["22/11/2026", "", "5.000", "", "c"],
        ["Số dư cuối kỳ", "", "", "9.000", ""],
    ]
    assert [each.code for each in take(wrong).problems] == ["sums_differ"]


def test_what_a_row_does_not_say_clearly_is_not_guessed(take: Any, biller: Biller) -> None:
    rows = [
        ["31/02/2026", "", "5.000", "a"],
        ["23/12/2026", "", "5.000", "b"],
        ["22/11/2026", "", "5.000,50", "c"],
        ["22/11/2026", "1.000", "5.000", "d"],
        ["22/11/2026", "", "-7.000", "e"],
        ["22/11/2026", "-8.000", "", "f"],
        ["22/11/2026", "0", "0", "g"],
        ["", "", "", ""],
    ]
    taken = take([BARE, *rows])
    assert [each.code for each in taken.problems] == [
        "day_unclear", "day_ahead", "amount_unclear", "both_sides", "reversed",
    ]  # fmt: skip
    assert waiting(biller) == [("out", 7000), ("out", 8000)]
    assert all(each.sentence for each in taken.problems)


def test_a_statement_finds_what_the_broker_told_and_what_it_did_not(
    take: Any, fee: MakeFee, bank: BankAccount, actor: Actor, at: datetime
) -> None:
    one, two = fee(200_000), fee(50_000)
    came = told(
        200_000,
        f"NGUYEN VAN A CK {one.reference}",
        reference="MBVCB.1234567",
        external_id="1",
        balance_after=1_200_000,
    )
    match_lines(take_lines(account=bank, told=[came], source="sepay", at=at).new, by=actor, at=at)
    taken = take(agribank(one.reference, two.reference), "a.xlsx")
    assert taken.as_json() == {"lines": 3, "new": 2, "matched": 1, "suspense": 1, "duplicates": 1}


def test_what_a_broker_told_and_no_statement_has_rings(
    take: Any, bank: BankAccount, actor: Actor, at: datetime
) -> None:
    false = told(900_000, "khong co that", on=date(2026, 11, 11), external_id="1")
    match_lines(take_lines(account=bank, told=[false], source="sepay", at=at).new, by=actor, at=at)
    rows = [[f"{day}/11/2026", "", "1.000", "a"] for day in (10, 11, 12)]
    assert [(each.code, each.value) for each in take([BARE, *rows]).problems] == [("unconfirmed", "1")]
    assert FeedAlarm.objects.get().kind == "unconfirmed"


def test_columns_that_were_said_are_remembered_by_the_headings(
    take: Any, bank: BankAccount, at: datetime
) -> None:
    head = ["A", "B", "Ngày", "Số tiền", "Nội dung", "Số dư"]
    rows = [head, ["22/11/2026", "5000", "x", "y", "z", ""]]
    preview = preview_statement(account=bank, content=comma(rows), name="a.csv", at=at)
    assert (preview.header, preview.total, preview.rows[0][0]) == (tuple(head), 1, "22/11/2026")
    said = {"day": 0, "credit": 1, "content": 4}
    assert take(rows, columns=said).new == 1
    assert ColumnMapping.objects.count() == 1
    preview = preview_statement(account=bank, content=comma(rows), name="a.csv", at=at)
    assert preview.is_remembered
    assert dict(preview.columns) == said
    assert take(rows).duplicates == 1


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", Unreadable),
        (b"%PDF-1.4 nothing", Unreadable),
        (b"\x89PNG\r\n", Unreadable),
        (b"xin chao\n", NotAStatement),
        (comma([["Ngày", "Nội dung", "Số dư"], ["22/11/2026", "a", "5"]]), Refusal),
        (comma([["Số tài khoản: 99887766554"], HEAD, ["22/11/2026", "", "5.000", "5.000", "a"]]), Refusal),
    ],
)
def test_what_is_no_statement_of_this_account_is_refused(
    take: Any, content: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        take(content)
    assert not Statement.objects.exists()


def test_the_accounts_own_number_above_the_headings_is_right(take: Any, bank: BankAccount) -> None:
    rows = [
        [f"Số tài khoản: {bank.number[:4]}.{bank.number[4:]}"],
        HEAD,
        ["22/11/2026", "", "5.000", "5.000", "a"],
    ]
    assert take(rows).new == 1


def test_only_who_reconciles_takes_one_in(
    bank: BankAccount, staff: Any, thuong_xuan: Unit, at: datetime
) -> None:
    with pytest.raises(NotAllowed):
        take_statement(
            account=bank, content=b"x", name="a.csv", by=staff("one_stop_officer", thuong_xuan), at=at
        )


def test_windows_letters_and_those_of_before_unicode_are_read(take: Any) -> None:
    rows = [["Ngày giao dịch", "Số tiền ghi có", "Nội dung"], ["22/11/2026", "5.000", "Nộp tiền nước"]]
    assert take(comma(rows, encoding="utf-8-sig")).new == 1
    parts = {"ị": "i\u0323", "ố": "ô\u0301", "ề": "ê\u0300", "ộ": "ô\u0323", "ướ": "ươ\u0301"}
    windows = comma(rows).decode()
    for whole, apart in parts.items():
        windows = windows.replace(whole, apart)
    assert take(windows.encode("cp1258")).duplicates == 1


def test_a_day_that_excel_keeps_as_a_number(take: Any) -> None:
    assert take(workbook([BARE, [46348, None, 5000, "a"]]), "a.xlsx").new == 1
    assert BankLine.objects.get().on.isoformat() == "2026-11-22"


@pytest.mark.parametrize("note", ['tien "nuoc', '"tien nuoc', 'tien nuoc"'])
def test_a_quote_that_is_never_closed_swallows_no_rows(take: Any, bank: BankAccount, note: str) -> None:
    rows = [f"22/11/2026,,{100 + at},{note if at == 1 else 'ck'},x" for at in range(6)]
    text = "\n".join(["Ngày giao dịch,Ghi nợ,Ghi có,Nội dung,Số tham chiếu", *rows])
    taken = take(text.encode())
    assert taken.as_json()["lines"] == 6
    assert in_the_bank(bank) == sum(range(100, 106))


def test_a_note_in_quotes_may_go_over_two_lines(take: Any, bank: BankAccount) -> None:
    text = 'Ngày giao dịch,Ghi nợ,Ghi có,Nội dung\n22/11/2026,,100,"tien\nnuoc, thang 11"\n22/11/2026,,200,ck'
    assert take(text.encode()).as_json()["lines"] == 2
    assert BankLine.objects.get(amount=100).content == "tien nuoc, thang 11"


@pytest.mark.parametrize("digits", ["１２３４５", "١٢٣٤٥", "1２3"])
def test_digits_of_other_scripts_are_doubted(take: Any, bank: BankAccount, digits: str) -> None:
    taken = take([BARE, ["22/11/2026", "", digits, "ck"], ["22/11/2026", "", "500", "ck"]])
    assert in_the_bank(bank) == 500
    assert [each.code for each in taken.problems] == ["amount_unclear"]
