"""Telling somebody something: written once, kept, and sent by the ways that lead to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.messaging.models import Channel, Delivery, Message, State
from bakhong.messaging.rules.templates import Template, fitting, templates
from bakhong.messaging.texts import text_column
from bakhong.people.sealed import seal
from bakhong.places.models import Unit
from bakhong.places.queries import contact_of

ALL_WAYS = ("inbox", "mail", "call")


@dataclass(frozen=True)
class Recipient:
    """Whom a message is for. `holder_uuid`: a draft or dossier, whose page shows it; `actor_id`: one of the staff."""

    person_uuid: UUID | None = None
    holder_uuid: UUID | None = None
    actor_id: str = ""
    email: str = ""
    phone: str = ""
    name: str = ""
    lang: str = "vi"


def send(
    *,
    key: UUID,
    template: str,
    to: Recipient,
    values: Mapping[str, str],
    about: tuple[str, UUID],
    unit: Unit,
    by: Actor,
    at: datetime,
    channels: Sequence[str] = ALL_WAYS,
) -> Message:
    """Write a message of `data/templates.toml` and put it into the outbox, in the caller's transaction; the caller has asked who may.

    It stands on the recipient's page at once. Mail goes out in the background. A call task is made for who has a telephone number and no
    e-mail, where the template says so. `values`: what the template needs, e.g. {"code": …, "day": "22/11/2026"}; more is ignored.
    The same key again gives the message of the first time and sends nothing.

    Raises: KeyError for a template that is none or a value that is missing.
    """
    written = templates()[template]
    made = _message(key, written, to, values, about, unit, by, at)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            kept: Message | None = Message.objects.filter(uuid=key).first()
            if kept is None:
                raise
            return kept
        Delivery.objects.bulk_create(_deliveries(made, written, channels, at))
        audit.record(
            by=by,
            at=at,
            deed="messaging.send",
            object_kind="message",
            object_id=made.uuid,
            place_id=unit.pk,
            template=template,
            about=f"{about[0]}:{about[1]}",
        )
    return made


def _message(
    key: UUID,
    template: Template,
    to: Recipient,
    values: Mapping[str, str],
    about: tuple[str, UUID],
    unit: Unit,
    by: Actor,
    at: datetime,
) -> Message:
    contact = contact_of(unit, day_of(at))
    given = {name: values[name] for name in template.needs}
    given |= {"name": to.name, "commune": unit.full_name, "phone": contact.phone if contact else ""}
    lang = to.lang if to.lang in template.body else "vi"
    subject, text = template.written(lang, {name: fitting(name, value) for name, value in given.items()})
    return Message(
        uuid=key,
        village=unit,
        template=template.code,
        lang=lang,
        person=to.person_uuid,
        holder=to.holder_uuid,
        staff=to.actor_id,
        name=fitting("name", to.name),
        email=to.email.strip()[:254],
        phone=to.phone.strip()[:20],
        subject=subject,
        text="" if template.is_secret else text,
        sealed=seal(text, text_column(key)) if template.is_secret else None,
        about_kind=about[0],
        about=about[1],
        made_at=at,
        made_by=by.id,
    )


def _deliveries(made: Message, template: Template, channels: Sequence[str], at: datetime) -> list[Delivery]:
    ways = []
    if "inbox" in channels and not template.is_secret:
        ways.append(_delivery(made, Channel.INBOX, at, State.SENT))
    if "mail" in channels and is_address(made.email):
        ways.append(_delivery(made, Channel.MAIL, at))
    elif "call" in channels and wants_call(made, template):
        ways.append(_delivery(made, Channel.CALL, at))
    return ways


def wants_call(made: Message, template: Template) -> bool:
    """Somebody has to call: the template asks for it, and there is a number, or a person whose number the roll may have."""
    return template.call == "if_no_mail" and bool(made.phone or made.person)


def call_instead(made: Message, at: datetime) -> None:
    """The mail did not go out: a call task takes its place, where the template asks for one. Called again, nothing changes."""
    if wants_call(made, templates()[made.template]):
        Delivery.objects.bulk_create([_delivery(made, Channel.CALL, at)], ignore_conflicts=True)


def is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _delivery(made: Message, channel: Channel, at: datetime, state: State = State.WAITING) -> Delivery:
    return Delivery(
        message=made,
        village_id=made.village_id,
        person=made.person,
        holder=made.holder,
        staff=made.staff,
        channel=channel,
        state=state,
        next_at=at,
        settled_at=None if state == State.WAITING else at,
    )
