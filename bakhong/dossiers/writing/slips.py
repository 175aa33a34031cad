"""Forms 01 to 06 of the one-stop desk as PDF: A5 slips, the strip of a receipt printer, and the register on A4.

Source: Circular 01/2018/TT-VPCP, annex (forms 01–06). Circular 03/2025/TT-VPCP may have numbered them anew; its text was not seen.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from bakhong.core.days import VIET_NAM
from bakhong.documents.writing.pdf import typst_pdf
from bakhong.dossiers.applicants import phone_of
from bakhong.dossiers.models import (
    AgencyAsk,
    Attachment,
    Channel,
    Check,
    Dossier,
    Given,
    Kind,
    LookedUp,
    PaperCheck,
    ResultMode,
    State,
    Supplement,
)
from bakhong.dossiers.queries.books import slip_number
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.queries.dossiers import timeline
from bakhong.dossiers.queries.fees import standing
from bakhong.dossiers.queries.steps import StepTime, step_times
from bakhong.dossiers.queries.undone import last_standing
from bakhong.dossiers.queries.updates import told_of
from bakhong.dossiers.rules.reasons import reasons
from bakhong.dossiers.tracking import tracking_code_of
from bakhong.dossiers.writing.shared import (
    TYPST,
    day,
    desk_head,
    moment,
    qr,
    short_moment,
    tracking_address,
    verification,
)
from bakhong.places.models import Unit
from bakhong.procedures.labels import HELD_BY

MOST_ROWS = 2000  # of one register
REFUSALS = (Kind.REFUSE, Kind.STOP)  # what form 03 tells of


def receipt_pdf(dossier: Dossier, *, at: datetime, is_strip: bool = False, code: str = "") -> bytes:
    """Form 01, on A5 or as a strip of 80 mm: what was received, by whom, when the result is due, and the QR of its page.

    `code`, here and in the forms below: printed on what is kept, by which it is checked.
    """
    received = last_standing(dossier, Kind.RECEIVE)
    data = _common(dossier, at, code) | {
        "received_at": moment(dossier.received_at or dossier.submitted_at),
        "due_at": moment(dossier.due_at),
        "limit": _limit(dossier),
        "papers": papers_received(dossier),
        "files": [
            [name, total]
            for name, total in Attachment.objects.filter(dossier=dossier)
            .exclude(file=None)
            .order_by("id")
            .values_list("name", "sha256")
        ],
        "held": _held(dossier),
        "updates": list(told_of(dossier)),
        "fee": _fee(dossier),
        "mode": str(ResultMode(dossier.result_mode).label),
        "channel": str(Channel(dossier.channel).label),
        "officer": received.by_label if received is not None else "",
        "number": slip_number(dossier, Kind.RECEIVE),
        "book": _book(dossier),
    }
    return _pdf("strip" if is_strip else "form01", data, at)


def supplement_pdf(dossier: Dossier, *, at: datetime, code: str = "") -> bytes:
    """Form 02: everything that has to be given again, each with its reason in the resident's words."""
    rounds = Supplement.objects.filter(dossier=dossier, is_taken_back=False).order_by("-number")
    asked = rounds.first()
    assert asked is not None, "nothing was asked for"
    event = last_standing(dossier, Kind.ASK_SUPPLEMENT)
    data = _common(dossier, asked.asked_at, code) | {
        "number": slip_number(dossier, Kind.ASK_SUPPLEMENT),
        "items": [[line["name"], line["words"]] for line in asked.items],
        "note": asked.note,
        "updates": list(told_of(dossier)),
        "answer_by": day(asked.answer_by),
        "round": rounds.count(),
        "why_again": reasons()[asked.why_again].said() if asked.why_again else "",
        "officer": event.by_label if event is not None else "",
    }
    return _pdf("form02", data, at)


def refusal_pdf(dossier: Dossier, *, at: datetime, code: str = "") -> bytes:
    """Form 03: why it is not taken in or not settled, and what to do instead."""
    event = last_standing(dossier, *REFUSALS)
    assert event is not None, "it was not refused"
    data = _common(dossier, event.at, code) | {
        "number": slip_number(dossier, event.kind),
        "reasons": [reasons()[each].said() for each in event.reasons if each in reasons()],
        "note": event.note,
        "officer": event.by_label,
    }
    return _pdf("form03", data, at)


def apology_pdf(dossier: Dossier, *, at: datetime, code: str = "") -> bytes:
    """Form 04: we are sorry, and the new day."""
    event = last_standing(dossier, Kind.APOLOGISE)
    assert event is not None, "nobody apologised"
    data = _common(dossier, event.at, code) | {
        "number": slip_number(dossier, event.kind),
        "reasons": [reasons()[each].said() for each in event.reasons if each in reasons()],
        "note": event.note,
        "before": short_moment(datetime.fromisoformat(event.data["before"])),
        "promised": short_moment(datetime.fromisoformat(event.data["promised"])),
        "officer": event.by_label,
    }
    return _pdf("form04", data, at)


