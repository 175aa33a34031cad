"""A file of who owes how much, read into lines: columns as proposed, remembered or chosen, rows, doubts, totals. Nothing is stored."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bakhong.core.bulk import collecting_later
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_money
from bakhong.payments.list_files import ListFile
from bakhong.payments.rules.charge_lists import FIELDS, Line, layout_of, read_rows, told_twice
from bakhong.people.reading import grids_of
from bakhong.people.rules.headings import Layout
from bakhong.people.rules.rows import Problem

MOST_ROWS = 20_000  # one request raises them, in some seconds

FIELD_NAMES = {
    "name": _("Họ tên người trả"),
    "amount": _("Số tiền phải trả"),
    "village": _("Thôn"),
    "code": _("Mã khách hàng, mã hộ"),
    "national_id": _("Số định danh (12 số)"),
    "phone": _("Số điện thoại"),
    "title": _("Nội dung thu"),
    "due": _("Hạn trả"),
    "number": _("Số thứ tự"),
    "ignore": _("Không dùng"),
}
assert set(FIELD_NAMES) == set(FIELDS)

_SENTENCES = {
    "name_missing": _("Dòng này có số tiền nhưng không có tên người trả nên không lập được."),
    "amount_missing": _("Dòng này không có số tiền nên không lập được."),
    "amount_unclear": _(
        "“%(value)s” không phải một số tiền nguyên đồng, từ 1 đồng; dòng này không lập được."
    ),
    "amount_zero": _("Số tiền bằng 0: không có gì phải trả nên không lập."),
    "row_twice": _(
        "Dòng này giống hệt dòng %(value)s nên chỉ lập một lần. Nếu là hai người khác nhau, đánh dấu ô cho phép ở trên."
    ),
    "charged_already": _("Người này đã có khoản thu như vậy của tháng đó (%(value)s); không lập lần nữa."),
    "charged_other": _("Mã này đã có khoản “%(value)s” trong tháng; vẫn lập thêm khoản này. Hãy kiểm tra."),
    "village_unknown": _("Không có thôn “%(value)s” trong xã; khoản này ghi về xã, chưa rõ thôn."),
    "id_odd": _("Số định danh không đủ 12 chữ số; vẫn lập, chưa gắn với người trong danh sách dân cư."),
    "id_of_other": _(
        "Tên ở dòng này khác tên của số định danh trong danh sách dân cư; vẫn lập, chưa gắn với ai. Hãy kiểm tra."
    ),
    "phone_odd": _("“%(value)s” không phải số điện thoại; ô này được bỏ qua."),
    "due_odd": _("“%(value)s” không phải một ngày; lấy hạn chung của danh sách."),
    "total_differs": _(
        "Dòng tổng ghi %(value)s, khác với tổng các dòng. Hãy kiểm tra lại danh sách trước khi lập."
    ),
}


class NotAList(Refusal):
    """No sheet looks like a list of who owes how much."""


class ChargeFile(ListFile[Line]):
    """A list of who owes how much."""


@collecting_later()
def read_charge_file(
    content: bytes,
    *,
    filename: str,
    remembered: Mapping[str, Mapping[str, str]] | None = None,
    chosen: Mapping[tuple[str, int], str] | None = None,
    with_doubles: bool = False,
) -> ChargeFile:
    """`remembered`: by `Layout.shape`; `chosen`: (sheet, column) → field, which goes before. `with_doubles`: rows that are equal are of
    different people.

    Raises: Unreadable; NotAList; Refusal.
    """
    grids, warnings = grids_of(content, filename)
    layouts: list[Layout] = []
    lines: list[Line] = []
    totals: list[Problem] = []
    for grid in grids:
        layout = layout_of(grid)
        if layout is None:
            continue
        layout = layout.as_said(remembered, chosen)
        layouts.append(layout)
        if layout.has("name", "amount"):
            found = read_rows(layout, grid)
            lines += found.lines
            totals += [found.total_at] if found.total_at else []
        if len(lines) > MOST_ROWS:
            raise Refusal(gettext("Tệp có quá nhiều dòng. Hãy chia thành nhiều tệp rồi gửi từng tệp."))
    if not layouts:
        raise NotAList(
            gettext("Không thấy dòng tiêu đề của danh sách. Cần ít nhất cột họ tên và cột số tiền.")
        )
    told = lines if with_doubles else told_twice(lines)
    return ChargeFile(tuple(layouts), tuple(told), tuple(warnings), tuple(totals))


def sentence(problem: Problem) -> str:
    value = problem.value
    if problem.code == "total_differs":
        value = format_money(int(value))
    return str(_SENTENCES[problem.code]) % {"value": value}
