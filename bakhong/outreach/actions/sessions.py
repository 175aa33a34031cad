"""Mobile sessions: planned, people invited, cancelled."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.outreach.actions.planning import known_services, line, once, right_order, within
from bakhong.outreach.models import Invitee, MobileSession, ProviderKind
from bakhong.outreach.permissions import PLAN, require
from bakhong.outreach.queries.sessions import to_invite
from bakhong.outreach.rules.sessions import slots
from bakhong.people.models import Person
from bakhong.places.models import Unit

LARGEST = 1000


def plan_session(
    *,
    unit: Unit,
    place: Unit,
    venue: str,
    provider_kind: str,
    provider: str,
    services: Collection[str],
    starts_at: datetime,
    ends_at: datetime,
    capacity: int,
    bring: str,
    client_key: UUID,
    by: Actor,
    at: datetime,
) -> MobileSession:
    """A provider comes to a village for some hours. What else happens then is warned of by the page, not refused.

    Raises: NotAllowed; Refusal; Conflict.
    """
    require(PLAN, unit.pk, by=by)
    right_order(starts_at, ends_at)
    if starts_at < at:
        raise Refusal(_("Lịch phải ở tương lai."))
    if provider_kind not in ProviderKind.values:
        raise Refusal(_("Chọn đơn vị đến làm."))
    if not 1 <= capacity <= LARGEST:
        raise Refusal(_("Số người phục vụ được từ 1 đến %(most)s.") % {"most": LARGEST})
    with transaction.atomic():
        made, is_new = once(
            MobileSession,
            client_key=client_key,
            unit=unit,
            by=by,
            at=at,
            place=within(unit, place, at),
            venue=line(venue, 200, _("nơi làm")),
            provider_kind=provider_kind,
            provider=line(provider, 120, _("tên đơn vị")),
            services=known_services(services),
            starts_at=starts_at,
            ends_at=ends_at,
            capacity=capacity,
            bring=line(bring, 300, _("giấy tờ cần mang"), is_needed=False),
        )
        if is_new:
            _trail(made, "outreach.plan_session", by, at)
    return made


@transaction.atomic
def invite_to_session(*, session: MobileSession, by: Actor, at: datetime) -> list[Invitee]:
    """Fills the places still free with people who lack what the session offers; who is on the list stays, with their hour.

    Raises: NotAllowed; Refusal once it has begun or was cancelled.
    """
    require(PLAN, session.unit_id, by=by)
    session = MobileSession.objects.select_for_update().get(pk=session.pk)
    if session.cancelled_at or session.starts_at <= at:
        raise Refusal(_("Chỉ lập danh sách mời khi buổi làm chưa bắt đầu và không bị huỷ."))
    taken = session.invitees.count()
    chosen = to_invite(by, session, day_of(at))[: session.capacity - taken]
    hours = _hours(session, [person for person, _lacking in chosen], taken)
    made = Invitee.objects.bulk_create(
        Invitee(
            session=session,
            person=person,
            village_id=person.village_id,
            rank=rank,
            come_at=hours[rank - taken - 1],
            services=lacking,
            invited_at=at,
        )
        for rank, (person, lacking) in enumerate(chosen, start=taken + 1)
    )
    audit.record_many(
        by=by,
        at=at,
        deed="outreach.invite",
        object_kind="person",
        objects=[(each.person.uuid, each.village_id) for each in made],
        session=str(session.uuid),
    )
    return made


def _hours(session: MobileSession, people: Sequence[Person], taken: int) -> list[datetime]:
    """When each is asked to come: by their place on the list, and whoever lives together at the hour of the first of them."""
    plain = slots(session.starts_at, session.ends_at, session.capacity)[taken:]
    homes: dict[int, datetime] = {}
    return [
        homes.setdefault(each.household_id, hour) if each.household_id is not None else hour
        for each, hour in zip(people, plain, strict=False)
    ]


@transaction.atomic
def cancel_session(*, session: MobileSession, reason: str, by: Actor, at: datetime) -> None:
    """It does not take place; the public schedule says so with the reason. Twice is once.

    Raises: NotAllowed; Refusal without a reason; Conflict once it is over.
    """
    require(PLAN, session.unit_id, by=by)
    reason = line(reason, 200, _("lý do huỷ"))
    found = MobileSession.objects.select_for_update().get(pk=session.pk)
    if found.ends_at <= at:
        raise Conflict(_("Buổi này đã diễn ra."))
    if found.cancelled_at is None:
        found.cancelled_at, found.cancel_reason = at, reason
        found.save(update_fields=["cancelled_at", "cancel_reason"])
        _trail(found, "outreach.cancel_session", by, at)


def _trail(session: MobileSession, deed: str, by: Actor, at: datetime) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="mobile_session",
        object_id=session.uuid,
        place_id=session.place_id,
    )
