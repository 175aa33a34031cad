"""Emptying the outbox: every letter that is due is tried, and what fails is tried again later, then by telephone."""

from datetime import datetime

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet

from bakhong.messaging.actions.sending import call_instead
from bakhong.messaging.adapters import mail
from bakhong.messaging.models import Channel, Delivery, State
from bakhong.messaging.rules.retrying import wait_after
from bakhong.messaging.texts import whole_text


def deliver_due(*, at: datetime, most: int = 200) -> int:
    """Send the letters that are due, the oldest first; returns how many went out. The connection must see every commune.

    Each letter is settled in a transaction of its own, and two workers never take the same one. Should the machine die after the server
    took a letter and before that is written down, it goes out again under the same Message-ID. Without a mail server they wait.
    """
    if not mail.is_configured():
        return 0
    due = _due(at).order_by("next_at", "pk").values_list("pk", flat=True)[:most]
    waiting = list(due)
    if not waiting:
        return 0
    try:
        with mail.opened() as connection:
            return sum(_deliver(pk, at, connection) for pk in waiting)
    except mail.NotSent as failure:
        for pk in waiting:  # nobody is there: all of them wait
            _settle(pk, at, failure)
        return 0


def _due(at: datetime) -> QuerySet[Delivery]:
    found: QuerySet[Delivery] = Delivery.objects.filter(
        channel=Channel.MAIL, state=State.WAITING, next_at__lte=at
    )
    return found


def _deliver(pk: int, at: datetime, connection: BaseEmailBackend) -> bool:
    with transaction.atomic():
        row = _taken(pk, at)
        if row is None:
            return False
        try:
            mail.send_letter(
                to=row.message.email,
                name=row.message.name,
                subject=row.message.subject,
                text=whole_text(row.message),
                number=str(row.message.uuid),
                connection=connection,
            )
        except mail.NotSent as failure:
            _failed(row, at, failure)
            return False
        row.attempts += 1
        row.state, row.settled_at, row.problem = State.SENT, at, ""
        row.save(update_fields=["attempts", "state", "settled_at", "problem"])
        return True


def _settle(pk: int, at: datetime, failure: mail.NotSent) -> None:
    with transaction.atomic():
        if (row := _taken(pk, at)) is not None:
            _failed(row, at, failure)


def _taken(pk: int, at: datetime) -> Delivery | None:
    """The row for us alone; None where another worker has it, or it is settled meanwhile."""
    rows = _due(at).select_for_update(skip_locked=True, of=("self",)).select_related("message")
    found: Delivery | None = rows.filter(pk=pk).first()
    return found


def _failed(row: Delivery, at: datetime, failure: mail.NotSent) -> None:
    row.attempts += 1
    row.problem = failure.problem
    wait = None if failure.is_final else wait_after(row.attempts)
    if wait is not None:
        row.next_at = at + wait
    else:
        row.state, row.settled_at = State.FAILED, at
        call_instead(row.message, at)
    row.save(update_fields=["attempts", "problem", "next_at", "state", "settled_at"])
