"""“Xem lại trước khi nộp”: every answer in words, where it comes from, and where to change it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from bakhong.documents.models import File
from bakhong.eforms.models import Answer, Draft, Origin
from bakhong.eforms.queries.answers import Sheet, open_sheet
from bakhong.eforms.rules.answers import shown
from bakhong.eforms.rules.visible import Line


@dataclass(frozen=True)
class ReviewLine:
    """`page` is where it is changed; "" where it is locked: then `can_correct` says whether a correction may be asked for."""

    path: str
    label: str
    value: str
    source: str  # "Danh sách của xã, 06/05/2025"; "" where it was typed
    is_missing: bool
    is_corrected: bool
    page: str
    can_correct: bool
    problem: str = ""
    kind: str = "text"  # the question's type
    before: str = ""  # what was answered first, where something else was answered later


@dataclass(frozen=True)
class ReviewSection:
    page: str
    title: str
    lines: list[ReviewLine] = field(default_factory=list)


def review(draft: Draft, lang: str = "vi", *, errors: Mapping[str, str] | None = None) -> list[ReviewSection]:
    """A section for each page that is asked. `errors` are those of `Incomplete`."""
    return review_of(open_sheet(draft), lang, errors)


def review_of(sheet: Sheet, lang: str, errors: Mapping[str, str] | None = None) -> list[ReviewSection]:
    """`review`, of a draft that is open already."""
    names = _names(sheet)
    return [
        ReviewSection(
            page.code,
            page.title.in_language(lang),
            [_line(sheet, line, lang, errors or {}, names) for line in sheet.asked.of_page(page.code)],
        )
        for page in sheet.asked.pages
    ]


def _line(
    sheet: Sheet, line: Line, lang: str, errors: Mapping[str, str], names: Mapping[str, str]
) -> ReviewLine:
    row = sheet.rows.get(line.path)
    value = sheet.values.get(line.path)
    label = line.question.label.in_language(lang)
    if line.group is not None and line.row is not None:
        label = f"{line.group.label.in_language(lang)} {line.row + 1}: {label}"
    is_from_source = row is not None and row.origin != Origin.TYPED
    is_locked = is_from_source and line.question.is_locked
    return ReviewLine(
        path=line.path,
        label=label,
        value=names.get(str(value)) or shown(line.question, value, lang),
        source=_source(row),
        is_missing=line.question.required and value in (None, "", []),
        is_corrected=row is not None and row.is_corrected,
        page="" if is_locked else line.page.code,
        can_correct=is_from_source and sheet.draft.person_id is not None and line.group is None,
        problem=errors.get(line.path, ""),
        kind=line.question.type,
    )


def _source(row: Answer | None) -> str:
    if row is None or row.origin == Origin.TYPED:
        return ""
    return row.source_label or str(Origin(row.origin).label)


def _names(sheet: Sheet) -> dict[str, str]:
    uuids = [
        str(sheet.values[line.path])
        for line in sheet.asked.lines
        if line.question.type == "file" and sheet.values.get(line.path)
    ]
    found = {
        str(uuid): name for uuid, name in File.objects.filter(uuid__in=uuids).values_list("uuid", "name")
    }
    return {uuid: found.get(uuid, _("Tệp đã gửi")) for uuid in uuids}
