"""The first No of one dossier: of what was known already, what was asked again, question by question."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bakhong.core.days import day_of
from bakhong.core.numbers import format_day
from bakhong.eforms.models import Answer, Draft
from bakhong.eforms.queries.forms import spec_of
from bakhong.ui.figures import Figure, language


@dataclass(frozen=True)
class AskedAgain:
    """`figure` opens the list. Labels: `again` known and typed all the same, `spared` known and not typed, `new` not known."""

    figure: Figure
    again: list[str]
    spared: list[str]
    new: list[str]


def asked_again(draft: Draft | None) -> AskedAgain | None:
    """None where nothing was judged, or nothing known."""
    rows = list(Answer.objects.filter(draft=draft, was_known__isnull=False).order_by("pk")) if draft else []
    known = [row for row in rows if row.was_known]
    if draft is None or draft.submitted_at is None or not known:
        return None
    labels = _labels(draft)
    again = [row for row in known if row.is_re_asked]
    return AskedAgain(
        Figure(
            numerator=len(known) - len(again),
            denominator=len(known),
            counted=_("mục đã biết"),
            day_text=_("nộp ngày %(day)s") % {"day": format_day(day_of(draft.submitted_at))},
        ),
        [_label(row, labels) for row in again],
        [_label(row, labels) for row in known if not row.is_re_asked],
        [_label(row, labels) for row in rows if not row.was_known],
    )


def _labels(draft: Draft) -> dict[str, str]:
    """Path without its row → what is asked."""
    spec = spec_of(draft.version)
    told = {
        f"{group.code}.{question.code}" if group else question.code: question.label.in_language(language())
        for _page, group, question in spec.questions()
    }
    return told | {
        group.code: group.label.in_language(language()) for _page, group, _q in spec.questions() if group
    }


def _label(row: Answer, labels: dict[str, str]) -> str:
    """With the number of the row, where there are several."""
    parts = row.path.split(".")
    if len(parts) < 3:
        return labels.get(row.path, row.path)
    label = labels.get(f"{parts[0]}.{parts[2]}", parts[2])
    return f"{label} ({int(parts[1]) + 1})"
