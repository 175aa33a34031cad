"""What a resolution does to provinces and communes: units end, new ones begin, nobody is moved by hand."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_day
from bakhong.core.text import name_key, squeeze
from bakhong.places.actions.allowing import require
from bakhong.places.models import Contact, Extent, Level, Membership, Succession, Unit, UnitGroup
from bakhong.places.permissions import RECORD_CHANGE
from bakhong.places.queries import units_on
from bakhong.places.rules.naming import KINDS, full_name, order_key


@dataclass(frozen=True)
class NewUnit:
    """`parent` is the code of the unit above from that day on, itself new or not; None for a province."""

    code: str
    kind: str
    name: str
    parent: str | None


@dataclass(frozen=True)
class Handover:
    """Codes of an ended and of a new unit; `is_whole` when all of the ended one goes there."""

    old: str
    new: str
    is_whole: bool


def record_change(
    *,
    ended: Collection[Unit],
    made: Sequence[NewUnit],
    handovers: Collection[Handover],
    on: date,
    source: str,
    by: Actor,
    at: datetime,
) -> list[Unit]:
    """Units end and new ones begin on a day, by the resolution `source`. A change of name or status is a unit that ends
    and a new one with the same code.

    What lay in an ended unit (its villages, a province's communes) goes to the one unit that took over the whole of it. The
    villages of a split commune wait for `place_village`; a province is not split without naming its communes.
    Groups and contacts go along where there is no doubt.

    Raises: NotAllowed; Refusal when the handovers leave somebody out or contradict themselves, a code is taken,
    or a unit has ended or changes after that day.
    """
    for unit in ended:
        require(RECORD_CHANGE, unit, by=by, at=at)
    source = squeeze(source)[:200]
    if not source:
        raise Refusal(_("Ghi số nghị quyết làm căn cứ thay đổi."))
    with transaction.atomic():
        ids = [unit.pk for unit in ended]
        old = {unit.code: unit for unit in Unit.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
        _check_handovers(old, made, handovers)
        _check_may_end(old, on)
        parents = _parents(old, made, on)
        kept = list(Membership.objects.filter(parent__in=ids, valid_to=None).exclude(child__in=ids))
        Membership.objects.filter(Q(child__in=ids) | Q(parent__in=ids), valid_to=None).update(valid_to=on)
        UnitGroup.objects.filter(unit__in=ids, valid_to=None).update(valid_to=on)
        Unit.objects.filter(pk__in=ids).update(valid_to=on)
        new = {unit.code: unit for unit in Unit.objects.bulk_create(_new_unit(row, on) for row in made)}
        Membership.objects.bulk_create(
            Membership(child=new[row.code], parent=new.get(row.parent) or parents[row.parent], valid_from=on)
            for row in made
            if row.parent is not None
        )
        Succession.objects.bulk_create(
            Succession(
                predecessor=old[row.old],
                successor=new[row.new],
                on=on,
                extent=Extent.WHOLE if row.is_whole else Extent.PART,
                source=source,
            )
            for row in handovers
        )
        _take_along(old, new, handovers, kept, on)
        audit.record(
            by=by,
            at=at,
            deed="places.record_change",
            object_kind="resolution",
            object_id=source[:80],
            on=on,
            ended=[str(unit.uuid) for unit in old.values()],
            made=[str(unit.uuid) for unit in new.values()],
        )
    for unit in ended:
        unit.valid_to = on  # the caller's copies
    return list(new.values())


def _new_unit(row: NewUnit, on: date) -> Unit:
    return Unit(
        code=row.code,
        level=Level.COMMUNE if row.parent else Level.PROVINCE,
        kind=row.kind,
        name=squeeze(row.name),
        full_name=full_name(row.kind, squeeze(row.name)),
        name_key=name_key(row.name),
        sort_key=order_key(row.name),
        valid_from=on,
    )


def _check_handovers(old: dict[str, Unit], made: Sequence[NewUnit], handovers: Collection[Handover]) -> None:
    """Every ended unit goes somewhere, whole to one or in parts to several; every new one comes from somewhere."""
    goes = Counter(row.old for row in handovers)
    comes = Counter(row.new for row in handovers)
    if set(goes) != set(old) or set(comes) != {row.code for row in made} or len(comes) != len(made):
        raise Refusal(_("Mỗi đơn vị cũ phải nhập vào đơn vị mới, và mỗi đơn vị mới phải lập từ đơn vị cũ."))
    for row in handovers:
        if row.is_whole != (goes[row.old] == 1):
            raise Refusal(
                _("%(unit)s phải nhập toàn bộ vào một đơn vị, hoặc từng phần vào nhiều đơn vị.")
                % {"unit": old[row.old].full_name}
            )
    for new in made:
        level = "commune" if new.parent else "province"
        if new.kind not in KINDS or level not in KINDS[new.kind].levels or not squeeze(new.name):
            raise Refusal(_("Đơn vị mới %(code)s thiếu tên hoặc sai loại.") % {"code": new.code})


def _check_may_end(old: dict[str, Unit], on: date) -> None:
    for unit in old.values():
        if unit.level not in (Level.PROVINCE, Level.COMMUNE) or unit.valid_to:
            raise Refusal(_("%(unit)s không còn hiệu lực.") % {"unit": unit.full_name})
    rows = Membership.objects.filter(Q(child__in=old.values()) | Q(parent__in=old.values()), valid_to=None)
    starts = [*rows.values_list("valid_from", flat=True), *(unit.valid_from for unit in old.values())]
    latest = max((day for day in starts if day), default=None)
    if latest and on <= latest:
        raise Refusal(_("Ngày thay đổi phải sau ngày %(day)s.") % {"day": format_day(latest)})


def _parents(old: dict[str, Unit], made: Sequence[NewUnit], on: date) -> dict[str | None, Unit]:
    """Code → unit for the parents that are not new themselves; also sees that no new code is taken."""
    codes = {row.code for row in made}
    wanted = {row.parent for row in made if row.parent} - codes
    standing = {code: unit for code, unit in units_on(codes | wanted, on).items() if code not in old}
    later = set(Unit.objects.filter(code__in=codes, valid_from__gt=on).values_list("code", flat=True))
    if taken := sorted((codes & set(standing)) | later):
        raise Refusal(_("Mã %(code)s đang thuộc đơn vị khác.") % {"code": taken[0]})
    if lost := sorted(wanted - set(standing)):
        raise Refusal(_("Không có đơn vị cấp trên mang mã %(code)s vào ngày này.") % {"code": lost[0]})
    return {code: standing[code] for code in wanted}


def _take_along(
    old: dict[str, Unit],
    new: dict[str, Unit],
    handovers: Collection[Handover],
    kept: Sequence[Membership],
    on: date,
) -> None:
    """Children, groups and contacts of units that went whole to one unit."""
    heir = {old[row.old].pk: new[row.new] for row in handovers if row.is_whole}
    if any(row.parent_id not in heir and row.child.level == Level.COMMUNE for row in kept):
        raise Refusal(_("Tỉnh bị chia thì phải nêu mỗi xã thuộc tỉnh nào."))
    Membership.objects.bulk_create(
        Membership(child_id=row.child_id, parent=heir[row.parent_id], valid_from=on)
        for row in kept
        if row.parent_id in heir
    )
    for unit in new.values():
        sources = [old[row.old] for row in handovers if row.new == unit.code]
        groups = list(UnitGroup.objects.filter(unit__in=sources, valid_to=on))
        if len(groups) == len(sources) and len({row.group for row in groups}) == 1:
            UnitGroup.objects.create(
                unit=unit, group=groups[0].group, valid_from=on, source=groups[0].source, is_verified=False
            )
        if len(sources) == 1 and sources[0].pk in heir:
            for contact in Contact.objects.filter(unit=sources[0]):
                contact.pk, contact.unit = None, unit
                contact.save(force_insert=True)
