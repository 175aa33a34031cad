"""Saving a page: what was typed is kept even where it is wrong; what comes from a source keeps its provenance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import NotFound
from bakhong.eforms.actions.files import is_of_draft
from bakhong.eforms.actions.refusals import Stale, Theirs
from bakhong.eforms.actions.starting import KEPT_DAYS, copy_to, lock, note
from bakhong.eforms.contents import fill, offered_of, value_of
from bakhong.eforms.models import Answer, Draft, Origin
from bakhong.eforms.queries.answers import Sheet, open_sheet
from bakhong.eforms.rules.answers import Wrong, read, shown
from bakhong.eforms.rules.rows import Changed, changed_rows
from bakhong.eforms.rules.spec import Group, Page, Question
from bakhong.eforms.rules.visible import Asked, Line, asked, missing
from bakhong.eforms.sentences import sentence
from bakhong.people.queries.identity import index_of

Posted = Mapping[str, list[str]]
_NOT_KEPT = ("too_long", "unreadable")  # cannot be stored, or should not
_WRITTEN = (
    "value", "offered", "sealed", "problem", "origin", "offered_origin", "ref", "source_label", "as_of", "is_corrected",
    "verified_at", "revision", "typed_by", "at",
)  # fmt: skip


@dataclass(frozen=True)
class Saved:
    """`errors`: path → sentence. `next_page`: where to go on; the same page while something is wrong, None: to the review."""

    draft: Draft
    errors: Mapping[str, str]
    next_page: str | None


@dataclass
class _Entry:
    """What one question's answer becomes."""

    line: Line
    texts: list[str]
    value: Any  # read, or Wrong
    row: Answer | None


def save_page(
    *, draft: Draft, page: str, posted: Posted, by: Actor, at: datetime, revision: int | None = None
) -> Saved:
    """Store what was sent of one page. Answers of hidden questions, and for locked ones, are ignored; so is every other name.

    `_add`: a group's code, `_remove`: "children.1": a row more or less; then `next_page` is the same page. `revision`: of the draft when
    the page was shown; without it the last one wins.

    Raises: NotFound for a page that is none; Closed; Stale where somebody else changed the same answer since; NotAllowed.
    """
    with transaction.atomic():
        draft_now = lock(draft, by=by)
        sheet = open_sheet(draft_now)
        shown_page = sheet.spec.page(page)
        if shown_page is None:
            raise NotFound(_("Tờ khai không có trang này."))
        if shown_page not in sheet.asked.pages:
            copy_to(draft_now, draft)
            return Saved(draft, {}, sheet.asked.pages[0].code)
        entries, values = _read(sheet, shown_page, posted, day_of(at))
        now_asked = asked(sheet.spec, values)
        entries = [each for each in entries if each.line.path in now_asked.by_path]
        wrong = {
            each.line.path: each.value
            for each in entries
            if isinstance(each.value, Wrong) and each.value.code in _NOT_KEPT
        }
        kept = [each for each in entries if each.line.path not in wrong and _is_new(each)]
        _check_fresh(draft_now, kept, revision)
        rows = [_write(draft_now, each, by, at) for each in kept]
        change = changed_rows(sheet.spec, now_asked.rows, posted)
        rows_changed = _store(draft_now, rows, change, sheet, by, at)
        errors = page_errors(draft_now, shown_page, day_of(at), wrong)
        where = page if errors or change else _next(open_sheet(draft_now).asked, page)
        if rows or rows_changed:
            note("eforms.save_page", draft_now, by, at, page=page)
        _stamp(draft_now, rows, where or page, by, at, has_changed=bool(rows or rows_changed))
    copy_to(draft_now, draft)
    return Saved(draft, {} if change else errors, where)


def page_errors(
    draft: Draft, page: Page, today: date, also: Mapping[str, Wrong] | None = None
) -> dict[str, str]:
    """path → what is wrong or missing on a page as it stands."""
    return errors_of(open_sheet(draft), today, page, also)