def control_pdf(dossier: Dossier, *, at: datetime) -> bytes:
    """Form 05: who had the dossier from when to when, in time or late, and the other agencies."""
    lines = timeline(dossier)
    times = step_times(
        [each.event for each in lines], end=dossier.finished_at or at, is_over=dossier.finished_at is not None
    )
    data = _common(dossier, at) | {
        "received_at": moment(dossier.received_at),
        "due_at": moment(dossier.due_at),
        "rows": [
            [
                short_moment(each.at),
                each.what,
                each.who,
                _step(each.step, times.get(each.event.number)),
                each.note,
            ]
            for each in lines
        ],
        "agencies": [
            [
                row.agency,
                short_moment(row.sent_at),
                short_moment(row.due_at),
                short_moment(row.answered_at),
                row.answer,
            ]
            for row in AgencyAsk.objects.filter(dossier=dossier).order_by("sent_at")
        ],
        "result": short_moment(dossier.finished_at),
        "supplements": dossier.supplement_count,
    }
    return _pdf("form05", data, at)


def _step(name: str, time: StepTime | None) -> str:
    """The step, and where it began: by when it should be done, and whether it was."""
    if time is None:
        return name
    word = "" if time.is_late is None else "; chậm" if time.is_late else "; đúng hạn"
    return f"{name}, đến {short_moment(time.due_at)}{word}"


def register_pdf(unit: Unit, rows: Iterable[Dossier], *, first: date, last: date, at: datetime) -> bytes:
    """Form 06, the register, on A4 across: the dossiers given, in their order; no more than `MOST_ROWS`, which the caller has seen to."""
    data = desk_head(unit, at) | {
        "subject": f"Sổ theo dõi hồ sơ {day(first)} - {day(last)}",
        "first": day(first),
        "last": day(last),
        "rows": [register_row(each) for each in rows],
    }
    return _pdf("form06", data, at)


def papers_received(dossier: Dossier) -> list[list[str]]:
    """[name, how it came] of each paper once, in the order it came; the application itself is no paper brought along."""
    names = dict(PaperCheck.objects.filter(dossier=dossier).values_list("paper", "name"))
    rows = (
        Attachment.objects.filter(dossier=dossier)
        .exclude(how=Given.SIGNED)
        .order_by("id")
        .values_list("paper", "how")
    )
    return [[names.get(paper, "Giấy tờ khác"), str(Given(how).label)] for paper, how in dict.fromkeys(rows)]


def _common(dossier: Dossier, on: datetime, checked_by: str = "") -> dict[str, Any]:
    """What every slip of a dossier says."""
    code = tracking_code_of(dossier)
    return desk_head(dossier.village, on) | {
        "dossier": dossier.code or "",
        "subject": f"Hồ sơ {dossier.code or ''}".strip(),
        "procedure": dossier.procedure_name,
        "name": dossier.applicant_name,
        "agent": dossier.agent_name,
        "address": dossier.applicant_address,
        "telephone": phone_of(dossier.applicant_phone, dossier.uuid),
        "qr": qr(tracking_address(code)),
        "tracking": {"code": code, "url": tracking_address(code).split("://", 1)[-1]},
        "verify": verification(checked_by) if checked_by else None,
    }


def register_row(dossier: Dossier) -> list[str]:
    """A line of form 06, without its number and the signature."""
    return [
        dossier.code or "",
        dossier.procedure_name,
        dossier.applicant_name,
        dossier.applicant_address,
        short_moment(dossier.received_at or dossier.submitted_at),
        short_moment(dossier.due_at),
        short_moment(dossier.finished_at),
        short_moment(dossier.returned_at),
        str(ResultMode(dossier.result_mode).label),
        str(State(dossier.state).label),
    ]


def _held(dossier: Dossier) -> list[str]:
    """Papers that are looked up instead of brought: where, and whether somebody has looked already."""
    rows = PaperCheck.objects.filter(dossier=dossier, state=Check.HELD).order_by("id")
    return [_held_line(each) for each in rows]


def _held_line(check: PaperCheck) -> str:
    where = str(HELD_BY.get(check.register, ""))
    seen = "đã tra, có" if check.looked_up == LookedUp.FOUND else ""
    more = ", ".join(each for each in (where, seen) if each)
    return f"{check.name} ({more})" if more else check.name


def _limit(dossier: Dossier) -> str:
    found = procedure_of(dossier)
    return found.limit.in_words() if found is not None else ""


def _fee(dossier: Dossier) -> str:
    """What it costs; of what is not paid, the code that is typed on the page for paying."""
    fee = standing(dossier)
    if fee.is_paid:
        return f"{fee.words} (đã trả)"
    if fee.is_owed and fee.charge is not None:
        return f"{fee.words}, chưa trả. Mã khoản thu: {fee.charge.reference}"
    return fee.words[:1].upper() + fee.words[1:]


def _book(dossier: Dossier) -> str:
    """The year of the register and the number in it, as form 01 asks; of dossiers older than the books the code has both."""
    if not dossier.code or dossier.received_at is None:
        return ""
    number = slip_number(dossier, Kind.RECEIVE) or dossier.code.rsplit("-", 1)[-1]
    return f"quyển số {dossier.received_at.astimezone(VIET_NAM):%Y}, số thứ tự {number.split('/')[0]}"


def _pdf(name: str, data: Mapping[str, Any], at: datetime) -> bytes:
    return typst_pdf(TYPST / "slips" / f"{name}.typ", data, at=at)
