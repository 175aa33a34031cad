"""The ways a dossier says no that a page shows beside what they are about."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bakhong.core.errors import Refusal


class PapersMissing(Refusal):
    """Something is wrong with the papers. `problems`: paper's code → what to do, all of them at once."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


# By what `rules.papers` finds wrong.
SENTENCES: dict[str, Any] = {
    "missing": lambda name: _("Còn thiếu %(name)s.") % {"name": name},
    "held": lambda name: (
        _(
            "%(name)s: Nhà nước đã có dữ liệu, không được yêu cầu nộp. Nếu đã tra mà không thấy, chọn “đã tra, không thấy” và ghi lý do."
        )
        % {"name": name}
    ),
    "no_reason": lambda name: _("%(name)s: ghi đã tra ở đâu và vì sao không thấy.") % {"name": name},
    "no_file": lambda name: _("%(name)s: chưa có ảnh hoặc tệp.") % {"name": name},
    "unknown": lambda name: _("Thủ tục này không có giấy tờ “%(name)s”.") % {"name": name},
}
