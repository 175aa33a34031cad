"""Asking the resident for something more, once and for all of it, and taking their answer. The clock stands still in between."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.dossiers.actions.charging import ask_for_fee
from bakhong.dossiers.actions.papers import attach, name_of
from bakhong.dossiers.actions.reading_again import applicant_changed, fee_changed, read_again
from bakhong.dossiers.actions.refusals import PapersMissing
from bakhong.dossiers.actions.said import PaperGiven, Wanted
from bakhong.dossiers.actions.stepping import happen, take, words
from bakhong.dossiers.actions.timing import due_after, procedure_of
from bakhong.dossiers.actions.updates import ask_updates
from bakhong.dossiers.models import (
    Check,
    Dossier,
    Event,
    Given,
    Kind,
    LookedUp,
    PaperCheck,
    State,
    Supplement,
)
from bakhong.dossiers.queries.answers import standing_sheet
from bakhong.dossiers.rules.clock import Moment
from bakhong.dossiers.rules.reasons import NOT_FOUND, reasons
from bakhong.dossiers.supplement_answers import digest_of_answers, seal_answers
from bakhong.procedures.rules.catalogue import Procedure
from bakhong.procedures.rules.office import office

_MOST_ITEMS = 40


def ask_supplement(
    *,
    dossier: Dossier,
    items: Sequence[Wanted],
    by: Actor,
    at: datetime,
    note: str = "",
    answer_by: date | None = None,
    why_again: str = "",
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Ask for everything that is missing or wrong, each with its reason, at once. The clock stands still until it is answered.

    A second time needs `why_again` (a reason about "again"), is flagged, and makes the dossier count as late.

    Raises: Refusal when nothing is asked, a reason is unknown, a paper is not to be asked for; NotAllowed; Conflict.
    """
    said = {
        "items": [vars(each) for each in items],
        "note": note,
        "why_again": why_again,
        "answer_by": answer_by,
    }
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.ASK_SUPPLEMENT, by=by, version=version, key=key, said=said)
        if taken.done is not None:
            return taken.dossier
        found = taken.dossier
        lines = _lines(found, items)
        _again(found, why_again)
        last_day = answer_by or day_of(at) + timedelta(days=office().answer_days)
        if last_day <= day_of(at):
            raise Refusal(_("Hạn bổ sung phải sau hôm nay."))
        count = found.supplement_count + 1
        number = Supplement.objects.filter(dossier=found).count() + 1
        Supplement.objects.create(
            village_id=found.village_id,
            dossier=found,
            dossier_uuid=found.uuid,
            person_id=found.person_id,
            number=number,
            items=lines,
            note=words(note, 500),
            asked_at=at,
            asked_by=by.id,
            answer_by=last_day,
            is_repeat=count > 1,
            why_again=why_again,
        )
        _note_papers(found, lines, by, at)
        happen(
            taken,
            by=by,
            at=at,
            to=State.SUPPLEMENT,
            change={"supplement_count": count, "waiting_since": at},
            reasons=[line["reason"] for line in lines],
            note=note,
            data={
                "items": lines,
                "answer_by": last_day.isoformat(),
                "number": number,
                "is_repeat": count > 1,
            },
        )
        return found


