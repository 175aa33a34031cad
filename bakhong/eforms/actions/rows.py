"""One row of a repeating group more or less."""

from datetime import datetime

from bakhong.core.actor import Actor
from bakhong.eforms.contents import fill, offered_of, value_of
from bakhong.eforms.models import Answer, Draft, Origin
from bakhong.eforms.rules.rows import Changed


def apply_rows(draft: Draft, change: Changed, *, by: Actor, at: datetime) -> None:
    """One row of a group more or less: those behind a removed one move up, with all they know."""
    rows = {row.path: row for row in Answer.objects.filter(draft=draft, path__startswith=f"{change.group}.")}
    if change.removed is not None:
        moved = []
        for path, row in sorted(rows.items()):
            parts = path.split(".")
            if int(parts[1]) == change.removed:
                row.delete()
            elif int(parts[1]) > change.removed:
                moved.append((row, f"{parts[0]}.{int(parts[1]) - 1}.{parts[2]}"))
        _move(moved)
    counted = Answer.objects.filter(draft=draft, path=change.group).first() or Answer(
        village_id=draft.village_id, draft=draft, draft_uuid=draft.uuid, path=change.group
    )
    counted.origin = Origin.TYPED
    counted.is_corrected = counted.offered is not None and counted.offered != change.count
    counted.value, counted.revision, counted.typed_by, counted.at = (
        change.count,
        draft.revision + 1,
        by.id,
        at,
    )
    counted.save()


def _move(moved: list[tuple[Answer, str]]) -> None:
    """Rows are written anew at their new path: an answer's own path never changes."""
    for old, path in moved:
        value, offered, is_sealed = value_of(old), offered_of(old), old.sealed is not None
        fresh = Answer(
            **{
                field.attname: getattr(old, field.attname)
                for field in Answer._meta.concrete_fields
                if field.name not in ("id", "uuid", "path")
            },
            path=path,
        )
        old.delete()
        fill(fresh, value=value, offered=offered, is_sealed=is_sealed)
        fresh.save(force_insert=True)
