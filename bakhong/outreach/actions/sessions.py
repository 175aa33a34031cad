"""Mobile sessions: planned, changed, people invited and taken off, cancelled."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.outreach.actions.planning import known_services, line, once, right_order, within
from bakhong.outreach.models import Invitee, MobileSession, ProviderKind
from bakhong.outreach.permissions import PLAN, require
from bakhong.outreach.queries.sessions import to_invite
from bakhong.outreach.rules.sessions import free_slots, slots
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
    columns = _columns(
        unit, at, place, venue, provider_kind, provider, services, starts_at, ends_at, capacity, bring
    )
    with transaction.atomic():
        made, is_new = once(MobileSession, client_key=client_key, unit=unit, by=by, at=at, **columns)
        if is_new:
            _trail(made, "outreach.plan_session", by, at)
    return made


@transaction.atomic
def change_session(
    *,
    session: MobileSession,
    place: Unit,
    venue: str,
    provider_kind: str,
    provider: str,
    services: Collection[str],
    starts_at: datetime,
    ends_at: datetime,
    capacity: int,
    bring: str,
    by: Actor,
    at: datetime,
) -> int:
    """It is held otherwise. Who is invited keeps their turn and gets a new hour where the time changed: returns how many. Saying what
    stands changes nothing.

    Raises: NotAllowed; Conflict once it has begun or was cancelled; Refusal, also where people were invited to another village or for
    other services, or more than there is room for.
    """
    require(PLAN, session.unit_id, by=by)
    found = MobileSession.objects.select_for_update().get(pk=session.pk)
    if found.cancelled_at or found.starts_at <= at:
        raise Conflict(_("Buổi này đã bắt đầu hoặc đã huỷ nên không sửa được."))
    wanted = _columns(
        found.unit, at, place, venue, provider_kind, provider, services, starts_at, ends_at, capacity, bring
    )
    changed = [name for name, value in wanted.items() if getattr(found, name) != value]
    invited = list(_standing(found))
    if invited and {"place", "services"} & set(changed):
        raise Refusal(
            _(
                "Đã mời người theo thôn và việc đang ghi. Muốn đổi thôn hoặc việc, hãy huỷ buổi này rồi lên lịch mới."
            )
        )
    if len(invited) > capacity:
        raise Refusal(_("Đã mời %(count)s người, nhiều hơn số người làm được.") % {"count": len(invited)})
    if not changed:
        return 0
    for name in changed:
        setattr(found, name, wanted[name])
    found.save(update_fields=changed)
    _trail(found, "outreach.change_session", by, at)
    is_moved = bool({"starts_at", "ends_at", "capacity"} & set(changed))
    return _give_hours(found, invited) if is_moved else 0


def _give_hours(session: MobileSession, invited: Sequence[Invitee]) -> int:
    """New hours in the order of the list; how many are asked to come at another one."""
    every = slots(session.starts_at, session.ends_at, session.capacity)
    moved = []
    for each, hour in zip(invited, _hours([row.person for row in invited], every), strict=True):
        if each.come_at != hour:
            each.come_at = hour
            moved.append(each)
    Invitee.objects.bulk_update(moved, ["come_at"])
    return len(moved)


def _standing(session: MobileSession) -> QuerySet[Invitee]:
    found: QuerySet[Invitee] = session.invitees.filter(taken_off_at=None).select_related("person")
    return found.order_by("rank")


def _columns(
    unit: Unit,
    at: datetime,
    place: Unit,
    venue: str,
    provider_kind: str,
    provider: str,
    services: Collection[str],
    starts_at: datetime,
    ends_at: datetime,
    capacity: int,
    bring: str,
) -> dict[str, Any]:
    """What is said of a session, as it is kept. Raises: Refusal."""
    right_order(starts_at, ends_at)
    if starts_at < at:
        raise Refusal(_("Lịch phải ở tương lai."))
    if provider_kind not in ProviderKind.values:
        raise Refusal(_("Chọn đơn vị đến làm."))
    if not 1 <= capacity <= LARGEST:
        raise Refusal(_("Số người phục vụ được từ 1 đến %(most)s.") % {"most": LARGEST})
    return {
        "place": within(unit, place, at),
        "venue": line(venue, 200, _("nơi làm")),
        "provider_kind": provider_kind,
        "provider": line(provider, 120, _("tên đơn vị")),
        "services": known_services(services),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "capacity": capacity,
        "bring": line(bring, 300, _("giấy tờ cần mang"), is_needed=False),
    }


@transaction.atomic
def invite_to_session(*, session: MobileSession, by: Actor, at: datetime) -> list[Invitee]:
    """Fills the places still free with people who lack what the session offers; who is on the list stays, with their hour, and who was
    taken off stays off.

    Raises: NotAllowed; Refusal once it has begun or was cancelled.
    """
    require(PLAN, session.unit_id, by=by)
    session = MobileSession.objects.select_for_update().get(pk=session.pk)
    if session.cancelled_at or session.starts_at <= at:
        raise Refusal(_("Chỉ lập danh sách mời khi buổi làm chưa bắt đầu và không bị huỷ."))
    last = session.invitees.count()
    taken = list(_standing(session).values_list("come_at", flat=True))
    free = free_slots(slots(session.starts_at, session.ends_at, session.capacity), taken)
    chosen = to_invite(by, session, day_of(at))[: len(free)]
    hours = _hours([person for person, _lacking in chosen], free)
    made = Invitee.objects.bulk_create(
        Invitee(
            session=session,
            person=person,
            village_id=person.village_id,
            rank=rank,
            come_at=hours[rank - last - 1],
            services=lacking,
            invited_at=at,
        )
        for rank, (person, lacking) in enumerate(chosen, start=last + 1)
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


@transaction.atomic
def take_off(*, invitee: Invitee, by: Actor, at: datetime) -> None:
    """They are not asked to come after all, nor again when places are filled. Twice is once.

    Raises: NotAllowed; Conflict once the session has begun or was cancelled.
    """
    found = _to_change(invitee, by, at)
    if found.taken_off_at is None:
        found.taken_off_at = at
        found.save(update_fields=["taken_off_at"])
        _trail_person(found, "outreach.take_off", by, at)


@transaction.atomic
def put_back(*, invitee: Invitee, by: Actor, at: datetime) -> None:
    """They were taken off by mistake: asked to come as before, at their hour. Twice is once.

    Raises: NotAllowed; Conflict once the session has begun or was cancelled, or when somebody else has got the place.
    """
    found = _to_change(invitee, by, at)
    if found.taken_off_at is None:
        return
    session = found.session
    taken = list(_standing(session).values_list("come_at", flat=True))
    free = free_slots(slots(session.starts_at, session.ends_at, session.capacity), taken)
    if not free:
        raise Conflict(_("Đã mời đủ số chỗ. Hãy bớt một người khác, hoặc sửa số người làm được."))
    if not session.starts_at <= found.come_at < session.ends_at:  # the session was moved meanwhile
        found.come_at = free[0]
    found.taken_off_at = None
    found.save(update_fields=["taken_off_at", "come_at"])
    _trail_person(found, "outreach.invite", by, at)


def _to_change(invitee: Invitee, by: Actor, at: datetime) -> Invitee:
    """Locked one session after another, so that two deeds at once cannot fill one place twice."""
    session = MobileSession.objects.select_for_update().get(pk=invitee.session_id)
    require(PLAN, session.unit_id, by=by)
    if session.cancelled_at or session.starts_at <= at:
        raise Conflict(_("Buổi này đã bắt đầu hoặc đã huỷ nên không sửa được danh sách mời."))
    found: Invitee = Invitee.objects.select_related("session", "person").get(pk=invitee.pk)
    return found


def _trail_person(invitee: Invitee, deed: str, by: Actor, at: datetime) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="person",
        object_id=invitee.person.uuid,
        place_id=invitee.village_id,
        session=str(invitee.session.uuid),
    )


def _hours(people: Sequence[Person], plain: Sequence[datetime]) -> list[datetime]:
    """When each is asked to come: one of the hours after the other, and whoever lives together at that of the first of them."""
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
