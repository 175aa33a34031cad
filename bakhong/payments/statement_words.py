"""What is said of a statement's file: the columns by name, and each doubt about a row as a sentence."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bakhong.payments.rules import statements as said

MOST_PROBLEMS = 200  # kept with a statement; more are counted only

MEANING_NAMES = {
    said.DAY: _("Ngày giao dịch"),
    said.VALUE_DAY: _("Ngày hạch toán"),
    said.TIME: _("Giờ"),
    said.CREDIT: _("Tiền vào (ghi có)"),
    said.DEBIT: _("Tiền ra (ghi nợ)"),
    said.AMOUNT: _("Số tiền (một cột cho cả vào và ra)"),
    said.SIDE: _("Vào hay ra (có, nợ)"),
    said.BALANCE: _("Số dư sau giao dịch"),
    said.CONTENT: _("Nội dung"),
    said.REFERENCE: _("Số tham chiếu của ngân hàng"),
    said.PAYER: _("Người chuyển"),
}
assert set(MEANING_NAMES) == set(said.MEANINGS)

_SENTENCES = {
    "day_unclear": _("Dòng %(row)s: “%(value)s” không phải một ngày; dòng này chưa được nhận."),
    "day_ahead": _("Dòng %(row)s: ngày “%(value)s” ở tương lai; dòng này chưa được nhận."),
    "amount_unclear": _("Dòng %(row)s: “%(value)s” không phải số tiền nguyên đồng; dòng này chưa được nhận."),
    "both_sides": _("Dòng %(row)s: có cả tiền vào và tiền ra; dòng này chưa được nhận."),
    "side_unclear": _("Dòng %(row)s: không rõ tiền vào hay tiền ra (“%(value)s”); dòng này chưa được nhận."),
    "reversed": _("Dòng %(row)s: số tiền âm (%(value)s), tính là khoản ngân hàng ghi ngược lại."),
    "row_repeated": _("Dòng %(row)s: lặp lại một dòng ở trên (số dư không đổi); chỉ tính một lần."),
    "balance_jumps": _(
        "Trước dòng %(row)s: số dư không nối với dòng trên, lệch %(value)s đ. Tệp có thể thiếu dòng."
    ),
    "sums_differ": _(
        "Số dư đầu, các dòng và số dư cuối không khớp nhau, lệch %(value)s đ. Tệp có thể thiếu dòng."
    ),
    "unconfirmed": _(
        "%(value)s dòng tiền được báo trong những ngày này nhưng tệp sao kê không có. Hãy hỏi ngân hàng."
    ),
}

REJECTING = frozenset({"day_unclear", "day_ahead", "amount_unclear", "both_sides", "side_unclear"})


@dataclass(frozen=True)
class RowProblem:
    """A doubt about a row (as people count; 0 for the whole file); `code` has its sentence here."""

    row: int
    code: str
    value: str = ""

    @property
    def sentence(self) -> str:
        return str(_SENTENCES[self.code]) % {"row": self.row, "value": self.value}

    def as_json(self) -> dict[str, object]:
        return {"row": self.row, "code": self.code, "value": self.value}
