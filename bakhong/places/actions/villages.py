"""Villages are made, named, merged and split by their commune."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.numbers import format_day
from bakhong.core.text import identity_key, name_key, squeeze
from bakhong.places.actions.allowing import require
from bakhong.places.models import Extent, Level, Membership, Succession, Unit
from bakhong.places.permissions import MANAGE_VILLAGES
from bakhong.places.rules.naming import VILLAGE_KINDS, full_name, in_sentence, order_key, readings

NAME_LENGTH = 120


def create_village(*, commune: Unit, kind: str, name: str, valid_from: date, by: Actor, at: datetime) -> Unit:
    """A village of a commune from a day on; see `create_villages`."""
    return create_villages(commune=commune, villages=[(kind, name)], valid_from=valid_from, by=by, at=at)[0]


def create_villages(
    *, commune: Unit, villages: Sequence[tuple[str, str]], valid_from: date, by: Actor, at: datetime
) -> list[Unit]:
    """Villages (kind, name) of a commune from a day on. Where the commune later went whole to another, they go along.

    Raises: NotAllowed; Refusal when a name is empty, too long or taken, or the commune did not exist that day.
    """
    require(MANAGE_VILLAGES, commune, by=by, at=at)
    named = [_checked_name(kind, name) for kind, name in villages]
    with transaction.atomic():
        commune = _locked(commune)
        _check_day_of(commune, valid_from)
        _check_names(commune, named, valid_from, leaving=())
        made = _make(commune, named, valid_from)
        _join(made, commune, valid_from)
        audit.record(
            by=by,
            at=at,
            deed="places.create_villages",
            object_kind="unit",
            object_id=commune.uuid,
            place_id=commune.pk,
            villages=_uuids(made),
            valid_from=valid_from,
        )
    return made


def rename_village(*, village: Unit, kind: str, name: str, by: Actor, at: datetime) -> Unit:
    """Mend a village's name or kind. It stays the same village, on every day; the trail keeps the name before.

    Raises: NotAllowed; Refusal when the name is empty, too long or taken.
    """
    commune = _last_commune(village)
    require(MANAGE_VILLAGES, commune, by=by, at=at)
    named = _checked_name(kind, name)
    with transaction.atomic():
        commune = _locked(commune)
        village = Unit.objects.select_for_update(no_key=True).get(pk=village.pk)
        _check_names(commune, [named], village.valid_from, leaving=[village.pk])
        before = village.full_name
        for field, value in _name_fields(*named).items():
            setattr(village, field, value)
        village.save(update_fields=list(_name_fields(*named)))
        audit.record(
            by=by,
            at=at,
            deed="places.rename_village",
            object_kind="unit",
            object_id=village.uuid,
            place_id=commune.pk,
            before=before,
            after=village.full_name,
        )
    return village


def merge_villages(
    *, villages: Collection[Unit], kind: str, name: str, on: date, by: Actor, at: datetime, source: str = ""
) -> Unit:
    """Several villages of one commune become one new village on a day. `source` names the resolution.

    Raises: NotAllowed; Refusal when they are fewer than two, of two communes, have ended, or begin on that day or
    later, or when the name is taken.
    """
    villages = list({village.pk: village for village in villages}.values())
    if len(villages) < 2:
        raise Refusal(_("Chọn ít nhất hai thôn để nhập làm một."))
    made = _replace(
        villages, [_checked_name(kind, name)], on, Extent.WHOLE, by, at, source, "places.merge_villages"
    )
    return made[0]


def split_village(
    *, village: Unit, parts: Sequence[tuple[str, str]], on: date, by: Actor, at: datetime, source: str = ""
) -> list[Unit]:
    """A village is divided into new villages (kind, name) on a day. Who lives in which part is not guessed.

    Raises: NotAllowed; Refusal as `merge_villages`.
    """
    if len(parts) < 2:
        raise Refusal(_("Chia một thôn thì phải thành ít nhất hai thôn mới."))
    named = [_checked_name(kind, name) for kind, name in parts]
    return _replace([village], named, on, Extent.PART, by, at, source, "places.split_village")


def undo_village_change(*, village: Unit, by: Actor, at: datetime) -> list[Unit]:
    """Take back the merger or split that made (or ended) this village, while nothing hangs on what it made.

    Returns the villages that stand again. Raises: NotAllowed; Refusal when the village was not made or ended so;
    Conflict when something is already recorded for the new villages.
    """
    require(MANAGE_VILLAGES, _last_commune(village), by=by, at=at)
    with transaction.atomic():
        made, ended, on = _change_around(Unit.objects.get(pk=village.pk))
        list(Unit.objects.select_for_update(no_key=True).filter(pk__in=[*made, *ended]).order_by("pk"))
        _check_nothing_hangs_on(made)
        uuids = _uuids(Unit.objects.filter(pk__in=made))
        Succession.objects.filter(successor__in=made).delete()
        Membership.objects.filter(child__in=made).delete()
        Unit.objects.filter(pk__in=made).delete()
        Unit.objects.filter(pk__in=ended).update(valid_to=None)
        Membership.objects.filter(child__in=ended, valid_to=on).update(valid_to=None)
        reopened = list(Unit.objects.filter(pk__in=ended).order_by("sort_key"))
        commune = _last_commune(reopened[0])
        audit.record(
            by=by,
            at=at,
            deed="places.undo_village_change",
            object_kind="unit",
            object_id=commune.uuid,
            place_id=commune.pk,
            on=on,
            removed=uuids,
            reopened=_uuids(reopened),
        )
    return reopened


def place_village(*, village: Unit, commune: Unit, valid_from: date, by: Actor, at: datetime) -> None:
    """Say to which commune a village belongs since its own was split.

    Raises: NotAllowed; Refusal when it already belongs to a commune on that day or later, or the day is wrong.
    """
    require(MANAGE_VILLAGES, commune, by=by, at=at)
    with transaction.atomic():
        commune = _locked(commune)
        _check_day_of(commune, valid_from)
        village = Unit.objects.select_for_update(no_key=True).get(pk=village.pk)
        if village.level != Level.VILLAGE or (village.valid_to and village.valid_to <= valid_from):
            raise Refusal(_("Chỉ xếp được thôn đang còn vào một xã."))
        last = (
            Membership.objects.filter(child=village).order_by(F("valid_from").desc(nulls_last=True)).first()
        )
        if last and (last.valid_to is None or last.valid_to > valid_from):
            raise Refusal(_("%(village)s đã thuộc một xã vào ngày này.") % {"village": village.full_name})
        _join([village], commune, valid_from)
        audit.record(
            by=by,
            at=at,
            deed="places.place_village",
            object_kind="unit",
            object_id=village.uuid,
            place_id=commune.pk,
            valid_from=valid_from,
        )


def _replace(
    villages: list[Unit],
    named: list[tuple[str, str]],
    on: date,
    extent: Extent,
    by: Actor,
    at: datetime,
    source: str,
    deed: str,
) -> list[Unit]:
    """The villages end on the day and the named ones begin, each succeeding each."""
    commune = _last_commune(villages[0])
    require(MANAGE_VILLAGES, commune, by=by, at=at)
    with transaction.atomic():
        commune = _locked(commune)
        ids = [village.pk for village in villages]
        ended = list(Unit.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("sort_key"))
        _check_may_end(ended, commune, on)
        _check_names(commune, named, on, leaving=ids)
        made = _make(commune, named, on)
        _join(made, commune, on)
        Membership.objects.filter(child__in=ids, valid_to=None).update(valid_to=on)
        Unit.objects.filter(pk__in=ids).update(valid_to=on)
        for village in villages:
            village.valid_to = on  # the caller's copies
        source = squeeze(source) or _("Ghi nhận tại xã")
        Succession.objects.bulk_create(
            Succession(predecessor=old, successor=new, on=on, extent=extent, source=source[:200])
            for old in ended
            for new in made
        )
        audit.record(
            by=by,
            at=at,
            deed=deed,
            object_kind="unit",
            object_id=commune.uuid,
            place_id=commune.pk,
            on=on,
            ended=_uuids(ended),
            made=_uuids(made),
        )
    return made


def _make(commune: Unit, named: Iterable[tuple[str, str]], valid_from: date) -> list[Unit]:
    number = _last_number(commune)
    return Unit.objects.bulk_create(
        Unit(
            code=f"{commune.code}-{number + index:02d}",
            level=Level.VILLAGE,
            valid_from=valid_from,
            **_name_fields(kind, name),
        )
        for index, (kind, name) in enumerate(named, start=1)
    )


def _join(villages: Iterable[Unit], commune: Unit, valid_from: date) -> None:
    """Memberships from a day on, carried over to the commune that took over the whole of it, and so on."""
    periods = list(_carried(commune, valid_from))
    Membership.objects.bulk_create(
        Membership(child=village, parent=parent, valid_from=start, valid_to=end)
        for village in villages
        for parent, start, end in periods
    )


def _carried(commune: Unit, start: date) -> Iterable[tuple[Unit, date, date | None]]:
    """Stops where the commune was split: which part a village went to is for people to say."""
    here: Unit | None = commune
    while here:
        yield here, start, here.valid_to
        after = list(Succession.objects.filter(predecessor=here).select_related("successor")[:2])
        here = after[0].successor if len(after) == 1 and after[0].extent == Extent.WHOLE else None
        start = after[0].on if after else start


def _last_number(commune: Unit) -> int:
    codes = Unit.objects.filter(code__startswith=f"{commune.code}-").values_list("code", flat=True)
    return max((int(code.rpartition("-")[2]) for code in codes), default=0)


def _name_fields(kind: str, name: str) -> dict[str, str]:
    return {
        "kind": kind,
        "name": name,
        "full_name": full_name(kind, name),
        "name_key": name_key(name),
        "sort_key": order_key(name),
    }


def _checked_name(kind: str, name: str) -> tuple[str, str]:
    """Kind and name; the kind is dropped from the name where it was typed there too ("Thôn Thôn 1")."""
    if kind not in VILLAGE_KINDS:
        raise Refusal(_("Chọn loại: thôn, bản, xóm, khu phố, tổ dân phố …"))
    name = squeeze(name)
    kinds, bare = readings(name)[0]
    if kind in kinds:
        name = bare
    if not any(char.isalnum() for char in name):
        raise Refusal(_("Nhập tên của thôn, ví dụ “1” hoặc “Xuân Thành”."))
    if not name.isprintable():
        raise Refusal(_("Tên có ký tự không in được. Hãy gõ lại tên."))
    if len(name) > NAME_LENGTH:
        raise Refusal(_("Tên dài quá %(limit)d ký tự.") % {"limit": NAME_LENGTH})
    return kind, name


def _check_names(
    commune: Unit, named: Iterable[tuple[str, str]], valid_from: date | None, leaving: Collection[int]
) -> None:
    """No two villages of a commune bear one name at one time; those `leaving` free theirs."""
    rows = Membership.objects.filter(parent=commune).exclude(child__in=leaving)
    if valid_from:
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gt=valid_from))
    taken = {identity_key(name) for name in rows.values_list("child__full_name", flat=True)}
    for kind, name in named:
        full = full_name(kind, name)
        if identity_key(full) in taken:
            raise Refusal(
                _("%(commune)s đã có %(village)s.")
                % {"commune": commune.full_name, "village": in_sentence(full)}
            )
        taken.add(identity_key(full))


def _check_day_of(commune: Unit, day: date) -> None:
    if commune.level != Level.COMMUNE:
        raise Refusal(_("Thôn thuộc một xã, phường hoặc thị trấn."))
    if commune.valid_from and day < commune.valid_from:
        raise Refusal(
            _("%(commune)s chỉ có từ ngày %(day)s; chọn ngày đó hoặc muộn hơn.")
            % {"commune": commune.full_name, "day": format_day(commune.valid_from)}
        )
    if commune.valid_to and day >= commune.valid_to:
        raise Refusal(
            _("%(commune)s không còn từ ngày %(day)s; chọn ngày sớm hơn hoặc xã mới.")
            % {"commune": commune.full_name, "day": format_day(commune.valid_to)}
        )


def _check_may_end(villages: list[Unit], commune: Unit, on: date) -> None:
    """All stand open in this commune since before the day, so that the change rewrites nothing that came before."""
    rows = Membership.objects.filter(child__in=villages, parent=commune, valid_to=None)
    since = {row.child_id: row.valid_from for row in rows}
    for village in villages:
        if village.level != Level.VILLAGE or village.valid_to:
            raise Refusal(_("%(village)s không còn là một thôn.") % {"village": village.full_name})
        if village.pk not in since:
            raise Refusal(_("Các thôn phải thuộc cùng một xã."))
        start = max((day for day in (since[village.pk], village.valid_from) if day), default=None)
        if start and on <= start:
            raise Refusal(
                _("%(village)s thuộc %(commune)s từ ngày %(day)s; ngày thay đổi phải sau ngày đó.")
                % {
                    "village": village.full_name,
                    "commune": in_sentence(commune.full_name),
                    "day": format_day(start),
                }
            )


def _change_around(village: Unit) -> tuple[list[int], list[int], date]:
    """(made, ended, day) of the merger or split that ended the village, else of the one that made it."""
    after = Succession.objects.filter(predecessor=village).values_list("successor", flat=True)
    made = list(after) if village.valid_to else [village.pk]
    rows = list(Succession.objects.filter(successor__in=made))
    if village.level != Level.VILLAGE or not rows:
        raise Refusal(_("%(village)s không do nhập hay chia thôn mà có.") % {"village": village.full_name})
    ended = {row.predecessor_id for row in rows}
    made = list(
        Succession.objects.filter(predecessor__in=ended).values_list("successor", flat=True).distinct()
    )
    return made, sorted(ended), rows[0].on


def _check_nothing_hangs_on(units: list[int]) -> None:
    """Asks every table that refers to units, also those of rooms above, through the models' own registry."""
    own = {(Membership, "child"), (Succession, "successor")}
    for relation in Unit._meta.related_objects:
        field = relation.field.name
        model = relation.related_model
        if (model, field) not in own and model._base_manager.filter(**{f"{field}__in": units}).exists():
            raise Conflict(_("Thôn mới đã có số liệu hoặc thay đổi tiếp theo, nên không hoàn tác được nữa."))


def _last_commune(village: Unit) -> Unit:
    """The commune a village belongs to, or belonged to last."""
    rows = Membership.objects.filter(child=village).select_related("parent")
    last: Membership | None = rows.order_by(F("valid_from").desc(nulls_last=True)).first()
    if village.level != Level.VILLAGE or last is None:
        raise Refusal(_("%(unit)s không phải là một thôn.") % {"unit": village.full_name})
    return last.parent


def _locked(commune: Unit) -> Unit:
    """Deeds on the villages of one commune code wait for each other: their numbers and names depend on it."""
    rows: Iterable[Unit] = (
        Unit.objects.select_for_update(no_key=True).filter(code=commune.code).order_by("pk")
    )
    return next(row for row in rows if row.pk == commune.pk)


def _uuids(units: Iterable[Unit]) -> list[str]:
    return [str(unit.uuid) for unit in units]
