"""Open drafts that could not simply go on under another version of their form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from bakhong.core.actor import OPERATOR
from bakhong.eforms.contents import value_of
from bakhong.eforms.models import Answer, Draft, State
from bakhong.eforms.queries.forms import spec_of
from bakhong.eforms.rules.changes import lost
from bakhong.eforms.rules.spec import FormSpec
from bakhong.people import scope
from bakhong.places.models import Unit


@dataclass(frozen=True)
class Broken:
    """A draft and what of it has no place in the new version: (path, what), as `rules.changes.lost`. `labels`: place → what is asked."""

    draft: UUID
    saved_at: datetime
    losses: tuple[tuple[str, str], ...]
    labels: Mapping[str, str] = field(default_factory=dict)


def broken_drafts(spec: FormSpec, unit: Unit | None, on: date) -> list[Broken]:
    """Every open draft of earlier versions the new one would break: an author is told how many and what, never who.

    Of a unit's own form also those there that were begun under the program's.
    """
    of_unit = Q(version__form__unit=unit)
    if unit is not None:
        of_unit |= Q(version__form__unit=None, village=unit)
    with scope.seeing(OPERATOR):
        drafts = list(
            Draft.objects.filter(of_unit, version__form__code=spec.code, state=State.OPEN)
            .select_related("version")
            .order_by("pk")
        )
        answers: dict[int, list[Answer]] = {}
        for row in Answer.objects.filter(draft__in=drafts):
            answers.setdefault(row.draft_id, []).append(row)
        return list(_broken(spec, drafts, answers, on))


def _broken(
    spec: FormSpec, drafts: Iterable[Draft], answers: dict[int, list[Answer]], on: date
) -> Iterable[Broken]:
    for draft in drafts:
        old = spec_of(draft.version)
        values = {row.path: value_of(row) for row in answers.get(draft.pk, []) if not row.problem}
        losses = tuple(lost(old, spec, values, today=on))
        if losses:
            yield Broken(draft.uuid, draft.saved_at, losses, _labels(old) | _labels(spec))


def _labels(spec: FormSpec) -> dict[str, str]:
    """Place ("children.name") → label; a group under its code."""
    found = {item.code: item.label.vi for _page, item in spec.items()}
    for _page, group, question in spec.questions():
        if group is not None:
            found[f"{group.code}.{question.code}"] = question.label.vi
    return found
