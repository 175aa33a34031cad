"""The fields of a dossier in another system's order, and how many of them are typed twice."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from bakhong.core.days import VIET_NAM
from bakhong.dossiers.applicants import number_of, phone_of
from bakhong.dossiers.models import Channel, CopyEvent, Dossier
from bakhong.dossiers.queries.answers import standing_sheet
from bakhong.dossiers.queries.counts import Period, bounds
from bakhong.dossiers.rules.targets import Target, targets
from bakhong.eforms.rules.answers import shown


@dataclass(frozen=True)
class CopyLine:
    """`hides`: as TargetField's."""

    code: str
    label: str
    value: str
    hides: str = ""


@dataclass(frozen=True)
class TypedTwice:
    """Of one procedure and one other system: `copied` of `offered` fields, in `dossiers` of the `received`. `target` None: none of them
    was copied anywhere, or nobody used the panel."""

    procedure: str
    name: str
    target: Target | None
    received: int
    dossiers: int = 0
    offered: int = 0
    copied: int = 0


def copy_lines(dossier: Dossier, target: Target, lang: str = "vi") -> list[CopyLine]:
    """What there is to copy, in the other system's order; a field without a value is left out."""
    by_kind: Mapping[str, Mapping[str, str]] = {
        "dossier": _of_dossier(dossier),
        **(_of_form(dossier, lang) if dossier.draft is not None else {"known": {}, "answer": {}}),
    }
    found = [
        CopyLine(each.code, each.label, by_kind[each.kind].get(each.name, ""), each.hides)
        for each in target.fields
    ]
    return [each for each in found if each.value]


def copied_of(dossier: Dossier) -> dict[str, CopyEvent]:
    """target → what was copied there."""
    return {each.target: each for each in CopyEvent.objects.filter(dossier=dossier)}


def typed_twice(units: Collection[int], period: Period) -> list[TypedTwice]:
    """Fields that were typed again, by procedure and system, of dossiers received in the period; every procedure that had any, the most
    first."""
    rows = (
        copied_rows(units, period)
        .values("dossier__procedure", "target")
        .annotate(dossiers=Count("dossier"), offered_sum=Sum("offered"), copied_sum=Sum("copied_count"))
    )
    copied: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        copied.setdefault(row["dossier__procedure"], []).append(row)
    came = _received(units, period).values("procedure").annotate(name=Max("procedure_name"), n=Count("pk"))
    found = [line for each in came for line in _lines_of(each["procedure"], each["name"], each["n"], copied)]
    return sorted(found, key=lambda each: (-each.copied, -each.received, each.procedure))


def copied_rows(units: Collection[int], period: Period) -> "QuerySet[CopyEvent]":
    """The list behind."""
    return CopyEvent.objects.filter(village__in=list(units), dossier__in=_received(units, period))


def _received(units: Collection[int], period: Period) -> "QuerySet[Dossier]":
    start, end = bounds(period)
    return Dossier.objects.filter(village__in=list(units), received_at__gte=start, received_at__lt=end)


def _lines_of(
    procedure: str, name: str, received: int, copied: Mapping[str, list[Mapping[str, Any]]]
) -> list[TypedTwice]:
    known = targets()
    found = [
        TypedTwice(
            procedure,
            name,
            known[row["target"]],
            received,
            row["dossiers"],
            row["offered_sum"],
            row["copied_sum"],
        )
        for row in copied.get(procedure, ())
        if row["target"] in known
    ]
    return found or [TypedTwice(procedure, name, None, received)]


def _of_dossier(dossier: Dossier) -> dict[str, str]:
    return {
        "code": dossier.code or "",
        "procedure": dossier.procedure,
        "procedure_name": dossier.procedure_name,
        "applicant_name": dossier.applicant_name,
        "applicant_address": dossier.applicant_address,
        "agent_name": dossier.agent_name,
        "summary": dossier.summary,
        "channel": str(Channel(dossier.channel).label),
        "national_id": number_of(dossier.applicant_national_id, dossier.uuid),
        "phone": phone_of(dossier.applicant_phone, dossier.uuid),
        "submitted_at": _moment(dossier.submitted_at),
        "received_at": _moment(dossier.received_at),
        "due_at": _moment(dossier.due_at),
    }


def _of_form(dossier: Dossier, lang: str) -> dict[str, dict[str, str]]:
    """Its answers in words, by what the State knows them as (outside groups that repeat) and by path."""
    assert dossier.draft is not None
    sheet = standing_sheet(dossier)
    known: dict[str, str] = {}
    answers: dict[str, str] = {}
    for line in sheet.asked.lines:
        value = sheet.values.get(line.path)
        if value in (None, "", []):
            continue
        text = shown(line.question, value, lang)
        answers[line.path] = text
        if line.group is None and line.question.known_as:
            known.setdefault(line.question.known_as, text)
    return {"known": known, "answer": answers}


def _moment(at: datetime | None) -> str:
    return at.astimezone(VIET_NAM).strftime("%d/%m/%Y %H:%M") if at else ""