def errors_of(
    sheet: Sheet, today: date, page: Page | None = None, also: Mapping[str, Wrong] | None = None
) -> dict[str, str]:
    """path → what is wrong or missing, on one page or on all that are asked."""
    found: dict[str, str] = {}
    for path, problem, question in missing(sheet.asked, sheet.values, page):
        found[path] = sentence(problem, question)
    for line in sheet.asked.lines if page is None else sheet.asked.of_page(page.code):
        row = sheet.rows.get(line.path)
        if row is not None and row.problem:
            problem = read(line.question, value_of(row), today=today)
            told = problem if isinstance(problem, Wrong) else Wrong(row.problem)
            found[line.path] = sentence(told, line.question)
        elif row is not None and not _still_fits(line.question, sheet.values[line.path], today):
            found[line.path] = sentence(Wrong("choice_invalid"), line.question)
        if also and line.path in also:
            found[line.path] = sentence(also[line.path], line.question)
    return found


def _still_fits(question: Question, value: Any, today: date) -> bool:
    """A choice that the form does not have (any more) is no answer."""
    codes = {option.code for option in question.options}
    chosen = value if isinstance(value, list) else [value]
    return not codes or value is None or set(map(str, chosen)) <= codes


def _read(sheet: Sheet, page: Page, posted: Posted, today: date) -> tuple[list[_Entry], dict[str, Any]]:
    """What was sent of the page, and all values as they would stand."""
    values = dict(sheet.values)
    entries = []
    for line in _possible(page, sheet):
        texts = _texts(line, posted, was_shown=line.path in sheet.asked.by_path)
        row = sheet.rows.get(line.path)
        if texts is None or _is_locked(line.question, row):
            continue
        value = read(line.question, texts, today=today)
        if line.question.type == "file" and isinstance(value, str) and not is_of_draft(value, sheet.draft):
            value = Wrong("file_invalid")
        entries.append(_Entry(line, texts, value, row))
        if isinstance(value, Wrong) and value.code in _NOT_KEPT:
            continue
        values[line.path] = None if isinstance(value, Wrong) else value
    return entries, values


def _possible(page: Page, sheet: Sheet) -> list[Line]:
    """Every question of the page, shown or not: an answer on the same page may bring one to light."""
    lines = []
    for item in page.questions:
        if isinstance(item, Group):
            count = sheet.asked.rows.get(item.code, item.min)
            lines += [
                Line(page, f"{item.code}.{row}.{question.code}", question, item, row)
                for row in range(count)
                for question in item.questions
            ]
        else:
            lines.append(Line(page, item.code, item))
    return lines


def _texts(line: Line, posted: Posted, *, was_shown: bool) -> list[str] | None:
    """The texts sent for a question; None: it was not sent. Of boxes, nothing sent means none is ticked, where they were shown."""
    if line.path in posted:
        return [text for text in posted[line.path] if isinstance(text, str)]
    return [] if line.question.type == "choices" and was_shown and not _is_partial(posted) else None


def _is_partial(posted: Posted) -> bool:
    """Without any answer at all it was no page that was sent."""
    return not any(not name.startswith("_") for name in posted)


def _is_locked(question: Question, row: Answer | None) -> bool:
    return question.is_locked and row is not None and row.origin != Origin.TYPED


def _is_new(entry: _Entry) -> bool:
    """Whether it differs from what stands; an empty answer where there is none is nothing."""
    if entry.row is None:
        return entry.value is not None
    if isinstance(entry.value, Wrong):
        return not entry.row.problem or value_of(entry.row) != entry.texts
    return bool(entry.row.problem) or not same(value_of(entry.row), entry.value)


def same(left: Any, right: Any) -> bool:
    """Equal, and of one kind: true is no 1."""
    return type(left) is type(right) and left == right


def _check_fresh(draft: Draft, entries: list[_Entry], revision: int | None) -> None:
    if revision is None or revision >= draft.revision:
        return
    theirs = {
        each.line.path: Theirs(
            each.line.question.label.vi,
            shown(each.line.question, value_of(each.row)),
            ", ".join(each.texts),
        )
        for each in entries
        if each.row is not None and each.row.revision > revision
    }
    if theirs:
        raise Stale(draft.saved_by_label, draft.saved_at, theirs)


