"""The end of a draft: every answer looked at again, every prefilled one read from its source again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bakhong.accounts.residents import Claims
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.eforms.actions.asking import ask_registers
from bakhong.eforms.actions.correcting import report_corrections
from bakhong.eforms.actions.prefilling import Offer, Offers, keys_of, offers, paths_of, put_offer
from bakhong.eforms.actions.refusals import Incomplete, SourceChanged
from bakhong.eforms.actions.saving import same
from bakhong.eforms.actions.starting import copy_to, lock, note
from bakhong.eforms.contents import fill, offered_of, value_of
from bakhong.eforms.models import Answer, Draft, KnownBy, Origin, State
from bakhong.eforms.queries.answers import Sheet, open_sheet
from bakhong.eforms.queries.errors import errors_of
from bakhong.eforms.rules.answers import Wrong, shown
from bakhong.eforms.rules.known_rows import aligned
from bakhong.eforms.sentences import sentence
from bakhong.people import scope
from bakhong.people.queries.identity import mask
from bakhong.people.registers import Answer as Answered

_RE_READ = (Origin.ROLL, Origin.REGISTER, Origin.RESULT, Origin.E_IDENTITY)


def submit_draft(
    *,
    draft: Draft,
    by: Actor,
    at: datetime,
    claims: Claims | None = None,
    answers: Sequence[Answered] | None = None,
) -> Draft:
    """Nothing of it changes any more. What was hidden behind a condition goes; corrections that were typed are asked for at the source.

    Submitted already: it stays as it is. Where a source changed, `SourceChanged` says so after the new value was put in its place; a caller
    whose own transaction takes that back asks the registers before (`ask_registers`, as `answers`) and calls `offer_anew` outside of it.

    Raises: Incomplete; SourceChanged; Closed; NotAllowed.
    """
    rows = Draft.objects.filter(pk=draft.pk)
    if rows.filter(state=State.SUBMITTED).exists():
        copy_to(rows.get(), draft)
        return draft
    said = ask_registers(draft=draft, by=by, at=at) if answers is None else answers
    with transaction.atomic():
        sheet = open_sheet(lock(draft, by=by))
        refusal = _read_anew(sheet, claims, said, by, at) or _unfinished(sheet, at)
        if refusal is None:
            _close(sheet, said, by, at)
    copy_to(sheet.draft, draft)
    if refusal is not None:  # only now: what was read anew, and that it was read, is stored
        raise refusal
    return draft


def offer_anew(
    *,
    draft: Draft,
    by: Actor,
    at: datetime,
    claims: Claims | None = None,
    answers: Sequence[Answered] | None = None,
) -> None:
    """Read every prefilled answer from its source again. A source that is silent is believed as it was; a card cannot be read again.

    Raises: SourceChanged, with the new values stored; Closed; NotAllowed.
    """
    said = ask_registers(draft=draft, by=by, at=at) if answers is None else answers
    with transaction.atomic():
        sheet = open_sheet(lock(draft, by=by))
        refusal = _read_anew(sheet, claims, said, by, at)
    copy_to(sheet.draft, draft)
    if refusal is not None:
        raise refusal


def _read_anew(
    sheet: Sheet, claims: Claims | None, answers: Sequence[Answered], by: Actor, at: datetime
) -> SourceChanged | None:
    draft = sheet.draft
    told = _changed(sheet, claims, answers, at)
    if not told:
        return None
    draft.revision += 1
    for row, _problem in told:
        row.revision = draft.revision
        row.save()
    draft.save(update_fields=["revision"])
    note("eforms.offer_anew", draft, by, at, count=len(told))
    problems = {
        row.path: sentence(problem, sheet.asked.by_path[row.path].question)
        for row, problem in told
        if row.path in sheet.asked.by_path
    }
    return SourceChanged(problems, _pages(sheet, problems)) if problems else None


def _unfinished(sheet: Sheet, at: datetime) -> Incomplete | None:
    errors = errors_of(sheet, day_of(at))
    return Incomplete(errors, _pages(sheet, errors)) if errors else None


def _close(sheet: Sheet, answers: Sequence[Answered], by: Actor, at: datetime) -> None:
    draft = sheet.draft
    _forget_hidden(sheet)
    report_corrections(sheet, answers, by=by, at=at)
    draft.state, draft.submitted_at = State.SUBMITTED, at
    draft.save(update_fields=["state", "submitted_at"])
    note("eforms.submit_draft", draft, by, at, operated_by=draft.operated_by)


def _changed(
    sheet: Sheet, claims: Claims | None, answers: Sequence[Answered], at: datetime
) -> list[tuple[Answer, Wrong]]:
    """Rows whose source says something else now, each made to say so too."""
    prefilled = {path: row for path, row in sheet.rows.items() if _is_re_read(row, claims)}
    if not prefilled or sheet.draft.known_by not in (KnownBy.OFFICER, KnownBy.E_IDENTITY):
        return []
    is_stranger = sheet.draft.person_id is not None and sheet.draft.person is None
    found = _read_again(sheet, prefilled, claims, answers, day_of(at))
    now = _where_they_stand(sheet, {offer.path: offer for offer in paths_of(sheet.spec, found, day_of(at))})
    same_still = [path for path, row in prefilled.items() if _says(now.get(path), row)]
    Answer.objects.filter(pk__in=[prefilled[path].pk for path in same_still]).update(verified_at=at)
    told = []
    for path in prefilled.keys() - set(same_still):
        row, offer = prefilled[path], now.get(path)
        if offer is None and row.offered_origin == Origin.REGISTER and found.silent:
            continue
        if is_stranger:
            told.append((row, _hide(row)))
        else:
            told.append((row, _renew(sheet, row, offer, at) if offer else _withdraw(row)))
    return told


def _where_they_stand(sheet: Sheet, offers: Mapping[str, Offer]) -> dict[str, Offer]:
    """Of a list that had rows added or taken away, what the source says of each row that was left, wherever it stands now."""
    found = dict(offers)
    for group in {path.split(".")[0] for path in offers if "." in path}:
        count = sheet.rows.get(group)
        if count is None or count.origin != Origin.TYPED:
            continue
        held = _by_row(
            group, {path: offered_of(row) for path, row in sheet.rows.items() if row.offered_origin}
        )
        said = _by_row(group, {path: each.value for path, each in offers.items()})
        for path in [path for path in found if path.startswith(f"{group}.")]:
            del found[path]
        for source, row in aligned(held, said).items():
            for code in said[source]:
                found[f"{group}.{row}.{code}"] = offers[f"{group}.{source}.{code}"]
    return found


def _by_row(group: str, values: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    for path, value in values.items():
        name, _dot, rest = path.partition(".")
        if name == group and rest:
            number, _dot, code = rest.partition(".")
            rows.setdefault(int(number), {})[code] = value
    return rows


def _is_re_read(row: Answer, claims: Claims | None) -> bool:
    return row.origin in _RE_READ and (row.origin != Origin.E_IDENTITY or claims is not None)


def _says(offer: Offer | None, row: Answer) -> bool:
    return offer is not None and same(offer.value, offered_of(row))


def _read_again(
    sheet: Sheet,
    prefilled: Mapping[str, Answer],
    claims: Claims | None,
    answers: Sequence[Answered],
    on: date,
) -> Offers:
    """Whoever holds only the code may not see the person: the source is read by the system then, and its answer not shown to them."""
    draft = sheet.draft
    keys = keys_of(sheet.spec, {path.split(".")[0] for path in prefilled})
    if draft.person_id is None or draft.person is not None:
        return offers(draft=draft, card=None, claims=claims, on=on, keys=keys, answers=answers)
    with scope.seeing(OPERATOR):
        unseen = Draft.objects.select_related("version", "person").get(pk=draft.pk)
        return offers(draft=unseen, card=None, claims=None, on=on, keys=keys, answers=answers)


def _hide(row: Answer) -> Wrong:
    """They are told that it changed, not to what: whoever opened the draft by its code answers anew."""
    fill(row, value=None, offered=None, is_sealed=row.sealed is not None)
    _is_typed(row)
    return Wrong("source_hidden")


def _renew(sheet: Sheet, row: Answer, offer: Offer, at: datetime) -> Wrong:
    put_offer(row, offer, at=at)
    line = sheet.asked.by_path.get(row.path)
    words = shown(line.question, offer.value) if line else ""
    return Wrong("source_changed", mask(words) if line and line.question.is_sealed else words)


def _withdraw(row: Answer) -> Wrong:
    """The source says nothing of it any more: the answer stays, as if typed, to be looked at."""
    fill(row, value=value_of(row), offered=None, is_sealed=row.sealed is not None)
    _is_typed(row)
    return Wrong("source_withdrew")


def _is_typed(row: Answer) -> None:
    row.origin, row.offered_origin, row.ref, row.source_label = Origin.TYPED, "", "", ""
    row.as_of, row.verified_at, row.is_corrected = None, None, False


def _forget_hidden(sheet: Sheet) -> None:
    kept = set(sheet.asked.by_path) | set(sheet.asked.rows)
    gone = [row.pk for path, row in sheet.rows.items() if path not in kept]
    if gone:
        Answer.objects.filter(pk__in=gone).delete()


def _pages(sheet: Sheet, errors: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for path in errors:
        line = sheet.asked.by_path.get(path)
        page = line.page if line else sheet.asked.groups.get(path.split(".")[0])
        if page is not None:
            found[path] = page.code
    return found
