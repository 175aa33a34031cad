"""The answers of a dossier as they stand: what was filed, and over it what was answered when something was asked again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.forms import BoundField
from django.utils.translation import gettext as _

from bakhong.core.days import day_of
from bakhong.core.numbers import format_day
from bakhong.dossiers.models import Dossier, Supplement
from bakhong.dossiers.supplement_answers import answers_of
from bakhong.eforms.queries.answers import Sheet, open_sheet, overlaid
from bakhong.eforms.queries.pages import chosen_form
from bakhong.eforms.queries.review import ReviewLine, ReviewSection, review_of
from bakhong.eforms.rules.answers import shown
from bakhong.eforms.rules.visible import Line, line_at


def answered_later(dossier: Dossier) -> list[Supplement]:
    """Supplements in which questions were answered, in order."""
    rows = Supplement.objects.filter(dossier=dossier, answered_at__isnull=False).order_by("number")
    return [each for each in rows if each.answers is not None]


def standing_sheet(dossier: Dossier) -> Sheet:
    """What is answered now: every reader of a dossier's answers begins here. Only for a dossier with a draft."""
    assert dossier.draft is not None, "copied from another system: nothing was answered here"
    later = [answers_of(each) for each in answered_later(dossier)]
    sheet = open_sheet(dossier.draft)
    return (
        overlaid(sheet, {path: value for each in later for path, value in each.items()}) if later else sheet
    )


def standing_review(dossier: Dossier, lang: str = "vi") -> list[ReviewSection]:
    """Every answer in words; one answered later says when, and what was answered before. Empty without a draft."""
    if dossier.draft is None:
        return []
    last = {path: each for each in answered_later(dossier) for path in answers_of(each)}
    first = open_sheet(dossier.draft).values if last else {}

    def told(line: ReviewLine, sheet: Sheet) -> ReviewLine:
        asked = last.get(line.path)
        if asked is None or asked.answered_at is None:
            return line
        question = sheet.asked.by_path[line.path].question
        source = _("Bổ sung ngày %(day)s") % {"day": format_day(day_of(asked.answered_at))}
        before = shown(question, first.get(line.path), lang)
        return replace(line, source=source, before=before, page="", can_correct=False)

    sheet = standing_sheet(dossier)
    return [
        replace(section, lines=[told(line, sheet) for line in section.lines])
        for section in review_of(sheet, lang)
    ]


@dataclass(frozen=True)
class Box:
    """A question asked again with its box. `words`: why, "" for one that another answer brought to light; `before`: the answer so far."""

    line: Line
    bound: BoundField
    words: str
    before: str


def boxes_again(
    dossier: Dossier,
    asked: Supplement,
    lang: str = "vi",
    *,
    posted: Mapping[str, list[str]] | None = None,
    problems: Mapping[str, str] | None = None,
    prefix: str = "",
) -> dict[str, Box]:
    """path → box, of the questions asked again and of those that `problems` names because the answers brought them to light."""
    lines = lines_again(dossier, asked, also=problems or ())
    if not lines:
        return {}
    values, words = standing_sheet(dossier).values, {each["code"]: each["words"] for each in asked.items}
    form = chosen_form(lines.values(), lang, errors=problems, posted=posted, prefix=prefix)
    return {
        path: Box(line, form[path], words.get(path, ""), shown(line.question, values.get(path), lang))
        for path, line in lines.items()
    }


def lines_again(dossier: Dossier, asked: Supplement, also: Collection[str] = ()) -> dict[str, Line]:
    """path → the question, of those asked again and of those their answers bring to light (`also`), in the order of asking."""
    if dossier.draft is None:
        return {}
    spec = standing_sheet(dossier).spec
    paths = dict.fromkeys([*(each["code"] for each in asked.items if each["what"] == "question"), *also])
    found = {path: line_at(spec, path) for path in paths}
    return {path: line for path, line in found.items() if line is not None}
