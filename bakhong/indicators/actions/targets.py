"""Targets: decided, split over the units below, withdrawn. A later decision takes the place of an earlier one; all stay readable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit.actions import record, record_many
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.numbers import format_int
from bakhong.indicators.actions.entries import TargetEntry, clean, definition_on, target_fields
from bakhong.indicators.actions.reports import demand
from bakhong.indicators.models import Target
from bakhong.indicators.queries.standings import number_asked, usual_ask
from bakhong.indicators.rules.asks import Ask
from bakhong.places.models import Unit
from bakhong.places.queries import children

SET = "targets.set"


@dataclass(frozen=True)
class PartEntry:
    """What a unit below is to reach of a target that is split: a number of people, those done already included."""

    unit: Unit
    value: int


@transaction.atomic
def set_target(*, unit: Unit, entry: TargetEntry, by: Actor, at: datetime) -> Target:
    """Decide what a unit is to reach by a day. A later decision takes the place of an earlier one, which stays readable.

    Raises: NotAllowed; Refusal; Conflict when the key was used for another unit.
    """
    demand(by, SET, unit)
    if entry.key is not None and (earlier := Target.objects.filter(client_key=entry.key).first()):
        if earlier.unit_id != unit.pk:
            raise Conflict(_("Chỉ tiêu này đã được ghi cho một đơn vị khác. Hãy mở lại trang."))
        return earlier
    target = Target(
        client_key=entry.key or new_uuid(),
        entered_by=by.id,
        entered_at=at,
        **target_fields(entry, None, unit, day_of(at)),
    )
    target.save()
    record(
        by=by,
        at=at,
        deed="indicators.set_target",
        object_kind="target",
        object_id=target.uuid,
        place_id=unit.pk,
        indicator=target.indicator,
        by_date=target.by_date.isoformat(),
    )
    return target


@transaction.atomic
def cascade_target(
    *, target: Target, parts: Sequence[PartEntry], by: Actor, at: datetime
) -> tuple[Target, ...]:
    """Give each unit directly below its share of a target; the shares must sum to it exactly.

    A percentage is split as the number of people it asks for today. Splitting it again with the same shares is one deed; with
    others, the earlier split has to be withdrawn first.

    Raises: NotAllowed at the target's unit; NotFound; Conflict when it was withdrawn or split otherwise; Refusal.
    """
    target = _lock(target)
    demand(by, SET, target.unit)
    _demand_standing(target)
    demand_splittable(target.unit, target.indicator, target.stage, target.population, day_of(at))
    wanted = {part.unit.pk: part.value for part in parts}
    if before := dict(target.parts.standing().values_list("unit_id", "value")):
        return _same_split(target, before, wanted)
    _check_parts(target, parts, wanted, day_of(at))
    rows = [_part(target, part, by, at) for part in parts]
    try:
        with transaction.atomic():
            Target.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Conflict(_("Chỉ tiêu này vừa được người khác chia. Hãy tải lại trang.")) from error
    record(
        by=by,
        at=at,
        deed="indicators.cascade_target",
        object_kind="target",
        object_id=target.uuid,
        place_id=target.unit_id,
        parts=len(rows),
        total=sum(wanted.values()),
    )
    record_many(
        by=by,
        at=at,
        deed="indicators.set_target",
        object_kind="target",
        objects=[(row.uuid, row.unit_id) for row in rows],
        indicator=target.indicator,
        by_date=target.by_date.isoformat(),
    )
    return tuple(rows)


@transaction.atomic
def decide_and_cascade(
    *, unit: Unit, entry: TargetEntry, parts: Sequence[PartEntry], by: Actor, at: datetime
) -> Target:
    """Decide a target and split it in one go: both, or neither. Sent twice with one key it is one decision.

    Raises: as `set_target` and `cascade_target`.
    """
    target = set_target(unit=unit, entry=entry, by=by, at=at)
    cascade_target(target=target, parts=parts, by=by, at=at)
    return target


@transaction.atomic
def withdraw_target(*, target: Target, reason: str, by: Actor, at: datetime) -> tuple[Target, ...]:
    """Take a decision back with everything that was split from it, down to the villages. It stays readable with the reason.

    What was given by the unit above is taken back there.

    Raises: NotAllowed; NotFound; Conflict when it was withdrawn already; Refusal without a reason.
    """
    target = _lock(target)
    demand(by, SET, target.parent.unit if target.parent else target.unit)
    _demand_standing(target)
    reason = clean(reason, 300)
    if not reason:
        raise Refusal(_("Hãy ghi lý do rút chỉ tiêu, để đơn vị được giao hiểu vì sao."))
    rows = _with_parts(target)
    for row in rows:
        row.withdrawn_at, row.withdrawn_by, row.withdraw_reason = at, by.id, reason
    Target.objects.bulk_update(rows, ["withdrawn_at", "withdrawn_by", "withdraw_reason"], batch_size=1000)
    record_many(
        by=by,
        at=at,
        deed="indicators.withdraw_target",
        object_kind="target",
        objects=[(row.uuid, row.unit_id) for row in rows],
        whole=str(target.uuid),
    )
    return tuple(rows)


def demand_splittable(unit: Unit, indicator: str, stage: str | None, population: str | None, on: date) -> Ask:
    """The rule a target is split under: the usual stage and denominator where none is named.

    Raises: Refusal when there is no such indicator, stage or denominator, or when less of it is better.
    """
    definition = definition_on(indicator, on)
    if definition.direction != "higher":
        raise Refusal(
            _("Chỉ tiêu này càng thấp càng tốt nên không chia được. Hãy ghi riêng cho từng đơn vị.")
        )
    usual = usual_ask(unit, indicator, on)
    ask = Ask(indicator, stage or usual.stage, population or usual.population)
    if not ask.is_known(on):
        raise Refusal(
            _("“%(name)s” không tính theo giai đoạn hoặc nhóm người này. Hãy chọn cách tính trong danh mục.")
            % {"name": definition.name_vi}
        )
    if ask.is_percent_only:
        raise Refusal(_("Chỉ tiêu này chỉ có tỷ lệ phần trăm, không đếm được người nên không chia được."))
    return ask


def _lock(target: Target) -> Target:
    """The row itself, held until the deed is done, so that it is not split twice at once."""
    try:
        return (
            Target.objects.select_for_update(of=("self",))
            .select_related("unit", "parent__unit")
            .get(pk=target.pk)
        )
    except Target.DoesNotExist:
        raise NotFound(_("Không tìm thấy chỉ tiêu này.")) from None


def _demand_standing(target: Target) -> None:
    if target.withdrawn_at is not None:
        raise Conflict(_("Chỉ tiêu này đã được rút. Hãy tải lại trang để xem chỉ tiêu mới nhất."))


def _same_split(target: Target, before: dict[int, int | None], wanted: dict[int, int]) -> tuple[Target, ...]:
    if before != wanted:
        raise Conflict(_("Chỉ tiêu này đã được chia rồi. Muốn chia lại, hãy rút lần chia trước."))
    return tuple(target.parts.standing())


def _check_parts(target: Target, parts: Sequence[PartEntry], wanted: dict[int, int], on: date) -> None:
    below = {unit.pk for unit in children(target.unit, on)}
    if not parts or len(wanted) != len(parts) or not wanted.keys() <= below:
        raise Refusal(
            _("Chỉ chia được cho các đơn vị ngay dưới %(unit)s, mỗi đơn vị một phần.")
            % {"unit": target.unit.full_name}
        )
    if target.by_date < on:
        raise Refusal(_("Hạn phải từ hôm nay trở đi."))
    if any(value < 0 for value in wanted.values()):
        raise Refusal(_("Phần của một đơn vị không thể là số âm."))
    total, given = number_asked(target, on), sum(wanted.values())
    if total is None:
        raise Refusal(
            _(
                "Chưa biết tổng số người thuộc diện của %(unit)s nên không đổi được tỷ lệ ra số người. Hãy ghi chỉ tiêu bằng số lượng."
            )
            % {"unit": target.unit.full_name}
        )
    if total == 0:
        raise Refusal(_("Chỉ tiêu là 0 thì không có gì để chia. Hãy ghi một số lớn hơn 0."))
    if given != total:
        raise Refusal(
            _(
                "Các phần cộng lại được %(given)s, chỉ tiêu là %(total)s: lệch %(gap)s. Hãy sửa cho khớp rồi lưu."
            )
            % {
                "given": format_int(given),
                "total": format_int(total),
                "gap": format_int(abs(given - total)),
            }
        )


def _part(target: Target, part: PartEntry, by: Actor, at: datetime) -> Target:
    return Target(
        unit=part.unit,
        parent=target,
        indicator=target.indicator,
        definition_version=target.definition_version,
        stage=target.stage,
        population=target.population,
        population_text=target.population_text,
        value=part.value,
        by_date=target.by_date,
        decision=target.decision,
        entered_by=by.id,
        entered_at=at,
    )


def _with_parts(target: Target) -> list[Target]:
    """The target and everything split from it that stands, locked; at most as deep as units are nested."""
    found, layer = [target], [target.pk]
    while layer:
        rows = list(Target.objects.standing().select_for_update().filter(parent__in=layer).order_by("pk"))
        found.extend(rows)
        layer = [row.pk for row in rows]
    return found
