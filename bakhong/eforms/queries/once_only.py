"""How much was asked again of what was known: of a draft, of each form, of each question; and the drafts behind each number."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Func, Max, Q, QuerySet, Value

from bakhong.core.days import VIET_NAM
from bakhong.eforms.contents import offered_of
from bakhong.eforms.models import Answer, Draft, FormVersion, Origin, State
from bakhong.eforms.queries.forms import spec_of
from bakhong.eforms.rules.once_only import Counted, OnceOnly, count

Period = tuple[date, date]  # both days included


@dataclass(frozen=True)
class FormCount:
    """What was counted of the submitted drafts of a form."""

    form: str
    title: str
    drafts: int
    count: OnceOnly


@dataclass(frozen=True)
class Offending:
    """A question that was asked although its answer was known: how often, of how many answers known; `drafts` are those asked again."""

    form: str
    place: str  # "children.name": without the row
    label: str
    re_asked: int
    known: int
    drafts: tuple[UUID, ...]


def counted(row: Answer) -> Counted:
    return Counted(
        path=row.path,
        is_known=bool(row.was_known),
        is_typed=row.origin == Origin.TYPED,
        was_offered=offered_of(row) is not None,
        is_corrected=row.is_corrected,
    )


def once_only_of(draft: Draft) -> OnceOnly:
    """Of one draft, as it was judged."""
    return count(
        counted(row) for row in Answer.objects.filter(draft=draft, was_known__isnull=False).order_by("pk")
    )


def by_form(units: Collection[int], period: Period) -> list[FormCount]:
    """Of each form with submitted drafts in these communes and days, the worst first."""
    rows = (
        _judged(units, period)
        .values("draft__version__form__code")
        .annotate(drafts=Count("draft", distinct=True), **_COUNTS)
    )
    titles = _titles(row["draft__version__form__code"] for row in rows)
    found = [
        FormCount(code, titles[code], row["drafts"], _sum(row))
        for row in rows
        for code in [row["draft__version__form__code"]]
    ]
    return sorted(found, key=lambda each: (-each.count.re_asked, each.form))


def offending_questions(units: Collection[int], period: Period) -> list[Offending]:
    """Questions asked again, the most often first, each with the drafts behind its number."""
    place = Func(F("path"), Value(r"\.\d+\."), Value("."), function="regexp_replace")
    again = Q(is_re_asked=True)
    rows = (
        _judged(units, period)
        .filter(was_known=True)
        .annotate(place=place)
        .values("place", form=F("draft__version__form__code"))
        .annotate(
            known=Count("pk"),
            re_asked=Count("pk", filter=again),
            drafts=ArrayAgg("draft_uuid", filter=again, distinct=True),
            version=Max("draft__version", filter=again),
        )
        .filter(re_asked__gt=0)
    )
    found = [
        Offending(
            form=row["form"],
            place=row["place"],
            label=_label(row["version"], row["place"]),
            re_asked=row["re_asked"],
            known=row["known"],
            drafts=tuple(row["drafts"]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (-each.re_asked, each.form, each.place))


_COUNTS = {
    "asked": Count("pk"),
    "known": Count("pk", filter=Q(was_known=True)),
    "re_asked": Count("pk", filter=Q(is_re_asked=True)),
    "typed": Count("pk", filter=Q(origin=Origin.TYPED)),
    "corrected": Count("pk", filter=Q(is_corrected=True)),
}


def _judged(units: Collection[int], period: Period) -> QuerySet[Answer]:
    first, last = (
        datetime.combine(day, edge, VIET_NAM) for day, edge in zip(period, (time.min, time.max), strict=True)
    )
    rows: QuerySet[Answer] = Answer.objects.filter(
        village__in=units,
        draft__state=State.SUBMITTED,
        draft__submitted_at__range=(first, last),
        was_known__isnull=False,
    )
    return rows


def _sum(row: Any) -> OnceOnly:
    return OnceOnly(row["asked"], row["known"], row["re_asked"], row["typed"], row["corrected"])


def _titles(codes: Any) -> dict[str, str]:
    found = {}
    for version in (
        FormVersion.objects.filter(form__code__in=set(codes)).select_related("form").order_by("pk")
    ):
        found[version.form.code] = spec_of(version).title.vi
    return found


def _label(version: int, place: str) -> str:
    spec = spec_of(FormVersion.objects.get(pk=version))
    for _page, group, question in spec.questions():
        if place == (f"{group.code}.{question.code}" if group else question.code):
            return question.label.vi
    return place
