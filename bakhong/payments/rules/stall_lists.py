"""A list of a market's stalls as its board keeps it: rows pasted from a workbook, cells parted by tabs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bakhong.core.text import name_key, squeeze
from bakhong.payments.rules.banks import Bank, banks
from bakhong.payments.rules.provider_lists import amount_of
from bakhong.payments.rules.vietqr import BadCode, encode
from bakhong.people.rules.headings import heading_key

# In the order of our own template; where there are no headings, columns are read in this order.
COLUMNS = ("code", "owner_name", "name", "trade", "phone", "monthly_fee", "bank", "account", "holder")
# The account's owner before the seller, the account before the number: "Chủ tài khoản" and "Số tài khoản" hold the others' words.
_HEADINGS = (
    ("holder", r"chu (tai khoan|tk)|ten (tai khoan|tk)"),
    ("account", r"(so )?(tai khoan|tk|stk)"),
    ("bank", r"ngan hang"),
    ("monthly_fee", r"phi|le phi|muc thu|so tien"),
    ("phone", r"dien thoai|sdt|so dt"),
    ("trade", r"ban gi|nganh|mat hang|hang hoa"),
    ("owner_name", r"nguoi ban|chu (ho|hang|sap|quay|kiot|ki ot)|ho (va )?ten|ten chu|tieu thuong"),
    ("name", r"ten (diem ban|quay|sap|cua hang|bien)|bien hieu"),
    ("code", r"so (diem ban|sap|quay|kiot|ki ot|lo)|ma|kiot|ki ot|sap|quay|so"),
)
_LONGEST = {"code": 20, "owner_name": 120, "name": 120, "trade": 120, "phone": 20, "holder": 120}
MOST_ROWS = 2000


@dataclass(frozen=True)
class StallRow:
    """One row; `line` counts from 1. `problems`: owner, code, long, fee, bank, account, twice; with any it is left out."""

    line: int
    code: str
    owner_name: str
    name: str = ""
    trade: str = ""
    phone: str = ""
    monthly_fee: int | None = None
    bank_bin: str = ""
    account: str = ""
    holder: str = ""
    problems: tuple[str, ...] = ()


def read_stalls(text: str) -> list[StallRow]:
    """The rows of a list; a row of headings says which column is which, blank rows and rows of totals are no stalls.

    >>> rows = read_stalls("Số sạp\\tNgười bán\\tPhí tháng\\nA1\\tLê Thị Hoá\\t60.000\\nA2\\t\\tx")
    >>> [(each.code, each.owner_name, each.monthly_fee, each.problems) for each in rows]
    [('A1', 'Lê Thị Hoá', 60000, ()), ('A2', '', None, ('owner', 'fee'))]
    """
    columns: Sequence[str] = COLUMNS
    found: list[StallRow] = []
    seen: set[str] = set()
    for line, cells in enumerate((each.split("\t") for each in text.splitlines()), start=1):
        named = _headings(cells)
        if named:
            columns = named
            if all(each.problems for each in found):  # a title above the list
                found, seen = [], set()
            continue
        told = {
            name: squeeze(cell) for name, cell in zip(columns, cells, strict=False) if name and cell.strip()
        }
        if not told or _is_total(cells):
            continue
        row = _row(line, told, seen)
        seen.add(row.code.upper())
        found.append(row)
    return found[:MOST_ROWS]


def _headings(cells: Sequence[str]) -> Sequence[str]:
    """What each column holds, of a row that names at least two; else nothing."""
    found: list[str] = []
    for cell in cells:
        key = heading_key(cell)
        matches = (name for name, pattern in _HEADINGS if re.match(rf"({pattern})\b", key))
        name = next(matches, "")
        found.append("" if name in found else name)
    return found if sum(map(bool, found)) >= 2 and "code" in found else ()


def _is_total(cells: Sequence[str]) -> bool:
    return any(re.match(r"(tong( cong| so)?|cong)\b", name_key(cell)) for cell in cells[:3])


def _row(line: int, told: Mapping[str, str], seen: set[str]) -> StallRow:
    problems = [name for name, is_wrong in _wrong(told, seen).items() if is_wrong]
    fee, bank = _fee(told.get("monthly_fee", "")), bank_called(told.get("bank", ""))
    if fee == _NO_FEE:
        problems.append("fee")
    account = re.sub(r"[\s.-]", "", told.get("account", "")).upper()
    problems += _account_problems(bank, account, told)
    return StallRow(
        line=line,
        code=told.get("code", ""),
        owner_name=told.get("owner_name", ""),
        name=told.get("name", ""),
        trade=told.get("trade", ""),
        phone=told.get("phone", ""),
        monthly_fee=None if fee == _NO_FEE else fee,
        bank_bin=bank.bin if bank and account else "",
        account=account,
        holder=told.get("holder", told.get("owner_name", "")) if account else "",
        problems=tuple(problems),
    )


def _wrong(told: Mapping[str, str], seen: set[str]) -> dict[str, bool]:
    code = told.get("code", "")
    return {
        "code": not code,
        "owner": not told.get("owner_name"),
        "twice": bool(code) and code.upper() in seen,
        "long": any(len(told.get(name, "")) > most for name, most in _LONGEST.items()),
    }


_NO_FEE = -1


def _fee(text: str) -> int | None:
    """`_NO_FEE` where it is no amount; None where none is collected."""
    try:
        return (amount_of(text) or None) if text else None
    except ValueError:
        return _NO_FEE


def _account_problems(bank: Bank | None, account: str, told: Mapping[str, str]) -> list[str]:
    if not account:
        return []
    if bank is None:
        return ["bank"]
    try:
        encode(bank_bin=bank.bin, account=account)
    except BadCode:
        return ["account"]
    return []


def bank_called(text: str) -> Bank | None:
    """A bank by its number, code, or what people call it; None where that is nobody, or more than one.

    >>> [bank_called(each).bin for each in ("970405", "agribank", "Vietcombank", "VCB", "MB", "NH Agribank")]
    ['970405', '970405', '970436', '970436', '970422', '970405']
    >>> bank_called("Ngân hàng"), bank_called("")
    (None, None)
    """
    key = re.sub(r"^(ngan hang|nh|nhtmcp|tmcp)\b", "", heading_key(text)).strip()
    if not key:
        return None
    exact = [each for each in banks().values() if key in _names(each)]
    return exact[0] if len(exact) == 1 else None


def _names(bank: Bank) -> set[str]:
    short = heading_key(bank.short)
    return {bank.bin, heading_key(bank.code), short, short.replace(" ", ""), short.removesuffix(" bank")}
