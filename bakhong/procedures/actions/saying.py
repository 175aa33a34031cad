"""Storing one thing a unit says, and taking it back."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.text import squeeze
from bakhong.places.models import Unit
from bakhong.places.remembering import forget
from bakhong.procedures.models import Said
from bakhong.procedures.permissions import require

Row = TypeVar("Row", bound=Said)


def say(
    model: type[Row],
    *,
    deed: str,
    what: str,
    unit: Unit,
    source: str,
    key: UUID | None,
    by: Actor,
    at: datetime,
    **values: Any,
) -> Row:
    """The row, made once for one `key`; a later row wins over it where both speak of the same thing.

    Raises: Conflict when the key was used for something else.
    """
    key = key or new_uuid()
    with transaction.atomic():
        made, is_new = model._default_manager.get_or_create(
            key=key,
            defaults={
                "unit": unit,
                "source": source,
                "recorded_by": by.id,
                "recorded_by_label": by.label[:120],
                "recorded_at": at,
                **values,
            },
        )
        if not is_new and (made.unit_id, made.recorded_by) != (unit.pk, by.id):
            raise Conflict(_("Biểu mẫu này đã dùng cho việc khác. Hãy mở lại trang và làm lại."))
        if is_new:
            forget()
            audit.record(
                by=by,
                at=at,
                deed=deed,
                object_kind=what,
                object_id=made.uuid,
                place_id=unit.pk,
                **_details(values),
            )
    return made


def take_back(row: Said, *, deed: str, what: str, by: Actor, at: datetime) -> None:
    """As if it had never been said, though the row stays. Twice is once.

    Raises: NotAllowed.
    """
    require(row.unit, by=by)
    with transaction.atomic():
        model = type(row)
        standing = model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
        if standing.retracted_at is None:
            model._default_manager.filter(pk=row.pk).update(retracted_by=by.id, retracted_at=at)
            forget()
            audit.record(by=by, at=at, deed=deed, object_kind=what, object_id=row.uuid, place_id=row.unit_id)
    row.refresh_from_db()


def needed(text: str, most: int, sentence: str) -> str:
    """One line of text.

    Raises: Refusal with the sentence where nothing is left of it.
    """
    text = squeeze(text)[:most]
    if not text:
        raise Refusal(sentence)
    return text


def _details(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if value is None or isinstance(value, bool | int | str | list) else str(value)
        for name, value in values.items()
        if not isinstance(value, dict)  # a whole text is told by its digest
    }
