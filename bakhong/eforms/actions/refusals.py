"""The ways a draft says no, each with what the page needs to go on without losing a word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from bakhong.core.errors import Conflict, Refusal


@dataclass(frozen=True)
class Theirs:
    """What stands in the draft now, beside what was sent: for the page to show both."""

    label: str
    stands: str
    sent: str


class Stale(Conflict):
    """Somebody else saved the same page meanwhile. `theirs`: path → both answers; nothing of theirs was written over."""

    def __init__(self, who: str, when: datetime, theirs: Mapping[str, Theirs]) -> None:
        moment = timezone.localtime(when).strftime("%H:%M %d/%m/%Y")
        super().__init__(
            _("%(who)s vừa sửa trang này lúc %(when)s trên máy khác. Hãy xem cả hai câu trả lời rồi chọn.")
            % {"who": who, "when": moment}
        )
        self.who, self.when, self.theirs = who, when, theirs


class Incomplete(Refusal):
    """Something is missing or wrong. `errors`: path → sentence; `pages`: path → the code of its page."""

    def __init__(self, errors: Mapping[str, str], pages: Mapping[str, str]) -> None:
        super().__init__(_("Tờ khai còn %(n)d chỗ cần xem lại trước khi nộp.") % {"n": len(errors)})
        self.errors, self.pages = dict(errors), dict(pages)


class SourceChanged(Incomplete):
    """A source says something else than what was filled in: the new value was put in its place and is to be looked at."""


class Closed(Conflict):
    """The draft was submitted or dropped, or its time is over."""

    def __init__(self) -> None:
        super().__init__(_("Tờ khai này đã nộp hoặc đã bỏ, không sửa được nữa."))
