"""Open drafts that could not simply go on under another version of their form."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bakhong.core.actor import OPERATOR
from bakhong.eforms.contents import value_of
from bakhong.eforms.models import Answer, Draft, Form, State
from bakhong.eforms.queries.forms import spec_of
from bakhong.eforms.rules.changes import lost
from bakhong.eforms.rules.spec import FormSpec
from bakhong.people import scope
from bakhong.places.models import Unit


@dataclass(frozen=True)
class Broken:
    """A draft and what of it has no place in the new version: (path, what), `what`: "gone", "type", "option", "new_required"."""

    draft: UUID
    saved_at: datetime
    losses: tuple[tuple[str, str], ...]


def broken_drafts(spec: FormSpec, form: Form) -> list[Broken]:
    """Every open draft of earlier versions the new one would break, wherever it is: an author is told how many and what, never who."""
    with scope.seeing(OPERATOR):
        drafts = list(
            Draft.objects.filter(version__form=form, state=State.OPEN)
            .select_related("version")
            .order_by("pk")
        )
        answers: dict[int, list[Answer]] = {}
        for row in Answer.objects.filter(draft__in=drafts):
            answers.setdefault(row.draft_id, []).append(row)
        return list(_broken(spec, drafts, answers))


def preview_break(spec: FormSpec, unit: Unit | None) -> list[Broken]:
    """What publishing this text for a unit (None: for all) would break now. A unit's first own form breaks nothing: drafts keep theirs."""
    form = Form.objects.filter(code=spec.code, unit=unit).first()
    return broken_drafts(spec, form) if form is not None else []


def _broken(spec: FormSpec, drafts: Iterable[Draft], answers: dict[int, list[Answer]]) -> Iterable[Broken]:
    for draft in drafts:
        values = {row.path: value_of(row) for row in answers.get(draft.pk, []) if not row.problem}
        losses = tuple(lost(spec_of(draft.version), spec, values))
        if losses:
            yield Broken(draft.uuid, draft.saved_at, losses)
