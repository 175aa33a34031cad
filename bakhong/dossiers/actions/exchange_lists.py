"""Taking in a list of the provincial one-stop system, and taking it back. The same list again changes nothing."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.dossiers.models import ColumnMapping, ExternalDossier, ProvincialList
from bakhong.dossiers.permissions import EXCHANGE, require
from bakhong.dossiers.provincial import ProvincialFile
from bakhong.dossiers.rules.provincial import Line
from bakhong.people.rules.headings import Layout
from bakhong.places.models import Level, Unit

_AT_ONCE = 1000


@dataclass(frozen=True)
class Outcome:
    """`taken` None: the list said nothing new, and nothing was written."""

    taken: ProvincialList | None
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    rejected: int = 0

    def counts(self) -> dict[str, int]:
        names = ("new", "changed", "unchanged", "older", "rejected")
        return {name: getattr(self, name) for name in names}


def take_list(
    *,
    unit: Unit,
    file: ProvincialFile,
    file_name: str,
    content: bytes,
    as_of: date,
    by: Actor,
    at: datetime,
) -> Outcome:
    """Take in every row that is new or says something else than stands; what a later list said stays. The columns are remembered.

    Raises: NotAllowed; Refusal.
    """
    require(EXCHANGE, unit.pk, by=by)
    if unit.level != Level.COMMUNE:
        raise Refusal(_("Danh sách được nhập cho một xã, phường hoặc thị trấn."))
    if as_of > day_of(at):
        raise Refusal(_("Ngày của danh sách ở tương lai. Hãy ghi lại ngày."))
    if not any(each.has("code") for each in file.layouts):
        raise Refusal(_("Chọn cột mã hồ sơ rồi nhập lại."))
    with transaction.atomic():
        # Two lists of one commune wait for each other.
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        remember_columns(unit, file.layouts, by, at)
        return _take(unit, file, file_name, content, as_of, by, at)


def remember_columns(unit: Unit, layouts: Iterable[Layout], by: Actor, at: datetime) -> None:
    """Inside the transaction of the deed that uses them."""
    for each in layouts:
        ColumnMapping.objects.update_or_create(
            village=unit,
            headings=each.shape,
            defaults={
                "fields": each.said,
                "said_at": at,
                "said_by": by.id,
            },
        )


def undo_list(*, taken: ProvincialList, by: Actor, at: datetime) -> int:
    """Take one list back: what was said before stands again. Returns how many dossiers stand otherwise now.

    Raises: NotFound; NotAllowed; Conflict when it was taken back already.
    """
    require(EXCHANGE, taken.village_id, by=by)
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=taken.village_id)
        held: ProvincialList | None = ProvincialList.objects.select_for_update().filter(pk=taken.pk).first()
        if held is None:
            raise NotFound(_("Không có lần nhập này."))
        if held.undone_at is not None:
            raise Conflict(_("Lần nhập này đã được thu hồi rồi."))
        held.undone_at, held.undone_by = at, by.id
        held.save(update_fields=["undone_at", "undone_by"])
        rows = ExternalDossier.objects.filter(batch=held, is_current=True)
        codes = list(rows.values_list("code", flat=True))
        rows.update(is_current=False)
        _restore(held.village_id, codes)
        _trail(held, "dossiers.undo_list", by, at, rows=len(codes))
    return len(codes)


def _restore(village: int, codes: Sequence[str]) -> None:
    """Of each code, what the latest list that still stands says."""
    for start in range(0, len(codes), _AT_ONCE):
        rows = (
            ExternalDossier.objects.filter(
                village_id=village, code__in=codes[start : start + _AT_ONCE], batch__undone_at=None
            )
            .order_by("code", "-batch__as_of", "-pk")
            .distinct("code")
        )
        ExternalDossier.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(is_current=True)


def _take(
    unit: Unit,
    file: ProvincialFile,
    file_name: str,
    content: bytes,
    as_of: date,
    by: Actor,
    at: datetime,
) -> Outcome:
    good = [each for each in file.lines if not each.is_rejected]
    stands = _standing(unit, [each.code for each in good])
    new = [each for each in good if each.code not in stands]
    others = [each for each in good if each.code in stands and stands[each.code][1] != each.digest]
    changed = [each for each in others if stands[each.code][2] <= as_of]
    told = {
        "new": len(new),
        "changed": len(changed),
        "unchanged": len(good) - len(new) - len(others),
        "older": len(others) - len(changed),
        "rejected": len(file.lines) - len(good),
    }
    if not new and not changed:
        return Outcome(None, **told)
    batch = ProvincialList.objects.create(
        village=unit,
        file_name=file_name.replace("\0", "")[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        as_of=as_of,
        counts=told,
        taken_at=at,
        taken_by=by.id,
        taken_label=by.label[:120],
    )
    ExternalDossier.objects.filter(pk__in=[stands[each.code][0] for each in changed]).update(is_current=False)
    ExternalDossier.objects.bulk_create([_row(unit, batch, each) for each in [*new, *changed]], _AT_ONCE)
    _trail(batch, "dossiers.take_list", by, at, new=len(new), changed=len(changed))
    return Outcome(batch, **told)


def _standing(unit: Unit, codes: Sequence[str]) -> dict[str, tuple[int, str, date]]:
    """code → (row, digest, day of its list) of what stands."""
    found: dict[str, tuple[int, str, date]] = {}
    for start in range(0, len(codes), _AT_ONCE):
        rows = ExternalDossier.objects.filter(
            village=unit, is_current=True, code__in=codes[start : start + _AT_ONCE]
        )
        for pk, code, digest, day in rows.values_list("pk", "code", "digest", "batch__as_of"):
            found[code] = (pk, digest, day)
    return found


def _row(unit: Unit, batch: ProvincialList, line: Line) -> ExternalDossier:
    return ExternalDossier(
        village=unit,
        batch=batch,
        code=line.code,
        digest=line.digest,
        place=f"{line.sheet}!{line.row + 1}"[:80],
        procedure=line.procedure,
        procedure_name=line.procedure_name,
        sector=line.sector,
        channel=line.channel,
        state=line.state,
        filed_at=line.filed,
        received_at=line.received,
        due_at=line.due,
        finished_at=line.finished,
        returned_at=line.returned,
        refused_at=line.refused,
        supplements=line.supplements,
        asked_at=line.asked,
        answered_at=line.answered,
        waited_minutes=line.waited,
        is_digitised=line.digitised,
        is_reused=line.reused,
        is_from_store=line.from_store,
        is_population=line.population,
    )


def _trail(taken: ProvincialList, deed: str, by: Actor, at: datetime, **told: int) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="provincial_list",
        object_id=taken.uuid,
        place_id=taken.village_id,
        **told,
    )
