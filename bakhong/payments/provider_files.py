"""A provider's file, read into lines: columns as proposed or remembered, rows, doubts, totals. Nothing is stored."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bakhong.core.errors import Refusal
from bakhong.payments.list_files import ListFile
from bakhong.payments.rules.provider_lists import FIELDS, Line, layout_of, read_rows
from bakhong.payments.rules.providers import Provider, is_odd
from bakhong.people.reading import grids_of
from bakhong.people.rules.headings import Layout
from bakhong.people.rules.rows import Problem

MOST_ROWS = 100_000

FIELD_NAMES = {
    "code": _("Mã khách hàng"),
    "name": _("Tên khách hàng"),
    "village": _("Thôn"),
    "amount": _("Số tiền phải trả"),
    "paid": _("Đã trả chưa"),
    "how": _("Trả bằng cách nào"),
    "day": _("Ngày trả"),
    "ignore": _("Không nhập"),
}
assert set(FIELD_NAMES) == set(FIELDS)

_SENTENCES = {
    "code_missing": _("Dòng này không có mã khách hàng nên không nhập được."),
    "code_twice": _(
        "Mã khách hàng %(value)s đã có ở dòng trên; chỉ dòng đầu được nhập. Nếu là hai hoá đơn, hãy cộng lại thành một dòng."
    ),
    "code_odd": _("“%(value)s” không giống mã của đơn vị này; vẫn nhập, hãy xem lại."),
    "amount_missing": _("Dòng này không có số tiền nên không nhập được."),
    "amount_unclear": _("“%(value)s” không phải một số tiền nguyên đồng; dòng này không nhập được."),
    "amount_zero": _("Số tiền bằng 0: không có gì phải trả nên không tính dòng này."),
    "paid_unclear": _("“%(value)s” không rõ là đã trả hay chưa; tính theo các cột khác."),
    "paid_contradicts": _(
        "Cột này nói chưa trả nhưng cột khác nói cách trả hoặc ngày trả; tính là chưa trả."
    ),
    "how_unclear": _("“%(value)s” không rõ là chuyển khoản hay tiền mặt; tính là đã trả, không rõ cách."),
    "day_unclear": _("“%(value)s” không phải một ngày; ô này được bỏ qua."),
    "day_ahead": _("Ngày “%(value)s” ở tương lai; ô này được bỏ qua."),
    "total_differs": _(
        "Dòng tổng ghi %(value)s, khác với tổng các dòng. Hãy hỏi lại đơn vị gửi danh sách trước khi nhập."
    ),
}


class NotAList(Refusal):
    """No sheet looks like a list of bills."""


class ProviderFile(ListFile[Line]):
    """A provider's list of bills."""

    def count(self, state: str) -> int:
        return sum(each.state == state for each in self.good)


def read_provider_file(
    content: bytes,
    *,
    filename: str,
    until: date,
    remembered: Mapping[str, Mapping[str, str]],
    chosen: Mapping[tuple[str, int], str] | None = None,
    provider: Provider | None = None,
) -> ProviderFile:
    """`remembered`: by `Layout.shape`, what somebody said of such columns before; `chosen`: (sheet, column) → field, which goes before.

    Raises: Unreadable; NotAList; Refusal.
    """
    grids, warnings = grids_of(content, filename)
    layouts: list[Layout] = []
    lines: list[Line] = []
    totals: list[Problem] = []
    seen: set[str] = set()
    for grid in grids:
        layout = layout_of(grid.name, grid.cells)
        if layout is None:
            continue
        layout = layout.as_said(remembered, chosen)
        layouts.append(layout)
        if layout.has("code", "amount"):
            found = read_rows(layout, grid.cells, seen=seen, until=until)
            lines += (_asked(each, provider) for each in found.lines)
            totals += [found.total_at] if found.total_at else []
        if len(lines) > MOST_ROWS:
            raise Refusal(gettext("Tệp có quá nhiều dòng. Hãy chia thành nhiều tệp rồi gửi từng tệp."))
    if not layouts:
        raise NotAList(
            gettext("Không thấy dòng tiêu đề của danh sách. Cần ít nhất cột mã khách hàng và cột số tiền.")
        )
    return ProviderFile(tuple(layouts), tuple(lines), (*warnings, *_warnings(layouts)), tuple(totals))


def _asked(line: Line, provider: Provider | None) -> Line:
    """A code that looks unlike its provider's is a question, no refusal: the shapes we know are unverified."""
    if line.is_rejected or not is_odd(line.code, provider):
        return line
    problem = Problem(line.sheet, line.row, 0, "code_odd", line.code)
    return Line(**{**line.__dict__, "problems": (*line.problems, problem)})


def _warnings(layouts: list[Layout]) -> list[str]:
    silent = [each.sheet for each in layouts if not any(each.has(field) for field in ("paid", "how", "day"))]
    if not silent:
        return []
    return [gettext("Không có cột nào nói ai đã trả: mọi dòng sẽ được tính là chưa trả.")]


def sentence(problem: Problem) -> str:
    return str(_SENTENCES[problem.code]) % {"value": problem.value}
