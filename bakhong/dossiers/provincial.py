"""A file of the provincial one-stop system, read into lines: columns as proposed or remembered, rows, doubts. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bakhong.core.errors import Refusal
from bakhong.dossiers.rules.provincial import FIELDS, Line, layout_of, lines
from bakhong.people.reading import grids_of
from bakhong.people.rules.headings import Layout
from bakhong.people.rules.rows import Problem

MOST_ROWS = 100_000

FIELD_NAMES = {
    "code": _("Mã hồ sơ"),
    "procedure": _("Mã thủ tục"),
    "procedure_name": _("Tên thủ tục"),
    "sector": _("Lĩnh vực"),
    "channel": _("Nộp bằng cách nào"),
    "state": _("Trạng thái"),
    "filed": _("Ngày nộp"),
    "received": _("Ngày tiếp nhận"),
    "due": _("Ngày hẹn trả"),
    "finished": _("Ngày xử lý xong"),
    "returned": _("Ngày trả kết quả"),
    "refused": _("Ngày từ chối, dừng"),
    "supplements": _("Số lần yêu cầu bổ sung"),
    "asked": _("Ngày yêu cầu bổ sung"),
    "answered": _("Ngày dân bổ sung xong"),
    "waited": _("Thời gian chờ bổ sung"),
    "digitised": _("Giấy tờ đã số hoá"),
    "reused": _("Dùng lại dữ liệu đã có"),
    "from_store": _("Lấy từ kho dữ liệu của dân"),
    "population": _("Dùng dữ liệu dân cư"),
    "ignore": _("Không nhập"),
}
assert set(FIELD_NAMES) == set(FIELDS)

_SENTENCES = {
    "code_missing": _("Dòng này không có mã hồ sơ nên không nhập được."),
    "code_twice": _("Mã hồ sơ %(value)s đã có ở dòng trên; chỉ dòng đầu được nhập."),
    "day_unclear": _("“%(value)s” không phải một ngày; ô này được bỏ qua."),
    "day_ahead": _("Ngày “%(value)s” ở tương lai; ô này được bỏ qua."),
    "day_before_start": _("Ngày “%(value)s” trước ngày tiếp nhận; ô này được bỏ qua."),
    "state_unclear": _("“%(value)s” không rõ là trạng thái nào; ô này được bỏ qua."),
    "channel_unclear": _("“%(value)s” không rõ là nộp bằng cách nào; ô này được bỏ qua."),
    "flag_unclear": _("“%(value)s” không rõ là có hay không; ô này được bỏ qua."),
    "count_unclear": _("“%(value)s” không phải một số đếm được; ô này được bỏ qua."),
    "text_unclear": _("“%(value)s” không đọc được; ô này được bỏ qua."),
}


class NoCodes(Refusal):
    """No sheet has a column of dossier codes."""


@dataclass(frozen=True)
class ProvincialFile:
    """What a file says; `lines` in order, rejected ones too."""

    layouts: list[Layout]
    lines: list[Line]
    warnings: list[str]

    @property
    def problems(self) -> list[Problem]:
        return [each for line in self.lines for each in line.problems]


def read_provincial(
    content: bytes,
    *,
    filename: str,
    now: datetime,
    remembered: Mapping[str, Mapping[str, str]],
    chosen: Mapping[tuple[str, int], str] | None = None,
) -> ProvincialFile:
    """`remembered`: by `Layout.shape`, what somebody said of such columns before; `chosen`: (sheet, column) → field, which goes before.

    Raises: Unreadable; NoCodes; Refusal.
    """
    grids, warnings = grids_of(content, filename)
    layouts, found = [], []
    for grid in grids:
        layout = layout_of(grid.name, grid.cells)
        if layout is None:
            continue
        layout = layout.as_said(remembered, chosen)
        layouts.append(layout)
        if layout.has("code"):
            found += lines(layout, grid.cells, now)
        if len(found) > MOST_ROWS:
            raise Refusal(gettext("Tệp có quá nhiều dòng. Hãy xuất từng tháng rồi gửi từng tệp."))
    if not layouts:
        raise NoCodes(
            gettext(
                "Không thấy dòng tiêu đề của danh sách hồ sơ. Cần ít nhất cột mã hồ sơ và một cột ngày, ví dụ “Ngày hẹn trả”."
            )
        )
    return ProvincialFile(layouts, found, warnings)


def sentence(problem: Problem) -> str:
    return str(_SENTENCES[problem.code]) % {"value": problem.value}