def _write(draft: Draft, entry: _Entry, by: Actor, at: datetime) -> Answer:
    row = entry.row or Answer(
        village_id=draft.village_id, draft=draft, draft_uuid=draft.uuid, path=entry.line.path
    )
    offered = offered_of(row)
    is_wrong = isinstance(entry.value, Wrong)
    value = entry.texts if is_wrong else entry.value
    row.problem = entry.value.code if is_wrong else ""
    is_offer = offered is not None and not is_wrong and same(value, offered)
    row.origin = row.offered_origin if is_offer else Origin.TYPED
    row.is_corrected = offered is not None and not is_offer
    fill(row, value=value, offered=offered, is_sealed=entry.line.question.is_sealed)
    row.revision, row.typed_by, row.at = draft.revision + 1, by.id, at
    return row


def _store(
    draft: Draft, rows: list[Answer], change: Changed | None, sheet: Sheet, by: Actor, at: datetime
) -> bool:
    if rows:
        Answer.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["draft", "path"], update_fields=_WRITTEN
        )
    if change is None:
        return False
    apply_rows(draft, change, by=by, at=at)
    return True


def apply_rows(draft: Draft, change: Changed, *, by: Actor, at: datetime) -> None:
    """One row of a group more or less: those behind a removed one move up, with all they know."""
    rows = {row.path: row for row in Answer.objects.filter(draft=draft, path__startswith=f"{change.group}.")}
    if change.removed is not None:
        moved = []
        for path, row in sorted(rows.items()):
            parts = path.split(".")
            if int(parts[1]) == change.removed:
                row.delete()
            elif int(parts[1]) > change.removed:
                moved.append((row, f"{parts[0]}.{int(parts[1]) - 1}.{parts[2]}"))
        _move(moved)
    counted = Answer.objects.filter(draft=draft, path=change.group).first() or Answer(
        village_id=draft.village_id, draft=draft, draft_uuid=draft.uuid, path=change.group
    )
    counted.origin = Origin.TYPED
    counted.is_corrected = counted.offered is not None and counted.offered != change.count
    counted.value, counted.revision, counted.typed_by, counted.at = (
        change.count,
        draft.revision + 1,
        by.id,
        at,
    )
    counted.save()


def _move(moved: list[tuple[Answer, str]]) -> None:
    """Rows are written anew at their new path: an answer's own path never changes."""
    for old, path in moved:
        value, offered, is_sealed = value_of(old), offered_of(old), old.sealed is not None
        fresh = Answer(
            **{
                field.attname: getattr(old, field.attname)
                for field in Answer._meta.concrete_fields
                if field.name not in ("id", "uuid", "path")
            },
            path=path,
        )
        old.delete()
        fill(fresh, value=value, offered=offered, is_sealed=is_sealed)
        fresh.save(force_insert=True)


def _next(now: Asked, page: str) -> str | None:
    codes = [each.code for each in now.pages]
    later = codes[codes.index(page) + 1 :] if page in codes else codes
    return later[0] if later else None


def _stamp(
    draft: Draft, rows: list[Answer], page: str, by: Actor, at: datetime, *, has_changed: bool
) -> None:
    """The draft knows who saved it last, where to go on, and the card number that opens it again."""
    draft.page = page
    draft.expires_on = day_of(at) + timedelta(days=KEPT_DAYS)
    if has_changed:
        draft.revision += 1
        draft.saved_at, draft.saved_by, draft.saved_by_label = at, by.id, by.label[:120]
    number = _own_number(draft, rows)
    if number:
        draft.card_index = index_of(number)
    draft.save(
        update_fields=[
            "page",
            "expires_on",
            "revision",
            "saved_at",
            "saved_by",
            "saved_by_label",
            "card_index",
        ]  # fmt: skip
    )


def _own_number(draft: Draft, rows: list[Answer]) -> str:
    """The applicant's card number, where it was typed just now."""
    from bakhong.eforms.queries.forms import spec_of

    own = {
        question.code
        for _page, group, question in spec_of(draft.version).questions()
        if group is None and question.known_as == "person.national_id"
    }
    return next(
        (str(value_of(row)) for row in rows if row.path in own and not row.problem and value_of(row)), ""
    )
