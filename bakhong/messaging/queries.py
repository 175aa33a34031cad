"""What was told to whom, and whom somebody has to call."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.errors import NotFound
from bakhong.messaging.models import Channel, Delivery, Message, State
from bakhong.places.models import Unit


def inbox(*, person: UUID | None = None, holders: Collection[UUID] = ()) -> QuerySet[Message]:
    """The messages on the pages of a person, or of drafts and dossiers, the latest first.

    The caller has shown that it is them: the connection is opened to that person or with those keys.
    """
    theirs = Q(holder__in=list(holders))
    if person is not None:
        theirs |= Q(person=person)
    shown = Q(deliveries__channel=Channel.INBOX, deliveries__state=State.SENT)
    return Message.objects.filter(theirs & shown).exclude(text="").order_by("-made_at", "-pk")


def staff_inbox(actor_id: str) -> QuerySet[Delivery]:
    """What one of the staff was told, the latest first, with `message` and its `village`; `seen_at` None where they have not seen it.

    The connection is opened with the key of their account (`own.own_inbox`).
    """
    rows = Delivery.objects.filter(staff=actor_id, channel=Channel.INBOX, state=State.SENT).exclude(staff="")
    rows = rows.exclude(message__text="")  # forgotten with whom it was about
    return rows.select_related("message__village").order_by("-message__made_at", "-pk")


def unseen(actor_id: str) -> QuerySet[Delivery]:
    return staff_inbox(actor_id).filter(seen_at=None)


def messages_about(actor: Actor, unit: Unit, about: Collection[UUID], *, on: date) -> QuerySet[Message]:
    """Everything the unit told about these drafts or dossiers, the latest first, with `deliveries`."""
    ways = Prefetch("deliveries", Delivery.objects.order_by("pk"))
    area = covered_ids([unit.pk], on)
    found = Message.objects.for_user(actor).filter(about__in=list(about), village__in=area)
    return found.prefetch_related(ways).order_by("-made_at", "-pk")


def call_tasks(actor: Actor, unit: Unit, *, on: date, at: datetime | None = None) -> QuerySet[Delivery]:
    """Whom somebody of the unit has to call, who waits longest first. `at`: only those whose time has come."""
    area = covered_ids([unit.pk], on)
    rows = Delivery.objects.for_user(actor).filter(
        channel=Channel.CALL, state=State.WAITING, village__in=area
    )
    if at is not None:
        rows = rows.filter(next_at__lte=at)
    return rows.select_related("message").order_by("next_at", "pk")


def calls_settled(actor: Actor, unit: Unit, *, on: date, since: datetime) -> QuerySet[Delivery]:
    """Calls that were made since, the latest first."""
    rows = Delivery.objects.for_user(actor).filter(
        channel=Channel.CALL,
        state__in=(State.SENT, State.FAILED),
        settled_at__gte=since,
        village__in=covered_ids([unit.pk], on),
    )
    return rows.select_related("message").order_by("-settled_at", "-pk")


def calls_failed(actor: Actor, unit: Unit, *, on: date, since: datetime) -> QuerySet[Delivery]:
    """Whom nobody reached and who may still have to be told, the latest first; whoever was called again waits in `call_tasks`."""
    rows = Delivery.objects.for_user(actor).filter(
        channel=Channel.CALL,
        state=State.FAILED,
        settled_at__gte=since,
        village__in=covered_ids([unit.pk], on),
    )
    return rows.select_related("message").order_by("-settled_at", "-pk")


def call_for(actor: Actor, unit: Unit, on: date, uuid: UUID) -> Delivery:
    """One call of the unit that the actor may see.

    Raises: NotFound.
    """
    rows = Delivery.objects.for_user(actor).filter(
        uuid=uuid, channel=Channel.CALL, village__in=covered_ids([unit.pk], on)
    )
    found: Delivery | None = rows.select_related("message").first()
    if found is None:
        raise NotFound("")
    return found


def letters_waiting() -> tuple[int, int]:
    """(letters that wait, letters given up), of every commune this connection sees."""
    rows = Delivery.objects.filter(channel=Channel.MAIL)
    return rows.filter(state=State.WAITING).count(), rows.filter(state=State.FAILED).count()
