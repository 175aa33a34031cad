"""What the three No's are read from: finished dossiers, and for which of them nobody had to come. Always with the list."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from bakhong.core.days import VIET_NAM
from bakhong.dossiers.models import Channel, Check, Dossier, Event, Kind, PaperCheck
from bakhong.dossiers.queries.undone import standing
from bakhong.dossiers.rules.on_time import Case, in_time
from bakhong.dossiers.rules.states import RESOLVED
from bakhong.eforms.models import Answer
from bakhong.eforms.rules.once_only import OnceOnly


@dataclass(frozen=True)
class Share:
    """`numerator` of `denominator`; `rows` are those counted below, `against` those of them that are not counted above."""

    numerator: int
    denominator: int
    rows: "QuerySet[Dossier]" = field(repr=False)
    against: "QuerySet[Dossier]" = field(repr=False)


Period = tuple[date, date]  # days of Viet Nam, both included


def resolved(units: Collection[int], period: Period) -> "QuerySet[Dossier]":
    """Dossiers whose result was made in the period, whatever became of it later."""
    start, end = bounds(period)
    return Dossier.objects.filter(
        village__in=list(units),
        state__in=sorted(RESOLVED),
        finished_at__gte=start,
        finished_at__lt=end,
    )


@dataclass(frozen=True)
class ProcedureCount:
    """What was asked again of what was known, in the dossiers of a procedure. `of_known`: those whose applicant a source knew;
    of the others nothing was known, so that they weigh nothing in the rate.
    """

    procedure: str
    name: str
    dossiers: int
    of_known: int
    count: OnceOnly


def once_only(units: Collection[int], period: Period) -> list[ProcedureCount]:
    """No 1, by procedure, of the dossiers handed in in the period; the worst first. `eforms.queries.once_only` has it by question."""
    start, end = bounds(period)
    rows = (
        Answer.objects.filter(
            draft__dossier__village__in=list(units),
            draft__dossier__submitted_at__gte=start,
            draft__dossier__submitted_at__lt=end,
            was_known__isnull=False,
        )
        .values("draft__dossier__procedure")
        .annotate(
            name=Max("draft__dossier__procedure_name"),
            dossiers=Count("draft", distinct=True),
            of_known=Count("draft", distinct=True, filter=Q(was_known=True)),
            asked=Count("pk"),
            known=Count("pk", filter=Q(was_known=True)),
            re_asked=Count("pk", filter=Q(is_re_asked=True)),
            typed=Count("pk", filter=Q(origin="typed")),
            corrected=Count("pk", filter=Q(is_corrected=True)),
        )
    )
    found = [
        ProcedureCount(
            row["draft__dossier__procedure"],
            row["name"],
            row["dossiers"],
            row["of_known"],
            OnceOnly(row["asked"], row["known"], row["re_asked"], row["typed"], row["corrected"]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (-each.count.re_asked, each.procedure))


def of_commune(rows: Collection[ProcedureCount]) -> ProcedureCount:
    """All procedures together."""
    counts = [each.count for each in rows]
    return ProcedureCount(
        "",
        "",
        sum(each.dossiers for each in rows),
        sum(each.of_known for each in rows),
        OnceOnly(
            asked=sum(each.asked for each in counts),
            known=sum(each.known for each in counts),
            re_asked=sum(each.re_asked for each in counts),
            typed=sum(each.typed for each in counts),
            corrected=sum(each.corrected for each in counts),
        ),
    )


def asked_once(units: Collection[int], period: Period) -> tuple[int, int]:
    """No 1 by dossier: (those that asked for nothing known again, all whose applicant a source knew) of those handed in in the period."""
    start, end = bounds(period)
    judged = Answer.objects.filter(draft=OuterRef("draft"))
    found = Dossier.objects.filter(
        Exists(judged.filter(was_known=True)),
        village__in=list(units),
        submitted_at__gte=start,
        submitted_at__lt=end,
    ).aggregate(whole=Count("pk"), spared=Count("pk", filter=~Exists(judged.filter(is_re_asked=True))))
    return found["spared"], found["whole"]


def in_person(units: Collection[int], period: Period) -> Share:
    """No 3: resolved dossiers for which nobody came to the office at any step, of all resolved ones.

    Whoever filed says nothing about it: a dossier typed by an officer at somebody's home needed no coming, one filed online for which a
    paper had to be brought did. A result fetched at the desk counts as coming; one not handed over yet is not counted as come.
    """
    rows = resolved(units, period)
    came = standing(Event.objects.filter(dossier=OuterRef("pk"), came_in_person=True))
    against = rows.filter(Exists(came))
    whole, bad = rows.count(), against.count()
    return Share(whole - bad, whole, rows, against)


def by_operator(units: Collection[int], period: Period) -> dict[str, int]:
    """Who really filed what was resolved: resident, relative, officer, digital team → how many. "Online" alone says little."""
    rows = (
        resolved(units, period)
        .values_list("operated_by")
        .annotate(number=Count("id"))
        .order_by("operated_by")
    )
    return dict(rows)


def on_time(units: Collection[int], period: Period) -> Share:
    """Dossiers that ended in the period, with a result or without, in time, of all that ended and had been received.

    Source: rules/on_time.py. Where a result was, its making is the end.
    """
    rows = ended(units, period)
    told = rows.annotate(was_late=apologised_late()).values_list(
        "pk", "due_at", "finished_at", "supplement_count", "was_late"
    )
    late = [
        pk
        for pk, due_at, finished_at, supplements, was_late in told
        if in_time(Case(due_at, finished_at, supplements, was_late)) is False
    ]
    whole = len(told)
    return Share(whole - len(late), whole, rows, rows.filter(pk__in=late))


def taken_in(units: Collection[int], period: Period, *, at: datetime) -> Share:
    """Of the dossiers handed in online in the period, those that were taken in (or answered otherwise) within the office's time for it; one
    that still has time is not counted yet. At the counter both are one deed, which would only flatter the number.

    Source: `office.toml` of procedures, `receive` (its text in force was not seen).
    """
    start, end = bounds(period)
    answered = Coalesce("received_at", "finished_at")
    rows = (
        Dossier.objects.filter(
            village__in=list(units),
            channel=Channel.ONLINE,
            submitted_at__gte=start,
            submitted_at__lt=end,
            receive_by__isnull=False,
        )
        .annotate(answered_at=answered)
        .filter(Q(answered_at__isnull=False) | Q(receive_by__lt=at))
    )
    against = rows.filter(Q(answered_at__isnull=True) | Q(answered_at__gt=F("receive_by")))
    bad, whole = against.count(), rows.count()
    return Share(whole - bad, whole, rows, against)


def reappointed(units: Collection[int], period: Period) -> Share:
    """Of the dossiers that ended in the period and had been received, those whose day was named anew with an apology."""
    rows = ended(units, period)
    against = rows.filter(apologised_at__isnull=False)
    return Share(against.count(), rows.count(), rows, against)


def apologised_late() -> Exists:
    """Of a dossier: whether its new day was named only after the old one had passed."""
    sorry = Event.objects.filter(dossier=OuterRef("pk"), kind=Kind.APOLOGISE)
    before = Cast(KeyTextTransform("before", "data"), DateTimeField())
    return Exists(sorry.annotate(before=before).filter(at__gt=F("before")))


def was_late(dossier: Dossier) -> bool:
    """`apologised_late` of one."""
    return Dossier.objects.filter(apologised_late(), pk=dossier.pk).exists()


def ended(units: Collection[int], period: Period) -> "QuerySet[Dossier]":
    """Dossiers that had been received and ended in the period, with a result or without."""
    start, end = bounds(period)
    return Dossier.objects.filter(
        village__in=list(units),
        finished_at__gte=start,
        finished_at__lt=end,
        due_at__isnull=False,
    )


def asked_twice(units: Collection[int], period: Period) -> Share:
    """Of the dossiers sent back for something in the period, those sent back more than once."""
    start, end = bounds(period)
    asks = Event.objects.filter(dossier=OuterRef("pk"), kind=Kind.ASK_SUPPLEMENT)
    first = standing(asks).order_by("number")
    rows = (
        Dossier.objects.filter(village__in=list(units), supplement_count__gt=0)
        .annotate(asked_at=Subquery(first.values("at")[:1]))
        .filter(asked_at__gte=start, asked_at__lt=end)
    )
    against = rows.filter(supplement_count__gt=1)
    return Share(against.count(), rows.count(), rows, against)


def not_found(units: Collection[int], period: Period) -> "QuerySet[PaperCheck]":
    """Papers asked for although a register should have them: looked up, not found, each with its reason. Registers to be mended."""
    start, end = bounds(period)
    return (
        PaperCheck.objects.filter(village__in=list(units), state=Check.NOT_FOUND, at__gte=start, at__lt=end)
        .select_related("dossier")
        .order_by("at", "id")
    )


def bounds(period: Period) -> tuple[datetime, datetime]:
    """The moments of the period, the end excluded."""
    first, last = period
    return datetime.combine(first, time(), VIET_NAM), datetime.combine(last + timedelta(1), time(), VIET_NAM)