def answer_supplement(
    *,
    dossier: Dossier,
    by: Actor,
    at: datetime,
    papers: Sequence[PaperGiven] = (),
    answers: Mapping[str, Sequence[str]] | None = None,
    note: str = "",
    version: int | None = None,
    key: UUID | None = None,
    came_in_person: bool = False,
) -> Dossier:
    """Give everything that was asked for: the dossier goes back where it was, and its due moment moves by the time waited.

    `answers`: path → the texts of its box, for each question asked and those their answers bring to light; read as the form reads them,
    kept sealed, and from then on what the dossier says (`queries.answers.standing_sheet`): who asks and how to reach them as well.

    Raises: PapersMissing naming all that is still missing or cannot be read; Refusal; NotAllowed; Conflict.
    """
    given = {path: [text.replace("\0", "") for text in texts] for path, texts in (answers or {}).items()}
    said = {
        "papers": [(each.paper, each.how, each.file and each.file.uuid) for each in papers],
        "answers": digest_of_answers(given),
    }
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.ANSWER_SUPPLEMENT, by=by, version=version, key=key, said=said)
        if taken.done is not None:
            return taken.dossier
        found = taken.dossier
        asked = Supplement.objects.select_for_update().get(dossier=found, answered_at=None)
        told, change = _told(found, asked, papers, given, at)
        files = attach(found, papers, by, at)
        _papers_came(found, papers, by, at)
        asked.answered_at = at
        asked.answers = seal_answers(told, asked.uuid) if told else None
        asked.save(update_fields=["answered_at", "answers"])
        to = came_from(found, Kind.ASK_SUPPLEMENT)
        moment = Moment(Kind.ANSWER_SUPPLEMENT, found.state, to, at)
        happen(
            taken,
            by=by,
            at=at,
            to=to,
            change=change
            | {
                "waiting_since": None,
                "due_at": due_after(found, [moment]),
                "file_count": found.file_count + len(files),
            },
            note=note,
            data={"answered": sorted(told), "files": len(files)},
            came_in_person=came_in_person,
        )
        if "fee_amount" in change:
            ask_for_fee(dossier=found, by=by, at=at)
        return found


