"""Opening and closing campaigns, and what it is like to work in a village."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.core.text import squeeze
from bakhong.outreach.models import Campaign, CampaignVillage, Condition, Road
from bakhong.outreach.permissions import PLAN, VISIT, require
from bakhong.people.actions.secrets import no_codes, no_secrets
from bakhong.people.rules.services import services as known_services
from bakhong.places.models import Unit


def open_campaign(
    *,
    unit: Unit,
    name: str,
    services: Sequence[str],
    villages: Sequence[Unit],
    starts_on: date,
    ends_on: date,
    by: Actor,
    at: datetime,
    decision: str = "",
) -> Campaign:
    """A campaign that brings services to villages between two days, both included.

    Raises: NotAllowed, also for a village where the actor may not plan; Refusal without name, services or villages.
    """
    for place_id in {unit.pk, *(village.pk for village in villages)}:
        require(PLAN, place_id, by=by)
    if not squeeze(name):
        raise Refusal(_("Ghi tên đợt ra quân, ví dụ: 30 ngày đêm kích hoạt VNeID."))
    no_codes(name)
    chosen = [code for code in known_services() if code in set(services)]
    if not chosen:
        raise Refusal(_("Chọn ít nhất một dịch vụ."))
    if not villages:
        raise Refusal(_("Chọn ít nhất một thôn."))
    if ends_on < starts_on:
        raise Refusal(_("Ngày kết thúc không thể trước ngày bắt đầu."))
    with transaction.atomic():
        campaign = Campaign.objects.create(
            unit=unit,
            name=squeeze(name)[:200],
            services=chosen,
            starts_on=starts_on,
            ends_on=ends_on,
            decision=squeeze(decision)[:200],
            created_at=at,
            created_by=by.id,
        )
        unique = {village.pk: village for village in villages}
        CampaignVillage.objects.bulk_create(
            [CampaignVillage(campaign=campaign, village=village) for village in unique.values()]
        )
        _note(by, at, "outreach.open_campaign", campaign, villages=len(unique), services=len(chosen))
    return campaign


def close_campaign(*, campaign: Campaign, by: Actor, at: datetime) -> None:
    """The campaign is over; its visits stay. Closing twice changes nothing.

    Raises: NotAllowed.
    """
    require(PLAN, campaign.unit_id, by=by)
    if campaign.closed_at is not None:
        return
    with transaction.atomic():
        campaign.closed_at, campaign.closed_by = at, by.id
        campaign.save(update_fields=["closed_at", "closed_by"])
        _note(by, at, "outreach.close_campaign", campaign)


def record_condition(
    *,
    village: Unit,
    on: date,
    by: Actor,
    at: datetime,
    signal: int | None = None,
    distance_km: Decimal | None = None,
    base_stations: int | None = None,
    road: str = "",
    note: str = "",
    source: str = "",
) -> Condition:
    """What somebody saw in a village on a day; earlier sights are kept. Whoever goes there may say it.

    Raises: NotAllowed; Refusal for nothing said, for a day to come or a number that cannot be.
    """
    require(VISIT if by.may(VISIT, village.pk) else PLAN, village.pk, by=by)
    if on > day_of(at):
        raise Refusal(_("Không ghi được điều kiện của một ngày chưa đến."))
    if signal is None and distance_km is None and base_stations is None and not road:
        raise Refusal(_("Ghi ít nhất một điều: sóng, khoảng cách, số trạm phát sóng hoặc đường đi."))
    if signal is not None and not 0 <= signal <= 4:
        raise Refusal(_("Sóng di động chấm từ 0 (không có) đến 4 (tốt khắp nơi)."))
    if distance_km is not None and not 0 <= distance_km <= 500:
        raise Refusal(_("Khoảng cách tính bằng ki-lô-mét, từ 0 đến 500."))
    if (base_stations is not None and base_stations < 0) or (road and road not in Road.values):
        raise Refusal(_("Số trạm phát sóng hoặc loại đường không đúng."))
    no_secrets(note, source)
    with transaction.atomic():
        made = Condition.objects.create(
            unit=village,
            on=on,
            signal=signal,
            distance_km=distance_km,
            base_stations=base_stations,
            road=road,
            note=squeeze(note)[:300],
            source=squeeze(source)[:200],
            recorded_at=at,
            recorded_by=by.id,
        )
        audit.record(
            by=by,
            at=at,
            deed="outreach.record_condition",
            object_kind="village",
            object_id=village.uuid,
            place_id=village.pk,
        )
    return made


def _note(by: Actor, at: datetime, deed: str, campaign: Campaign, **details: Any) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="campaign",
        object_id=campaign.uuid,
        place_id=campaign.unit_id,
        **details,
    )
