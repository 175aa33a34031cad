"""Statements as the common banks export them, by their headings; invented movements. One of each kind of trap."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

Row = Sequence[Any]


def _moment(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, 22, hour, minute, second)  # noqa: DTZ001 - Excel knows no zone


def workbook(rows: Sequence[Row]) -> bytes:
    """An .xlsx of one sheet; days and moments as Excel's own."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"default_date_format": "dd/mm/yyyy hh:mm:ss"})
    sheet = book.add_worksheet("SaoKe")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(at, column, value)
            elif value is not None:
                sheet.write(at, column, value)
    book.close()
    return target.getvalue()


def comma(rows: Sequence[Row], separator: str = ",", encoding: str = "utf-8") -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=separator).writerows(rows)
    return target.getvalue().encode(encoding)


def agribank(one: str, two: str) -> bytes:
    """Titles above, numbers with commas, day and time in one cell, sums below."""
    return workbook(
        [
            ["NGÂN HÀNG NÔNG NGHIỆP VÀ PHÁT TRIỂN NÔNG THÔN VIỆT NAM"],
            ["SAO KÊ TÀI KHOẢN TIỀN GỬI"],
            ["Số dư đầu kỳ:", None, None, "1,000,000"],
            [
                "STT",
                "Ngày giao dịch",
                "Số bút toán",
                "Số tiền ghi nợ",
                "Số tiền ghi có",
                "Số dư",
                "Diễn giải",
            ],
            [
                1,
                "22/11/2026 08:01:02",
                "1000AGR202611220001",
                "",
                "200,000",
                "1,200,000",
                f"{one} NGUYEN VAN A CK",
            ],
            [2, "22/11/2026 09:00:00", "1000AGR202611220002", "11,000", "", "1,189,000", "PHI DICH VU"],
            [3, "22/11/2026 10:00:00", "1000AGR202611220003", "", "50,000", "1,239,000", f"ck {two.lower()}"],
            [None, "Tổng cộng", None, "11,000", "250,000"],
            ["Số dư cuối kỳ:", None, None, "1,239,000"],
            ["Người lập", None, None, "Kế toán trưởng"],
        ]
    )


def vietcombank(one: str, two: str) -> bytes:
    """Day and the voucher's number in one cell, the latest first, two languages in a heading."""
    return workbook(
        [
            ["VIETCOMBANK"],
            [],
            ["STT\nNo.", "Ngày\nTNX Date/ Số CT\nDoc No", "Số tiền ghi nợ\nDebit", "Số tiền ghi có\nCredit", "Số dư\nBalance",
             "Nội dung chi tiết\nTransactions in detail"],
            [1, "22/11/2026\n5213 - 81003", None, 50000, 1239000, f"MBVCB.813.{two[:7]} {two[7:]} CK TU 0123"],
            [2, "22/11/2026\n5213 - 81002", 11000, None, 1189000, "PHI SMS"],
            [3, "22/11/2026\n5213 - 81001", None, 200000, 1200000, f"MBVCB.812.{one}. CK TU 0456"],
        ]
    )  # fmt: skip


def bidv(one: str, two: str) -> bytes:
    """A .csv with semicolons and points in the numbers, windows-1258."""
    rows = [
        ["STT", "Ngày giao dịch", "Ghi nợ", "Ghi có", "Số dư", "Mô tả"],
        ["1", "22/11/2026", "0", "200.000", "1.200.000", f"REM Tfr {one}"],
        ["2", "22/11/2026", "11.000", "0", "1.189.000", "Thu phi"],
        ["3", "22/11/2026", "0", "50.000", "1.239.000", f"REM Tfr {two}"],
        ["", "Cộng phát sinh", "11.000", "250.000", "", ""],
    ]
    return comma(rows, ";")


