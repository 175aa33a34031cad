"""Saving a page: what was typed is kept even where it is wrong; what comes from a source keeps its provenance."""

from collections.abc import Mapping, Sequence
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
from bakhong.eforms.actions.rows import apply_rows
from bakhong.eforms.actions.starting import KEPT_DAYS, copy_to, lock, note
from bakhong.eforms.contents import fill, offered_of, value_of
from bakhong.eforms.models import Answer, Draft, Origin
from bakhong.eforms.queries.answers import Sheet, open_sheet
from bakhong.eforms.queries.errors import errors_of
from bakhong.eforms.rules.answers import Wrong, read, shown
from bakhong.eforms.rules.rows import changed_rows
from bakhong.eforms.rules.spec import Group, Page, Question
from bakhong.eforms.rules.visible import Asked, Line, asked
from bakhong.people.queries.identity import index_of

Posted = Mapping[str, list[str]]
_NOT_KEPT = ("too_long", "unreadable")  # cannot be stored, or should not
_WRITTEN = (
    "value", "offered", "sealed", "problem", "origin", "offered_origin", "ref", "source_label", "as_of", "is_corrected",
    "verified_at", "revision", "typed_by", "typed_on", "at",
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
        found = sheet.spec.page(page)
        if found is None:
            raise NotFound(_("Tờ khai không có trang này."))
        saved = Saved(draft, {}, sheet.asked.pages[0].code)  # a page that is not asked: back to the beginning
        if found in sheet.asked.pages:
            saved = _save(sheet, [found], posted, by, at, revision)
    copy_to(draft_now, draft)
    return Saved(draft, saved.errors, saved.next_page)


def save_pages(
    *, draft: Draft, posted: Posted, by: Actor, at: datetime, revision: int | None = None
) -> Mapping[str, str]:
    """`save_page` for every page that is asked, in one go: what one screen of staff sends. Returns path → sentence.

    Raises: Closed; Stale; NotAllowed.
    """
    with transaction.atomic():
        draft_now = lock(draft, by=by)
        sheet = open_sheet(draft_now)
        saved = _save(sheet, sheet.asked.pages, posted, by, at, revision)
    copy_to(draft_now, draft)
    return saved.errors


def _save(
    sheet: Sheet, pages: Sequence[Page], posted: Posted, by: Actor, at: datetime, revision: int | None
) -> Saved:
    draft, last = sheet.draft, pages[-1].code
    entries, values = _read(sheet, pages, posted, day_of(at))
    now = asked(sheet.spec, values)
    entries = [each for each in entries if each.line.path in now.by_path]
    wrong = {
        each.line.path: each.value
        for each in entries
        if isinstance(each.value, Wrong) and each.value.code in _NOT_KEPT
    }
    kept = [each for each in entries if each.line.path not in wrong and _is_new(each)]
    token = _token(posted)
    _check_fresh(draft, kept, revision, token)
    rows = [_write(draft, each, token, by, at) for each in kept]
    if rows:
        Answer.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["draft", "path"], update_fields=_WRITTEN
        )
    change = changed_rows(sheet.spec, now.rows, posted)
    if change is not None:
        apply_rows(draft, change, by=by, at=at)
    after = Sheet(draft, sheet.spec, {**sheet.rows, **{row.path: row for row in rows}}, values, now)
    errors: dict[str, str] = {}
    for page in pages:
        if change is None or not _holds(page, change.group):
            errors |= errors_of(after, day_of(at), page, wrong)
    where = last if errors or change else _next(now, last)
    if rows or change:
        note("eforms.save_page", draft, by, at, page=" ".join(each.code for each in pages))
    _stamp(sheet, rows, where or last, by, at, has_changed=bool(rows or change))
    return Saved(draft, errors, where)


def _holds(page: Page, group: str) -> bool:
    return any(item.code == group for item in page.questions)


def _read(
    sheet: Sheet, pages: Sequence[Page], posted: Posted, today: date
) -> tuple[list[_Entry], dict[str, Any]]:
    """What was sent of the pages, and all values as they would stand."""
    values = dict(sheet.values)
    entries = []
    for line in [line for page in pages for line in _possible(page, sheet)]:
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


def _token(posted: Posted) -> str:
    """Which page, as it was shown, this was typed on: a script saves what is typed before the page is sent."""
    text = (posted.get("_token") or [""])[0]
    return text if len(text) <= 24 and text.isascii() and text.isprintable() else ""


def _check_fresh(draft: Draft, entries: list[_Entry], revision: int | None, token: str) -> None:
    if revision is None or revision >= draft.revision:
        return
    theirs = {
        each.line.path: Theirs(
            each.line.question.label.vi,
            shown(each.line.question, value_of(each.row)),
            ", ".join(each.texts),
        )
        for each in entries
        if each.row is not None
        and each.row.revision > revision
        and not (token and each.row.typed_on == token)
    }
    if theirs:
        raise Stale(draft.saved_by_label, draft.saved_at, theirs)


def _write(draft: Draft, entry: _Entry, token: str, by: Actor, at: datetime) -> Answer:
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
    row.revision, row.typed_by, row.typed_on, row.at = draft.revision + 1, by.id, token, at
    return row


def _next(now: Asked, page: str) -> str | None:
    codes = [each.code for each in now.pages]
    later = codes[codes.index(page) + 1 :] if page in codes else codes
    return later[0] if later else None


_STAMPED = ("page", "expires_on", "revision", "saved_at", "saved_by", "saved_by_label", "card_index")


def _stamp(
    sheet: Sheet, rows: list[Answer], page: str, by: Actor, at: datetime, *, has_changed: bool
) -> None:
    """The draft knows who saved it last, where to go on, and the card number that opens it again."""
    draft = sheet.draft
    draft.page = page
    draft.expires_on = day_of(at) + timedelta(days=KEPT_DAYS)
    if has_changed:
        draft.revision += 1
        draft.saved_at, draft.saved_by, draft.saved_by_label = at, by.id, by.label[:120]
    number = _own_number(sheet, rows)
    if number:
        draft.card_index = index_of(number)
    draft.save(update_fields=_STAMPED)


def _own_number(sheet: Sheet, rows: list[Answer]) -> str:
    """The applicant's card number, where it was typed just now."""
    own = {
        question.code
        for _page, group, question in sheet.spec.questions()
        if group is None and question.known_as == "person.national_id"
    }
    numbers = (value_of(row) for row in rows if row.path in own and not row.problem)
    return next((str(number) for number in numbers if number), "")
