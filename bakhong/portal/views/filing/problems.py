"""What a form still needs, each with the way to the page where it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from bakhong.core.days import day_of
from bakhong.eforms.queries.errors import errors_of
from bakhong.portal.filing import Filing
from bakhong.ui.figures import language


@dataclass(frozen=True)
class Needed:
    """One line of an error summary: the question, what is wrong, and where it is mended."""

    label: str
    sentence: str
    url: str


def needed(filing: Filing) -> list[Needed]:
    """Everything that is missing or wrong in the form as it stands."""
    return lines_of(filing, errors_of(filing.sheet, day_of(timezone.now())))


def lines_of(filing: Filing, errors: Mapping[str, str]) -> list[Needed]:
    return [_line(filing, path, sentence) for path, sentence in errors.items()]


def _line(filing: Filing, path: str, sentence: str) -> Needed:
    asked = filing.asked
    line = asked.by_path.get(path)
    if line is not None:
        label = line.question.label.in_language(language())
        return Needed(label, sentence, f"{filing.page_url(line.page.code)}?sua=1#id_{path}")
    page = asked.groups.get(path)
    group = next((item for _page, item in filing.sheet.spec.items() if item.code == path), None)
    label = group.label.in_language(language()) if group else filing.title
    return Needed(label, sentence, filing.page_url(page.code) + "?sua=1" if page else filing.url("review"))