def vietinbank(one: str, two: str) -> bytes:
    """One signed amount in Excel's own numbers and moments."""
    return workbook(
        [
            ["Ngày giao dịch", "Mô tả giao dịch", "Số tiền", "Số dư", "Số tham chiếu", "Tên đối ứng", "TK đối ứng"],
            [_moment(8, 1, 2), f"CT DEN:{one}", 200000, 1200000, "931F2611220001", "NGUYEN VAN A", "0123456"],
            [_moment(9), "PHI", -11000, 1189000, "931F2611220002", "", ""],
            [_moment(10), f"CT DEN:{two}", 50000, 1239000, "931F2611220003", "", ""],
        ]
    )  # fmt: skip


def mb(one: str, two: str) -> bytes:
    """Two days, headings repeated on each page, tabs."""
    head = [
        "STT",
        "Ngày hạch toán",
        "Ngày giao dịch",
        "Số bút toán",
        "Phát sinh nợ",
        "Phát sinh có",
        "Số dư",
        "Diễn giải",
        "Đơn vị chuyển",
    ]
    rows = [
        ["NGÂN HÀNG TMCP QUÂN ĐỘI"],
        head,
        [
            "1",
            "22/11/2026",
            "22/11/2026 08:01:02",
            "FT26326000000001",
            "",
            "200,000.00",
            "1,200,000.00",
            one,
            "NGUYEN VAN A",
        ],
        [
            "2",
            "22/11/2026",
            "22/11/2026 09:00:00",
            "FT26326000000002",
            "11,000.00",
            "",
            "1,189,000.00",
            "PHI",
            "",
        ],
        head,
        [
            "3",
            "22/11/2026",
            "22/11/2026 10:00:00",
            "FT26326000000003",
            "",
            "50,000.00",
            "1,239,000.00",
            two,
            "",
        ],
    ]
    return comma(rows, "\t", "utf-16")


def techcombank(one: str, two: str) -> bytes:
    """A note that goes on in the next row, amounts with a unit."""
    return workbook(
        [
            ["Ngày giao dịch/ Transaction date", "Đối tác/ Remitter", "Số tham chiếu/ Ref no", "Diễn giải/ Description",
             "Nợ TKTT/ Debit", "Có TKTT/ Credit", "Số dư/ Balance"],
            ["22/11/2026", "NGUYEN VAN A", "FT26326112200001", one[:9], None, "200.000 VND", "1.200.000 VND"],
            [None, None, None, one[9:], None, None, None],
            ["22/11/2026", None, "FT26326112200002", "PHI", "11.000 VND", None, "1.189.000 VND"],
            ["22/11/2026", None, "FT26326112200003", two, None, "50.000 VND", "1.239.000 VND"],
        ]
    )  # fmt: skip


def treasury(one: str, two: str) -> bytes:
    """The State treasury's: two rows of headings, no balance, vouchers numbered anew each day, sums between."""
    return workbook(
        [
            ["KHO BẠC NHÀ NƯỚC"],
            ["SỔ CHI TIẾT TÀI KHOẢN"],
            ["Ngày HT", "Chứng từ", None, "Diễn giải", "Số phát sinh", None],
            [None, "Số CT", "Ngày CT", None, "Nợ", "Có"],
            [None, None, None, "Số dư đầu kỳ", None, 1000000],
            [date(2026, 11, 22), "1", date(2026, 11, 22), f"Nop phi {one}", None, 200000],
            [date(2026, 11, 22), "2", date(2026, 11, 22), "Phi", 11000, None],
            [date(2026, 11, 22), "3", date(2026, 11, 22), f"Nop phi {two}", None, 50000],
            ["Cộng phát sinh", None, None, None, 11000, 250000],
            ["Số dư cuối kỳ", None, None, None, None, 1239000],
        ]
    )


BANKS = {
    "agribank.xlsx": agribank, "vcb.xlsx": vietcombank, "bidv.csv": bidv, "ctg.xlsx": vietinbank, "mb.csv": mb,
    "tcb.xlsx": techcombank, "kbnn.xlsx": treasury,
}  # fmt: skip
