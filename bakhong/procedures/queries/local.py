"""What units say of procedures themselves, and the catalogue of a unit: what shipped, with what it and those above it say laid over it."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from bakhong.places.models import Unit
from bakhong.places.remembering import remembered
from bakhong.procedures.models import LocalProcedure
from bakhong.procedures.queries.calendar import line_of
from bakhong.procedures.rules import catalogue as shipped
from bakhong.procedures.rules.catalogue import Procedure


def catalogue(unit: Unit, on: date, line: Sequence[Unit] | None = None) -> Mapping[str, Procedure]:
    """code → the version in force at a unit on a day: what shipped first, in its order, then the unit's own. The nearest unit's word
    counts, of one unit's the one that began last. `line`: the unit and those above it, where they are known."""
    found = dict(shipped.procedures(on))
    for code, row in _deciding(line_of(unit, on) if line is None else line, on).items():
        if row.spec is not None:
            found[code] = as_procedure(row)
        elif code not in shipped.procedures(on):
            found.pop(code, None)
    return found


def procedure(unit: Unit, code: str, on: date) -> Procedure | None:
    """The version in force at a unit on a day; None where there is none."""
    return catalogue(unit, on).get(code)


def version_of(code: str, version: int) -> Procedure | None:
    """One version, whatever the day and whoever said it, also what was taken back since: what a dossier was handed in under."""
    if version < LocalProcedure.FIRST:
        return shipped.version_of(code, version)
    return _KEPT.get((code, version)) or _read(code, version)


def as_procedure(row: LocalProcedure) -> Procedure:
    """Raises: CatalogueError, which `define_procedure` lets nobody store."""
    head = {"code": row.code, "version": row.version, "valid_from": row.valid_from}
    return shipped.read({"procedure": [{**(row.spec or {}), **head}]})[0]


def versions_said(unit: Unit, code: str, on: date) -> list[LocalProcedure]:
    """What was said of a procedure and stands, by the unit and those above it, the latest first."""
    ids = [each.pk for each in line_of(unit, on)]
    rows = LocalProcedure.objects.filter(unit_id__in=ids, code=code, retracted_at=None).select_related("unit")
    return list(rows.order_by("-valid_from", "-recorded_at", "-id"))


def latest_of(unit: Unit, code: str) -> LocalProcedure | None:
    """What this very unit said last of a procedure and did not take back, also of a day to come."""
    rows = LocalProcedure.objects.filter(unit=unit, code=code, retracted_at=None)
    return rows.order_by("recorded_at", "id").last()


def out_of_sight(unit: Unit, on: date) -> list[tuple[str, LocalProcedure]]:
    """(short name, last row) of the unit's own tasks that its catalogue of the day does not show: of a day to come, or done no more."""
    rows = LocalProcedure.objects.filter(unit=unit, retracted_at=None).exclude(code__in=catalogue(unit, on))
    last, names = {}, {}
    for row in rows.order_by("recorded_at", "id"):
        last[row.code] = row
        if row.spec is not None:
            names[row.code] = str(row.spec["short"]["vi"])
    return [(names.get(code, code), row) for code, row in last.items()]


def definition_of(unit: Unit, uuid: UUID) -> LocalProcedure | None:
    """A row that this very unit said; those of a unit above are not its own to take back."""
    return LocalProcedure.objects.filter(unit=unit, uuid=uuid).select_related("unit").first()


def _deciding(line: Sequence[Unit], on: date) -> Mapping[str, LocalProcedure]:
    """code → the row that decides. Read once a request."""
    key = ("procedures said", tuple(each.pk for each in line), on)
    return remembered(key, lambda: _read_deciding(line, on))


def _read_deciding(line: Sequence[Unit], on: date) -> Mapping[str, LocalProcedure]:
    at = {each.pk: place for place, each in enumerate(line)}
    rows = LocalProcedure.objects.filter(unit_id__in=at, retracted_at=None, valid_from__lte=on)
    ordered = sorted(rows, key=lambda row: (at[row.unit_id], row.valid_from, row.recorded_at, row.pk))
    return {row.code: row for row in ordered}


# A version never changes and its number is never given again, so it is read once.
_KEPT: dict[tuple[str, int], Procedure] = {}


def _read(code: str, version: int) -> Procedure | None:
    rows = LocalProcedure.objects.filter(pk=version - LocalProcedure.FIRST, code=code)
    row = rows.exclude(spec=None).first()
    if row is None:
        return None
    if len(_KEPT) > 500:
        _KEPT.clear()
    _KEPT[code, version] = found = as_procedure(row)
    return found