def _told(
    found: Dossier,
    asked: Supplement,
    papers: Sequence[PaperGiven],
    given: Mapping[str, Sequence[str]],
    at: datetime,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers, and what they change of who asks and of what it costs.

    Raises: PapersMissing, with everything that is still missing or cannot be read; Refusal.
    """
    problems = _papers_missing(asked, papers)
    wanted = [line["code"] for line in asked.items if line["what"] == "question"]
    if not wanted or found.draft is None:
        if problems:
            raise PapersMissing(problems)
        return {}, {}
    before = standing_sheet(found)
    again = read_again(before, wanted, given, day_of(at))
    if problems | again.problems:
        raise PapersMissing(problems | again.problems)
    change = applicant_changed(found, before, again.after) | fee_changed(found, before, again.after, at)
    return again.values, change


def came_from(dossier: Dossier, opener: str) -> str:
    """The state in which the waiting began."""
    event = Event.objects.filter(dossier=dossier, kind=opener).order_by("-number").first()
    assert event is not None
    return str(event.state_from)


def _lines(dossier: Dossier, items: Sequence[Wanted]) -> list[dict[str, Any]]:
    """Each thing asked for with its sentence in the resident's words."""
    if not items:
        raise Refusal(_("Chọn ít nhất một giấy tờ hoặc câu trả lời cần bổ sung, kèm lý do."))
    if len(items) > _MOST_ITEMS or len({(each.what, each.code) for each in items}) < len(items):
        raise Refusal(_("Mỗi giấy tờ, câu hỏi chỉ ghi một lần, kèm một lý do."))
    procedure = procedure_of(dossier)
    checks = dict(PaperCheck.objects.filter(dossier=dossier).values_list("paper", "state"))
    return [
        _line(dossier, procedure, each) | ({"was": checks.get(each.code, "")} if each.what == "paper" else {})
        for each in items
    ]


def _line(dossier: Dossier, procedure: Procedure | None, item: Wanted) -> dict[str, Any]:
    reason = reasons().get(item.reason)
    if item.what not in ("paper", "question") or reason is None or item.what not in reason.about:
        raise Refusal(_("Chọn lý do trong danh sách cho từng mục cần bổ sung."))
    name = _paper_name(procedure, item) if item.what == "paper" else _question_name(dossier, item.code)
    own = words(item.words, 300)
    sentence = f"{reason.said(name)} {own}".strip()
    if not sentence:
        raise Refusal(_("Ghi rõ lý do cho “%(name)s” bằng lời dễ hiểu.") % {"name": name})
    return {
        "what": item.what,
        "code": item.code,
        "name": name,
        "reason": item.reason,
        "words": sentence,
    }


def _paper_name(procedure: Procedure | None, item: Wanted) -> str:
    """Raises: Refusal for a paper whose data the State holds, unless they were looked up and not found."""
    paper = procedure.paper(item.code) if procedure is not None else None
    name = name_of(procedure, item.code)
    if paper is not None and paper.held_by and item.reason != NOT_FOUND:
        raise Refusal(
            _(
                "%(name)s: Nhà nước đã có dữ liệu, không được yêu cầu nộp. Chỉ yêu cầu khi đã tra mà không thấy."
            )
            % {"name": name}
        )
    if paper is not None and paper.held_by and not words(item.words, 300):
        raise Refusal(_("%(name)s: ghi đã tra ở đâu và vì sao không thấy.") % {"name": name})
    return name


def _question_name(dossier: Dossier, path: str) -> str:
    """Raises: Refusal for what the form does not ask of these answers. A file is asked for as a paper."""
    line = standing_sheet(dossier).asked.by_path.get(path) if dossier.draft is not None else None
    if line is None or line.question.type == "file":
        raise Refusal(_("Tờ khai không có câu hỏi này."))
    label = str(line.question.label.vi)
    return f"{line.group.label.vi} {line.row + 1}: {label}" if line.group and line.row is not None else label


def _again(dossier: Dossier, why_again: str) -> None:
    if not dossier.supplement_count:
        return
    reason = reasons().get(why_again)
    if reason is None or "again" not in reason.about:
        raise Refusal(
            _(
                "Hồ sơ này đã bị yêu cầu bổ sung một lần rồi. Muốn yêu cầu lần nữa phải chọn lý do, và hồ sơ bị tính là trễ hạn."
            )
        )


def _note_papers(dossier: Dossier, lines: Sequence[Mapping[str, Any]], by: Actor, at: datetime) -> None:
    """A paper asked for again is missing; one asked for because a register does not have it is counted as not found, and the register is
    asked to be mended."""
    checks = []
    procedure = procedure_of(dossier)
    for line in lines:
        if line["what"] != "paper":
            continue
        paper = procedure.paper(line["code"]) if procedure is not None else None
        is_exception = line["reason"] == NOT_FOUND
        told = (
            {"looked_up": LookedUp.NOT_FOUND, "looked_up_at": at, "looked_up_by": by.label[:120]}
            if is_exception
            else {}
        )
        check, _is_new = PaperCheck.objects.update_or_create(
            dossier=dossier,
            paper=line["code"],
            defaults=told
            | {
                "village_id": dossier.village_id,
                "dossier_uuid": dossier.uuid,
                "person_id": dossier.person_id,
                "name": line["name"][:200],
                "state": Check.NOT_FOUND if is_exception else Check.MISSING,
                "register": paper.held_by if paper is not None else "",
                "reason": line["words"][:300] if is_exception else "",
                "at": at,
                "by": by.id,
            },
        )
        checks.append(check)
    ask_updates(dossier, checks, by=by, at=at)


def _papers_missing(asked: Supplement, papers: Sequence[PaperGiven]) -> dict[str, str]:
    """Each paper that is still missing, with a sentence."""
    brought = {each.paper for each in papers if each.file is not None or each.how == Given.ORIGINAL_SEEN}
    return {
        line["code"]: _("Còn thiếu: %(name)s.") % {"name": line["name"]}
        for line in asked.items
        if line["what"] == "paper" and line["code"] not in brought
    }


def _papers_came(dossier: Dossier, papers: Sequence[PaperGiven], by: Actor, at: datetime) -> None:
    for each in papers:
        seen = each.file is None and each.how == Given.ORIGINAL_SEEN
        PaperCheck.objects.filter(dossier=dossier, paper=each.paper, state=Check.MISSING).update(
            state=Check.SEEN if seen else Check.ATTACHED, at=at, by=by.id
        )
