"""One dossier, found by whoever may see it, with what happened to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor, Operator
from bakhong.core.text import squeeze
from bakhong.dossiers.applicants import number_index
from bakhong.dossiers.models import Dossier, Event, Kind, State, Supplement
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.queries.filed_elsewhere import known_as
from bakhong.dossiers.queries.undone import standing
from bakhong.dossiers.rules.reasons import reasons

_RESIDENTS_NEED_NOT = frozenset(
    {Kind.ASSIGN, Kind.WARN, Kind.ESCALATE, Kind.SEND_BACK, Kind.REOPEN, Kind.VISIT}
)


@dataclass(frozen=True)
class Happened:
    """One line of the history. `words`: who did what; `reasons`: in residents' words; `step`: in words."""

    event: Event
    what: str
    who: str
    at: datetime
    step: str
    reasons: tuple[str, ...]
    note: str


def dossier_for(actor: Actor, uuid: UUID) -> Dossier | None:
    """None where it does not exist, or is somebody else's. A resident's connection shows only what is theirs."""
    is_staff = isinstance(actor, StaffActor | Operator)
    rows: QuerySet[Dossier] = Dossier.objects.for_user(actor) if is_staff else Dossier.objects.all()
    return rows.select_related("village", "person", "draft__version").filter(uuid=uuid).first()


def find(actor: Actor, text: str, *, most: int = 20) -> list[Dossier]:
    """What an officer types or scans into the search box: a code (ours, or another system's), a card's number. At most so many, the newest
    first."""
    typed = squeeze(text.replace("\0", ""))[:80]
    if not typed:
        return []
    digits = "".join(char for char in typed if char.isdigit())
    wanted = Q(code__iexact=typed) | known_as(typed)
    if len(digits) == 12 and digits == typed:
        wanted |= Q(applicant_national_id_index=number_index(digits))
    rows = Dossier.objects.for_user(actor).select_related("village")
    return list(rows.filter(wanted).order_by("-submitted_at", "-id")[:most])


def timeline(dossier: Dossier, *, for_resident: bool = False) -> list[Happened]:
    """What happened, the newest last. `for_resident`: without what goes on inside the office, and without officers' names."""
    rows: QuerySet[Event] = Event.objects.filter(dossier=dossier).order_by("number")
    if for_resident:
        rows = standing(rows).exclude(kind__in=sorted(_RESIDENTS_NEED_NOT))
    procedure = procedure_of(dossier)
    return [_line(row, procedure, for_resident) for row in rows]


def supplement_waited_for(dossier: Dossier) -> Supplement | None:
    """What the resident has to give now; one that was never answered waits no more once the dossier has ended."""
    if dossier.state != State.SUPPLEMENT:
        return None
    return Supplement.objects.filter(dossier=dossier, answered_at=None).first()


def _line(row: Event, procedure: Any, for_resident: bool) -> Happened:
    step = procedure.step(row.step) if procedure is not None and row.step else None
    told = tuple(line["words"] for line in row.data.get("items", ()) if isinstance(line, dict))
    if row.kind == Kind.TAKE_BACK and row.data:
        told = (str(Kind(row.data["kind"]).label).capitalize(),)
    told = told or tuple(reasons()[code].said() for code in row.reasons if code in reasons())
    return Happened(
        row,
        str(Kind(row.kind).label).capitalize(),
        "" if for_resident else row.by_label,
        row.at,
        step.name() if step is not None else "",
        tuple(filter(None, told)),
        row.note,
    )
