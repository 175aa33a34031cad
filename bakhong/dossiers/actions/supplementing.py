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
from bakhong.core.text import squeeze
from bakhong.dossiers.actions.papers import attach, name_of
from bakhong.dossiers.actions.refusals import PapersMissing
from bakhong.dossiers.actions.said import PaperGiven, Wanted
from bakhong.dossiers.actions.stepping import happen, take, words
from bakhong.dossiers.actions.timing import due_after, procedure_of
from bakhong.dossiers.models import Check, Dossier, Event, Given, Kind, PaperCheck, State, Supplement
from bakhong.dossiers.rules.clock import Moment
from bakhong.dossiers.rules.reasons import NOT_FOUND, reasons
from bakhong.dossiers.supplement_answers import digest_of_answers, seal_answers
from bakhong.eforms.queries.forms import spec_of
from bakhong.eforms.rules.answers import Wrong, read
from bakhong.eforms.rules.spec import Question
from bakhong.eforms.sentences import sentence
from bakhong.people.actions.secrets import no_codes
from bakhong.procedures.rules.catalogue import Procedure

ANSWER_DAYS = 30  # calendar days a resident has, where nobody says otherwise
_MOST_ITEMS = 40
_SHAPED = (
    "phone",
    "national_id",
    "email",
    "person_name",
)  # read as the form reads them; anything else is words
_FREE_WORDS = ("text", "longtext", "address", "choice", "choices", "yes_no")


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
    said = {"items": [vars(each) for each in items], "note": note, "why_again": why_again}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.ASK_SUPPLEMENT, by=by, version=version, key=key, said=said)
        if taken.done is not None:
            return taken.dossier
        found = taken.dossier
        lines = _lines(found, items)
        _again(found, why_again)
        last_day = answer_by or day_of(at) + timedelta(days=ANSWER_DAYS)
        if last_day <= day_of(at):
            raise Refusal(_("Hạn bổ sung phải sau hôm nay."))
        number = found.supplement_count + 1
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
            is_repeat=number > 1,
            why_again=why_again,
        )
        _note_papers(found, lines, by, at)
        happen(
            taken,
            by=by,
            at=at,
            to=State.SUPPLEMENT,
            change={"supplement_count": number, "waiting_since": at},
            reasons=[line["reason"] for line in lines],
            note=note,
            data={
                "items": lines,
                "answer_by": last_day.isoformat(),
                "number": number,
                "is_repeat": number > 1,
            },
        )
        return found


def answer_supplement(
    *,
    dossier: Dossier,
    by: Actor,
    at: datetime,
    papers: Sequence[PaperGiven] = (),
    answers: Mapping[str, str] | None = None,
    note: str = "",
    version: int | None = None,
    key: UUID | None = None,
    came_in_person: bool = False,
) -> Dossier:
    """Give everything that was asked for: the dossier goes back where it was, and its due moment moves by the time waited.

    `answers`: path → what is right, for each question asked; kept sealed, so that a telephone or card number may be one.

    Raises: PapersMissing naming all that is still missing or cannot be read; Refusal; NotAllowed; Conflict.
    """
    given = {path: squeeze(text.replace("\0", ""))[:500] for path, text in (answers or {}).items()}
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
        _all_there(asked, papers, given)
        given = _readable(found, asked, given, at)
        files = attach(found, papers, by, at)
        _papers_came(found, papers, by, at)
        asked.answered_at = at
        asked.answers = seal_answers(given, asked.uuid) if given else None
        asked.save(update_fields=["answered_at", "answers"])
        to = came_from(found, Kind.ASK_SUPPLEMENT)
        moment = Moment(Kind.ANSWER_SUPPLEMENT, found.state, to, at)
        happen(
            taken,
            by=by,
            at=at,
            to=to,
            change={
                "waiting_since": None,
                "due_at": due_after(found, [moment]),
                "file_count": found.file_count + len(files),
            },
            note=note,
            data={"answered": sorted(given), "files": len(files)},
            came_in_person=came_in_person,
        )
        return found


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
    return [_line(dossier, procedure, each) for each in items]


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
    if dossier.draft is None:
        return path[:60]
    code = path.split(".")[-1]
    question = _questions(dossier).get(code)
    if question is not None:
        return str(question.label.vi)
    raise Refusal(_("Tờ khai không có câu hỏi này."))


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
    """A paper asked for again is missing; one asked for because a register does not have it is counted as not found."""
    procedure = procedure_of(dossier)
    for line in lines:
        if line["what"] != "paper":
            continue
        paper = procedure.paper(line["code"]) if procedure is not None else None
        is_exception = line["reason"] == NOT_FOUND
        PaperCheck.objects.update_or_create(
            dossier=dossier,
            paper=line["code"],
            defaults={
                "village_id": dossier.village_id,
                "dossier_uuid": dossier.uuid,
                "person_id": dossier.person_id,
                "name": line["name"][:200],
                "state": Check.NOT_FOUND if is_exception else Check.MISSING,
                "register": paper.held_by if paper is not None else "",
                "reason": line["words"][:300] if is_exception else "",
                "update_asked_at": at if is_exception else None,
                "at": at,
                "by": by.id,
            },
        )


def _all_there(asked: Supplement, papers: Sequence[PaperGiven], answers: Mapping[str, str]) -> None:
    """Raises: PapersMissing, with everything that is still missing."""
    brought = {each.paper for each in papers if each.file is not None or each.how == Given.ORIGINAL_SEEN}
    brought |= {path for path, text in answers.items() if text}
    missing = {
        line["code"]: _("Còn thiếu: %(name)s.") % {"name": line["name"]}
        for line in asked.items
        if line["code"] not in brought
    }
    if missing:
        raise PapersMissing(missing)


def _readable(
    dossier: Dossier, asked: Supplement, answers: Mapping[str, str], at: datetime
) -> dict[str, str]:
    """Only what was asked, as its question reads it. One-time codes and passwords are nobody's answer.

    Raises: PapersMissing with a sentence for each that cannot be read; Refusal.
    """
    wanted = {line["code"] for line in asked.items if line["what"] == "question"}
    questions = _questions(dossier)
    kept, problems = {}, {}
    for path in sorted(wanted & answers.keys()):
        text, question = answers[path], questions.get(path.split(".")[-1])
        if question is None or question.type in _FREE_WORDS:
            no_codes(text)
        value = read(question, [text], today=day_of(at)) if question and question.type in _SHAPED else text
        if isinstance(value, Wrong):
            problems[path] = sentence(value, question)
        kept[path] = str(value)
    if problems:
        raise PapersMissing(problems)
    return kept


def _questions(dossier: Dossier) -> dict[str, Question]:
    """code → question of the dossier's form."""
    if dossier.draft is None:
        return {}
    return {question.code: question for _page, _group, question in spec_of(dossier.draft.version).questions()}


def _papers_came(dossier: Dossier, papers: Sequence[PaperGiven], by: Actor, at: datetime) -> None:
    for each in papers:
        seen = each.file is None and each.how == Given.ORIGINAL_SEEN
        PaperCheck.objects.filter(dossier=dossier, paper=each.paper, state=Check.MISSING).update(
            state=Check.SEEN if seen else Check.ATTACHED, at=at, by=by.id
        )
