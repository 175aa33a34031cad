"""Blanking what was told to somebody who is being erased."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from bakhong.messaging.models import Delivery, Message, State


def forget(*, at: datetime, persons: Collection[UUID] = (), about: Collection[UUID] = ()) -> None:
    """Nothing personal is left in the messages to these persons or about these drafts and dossiers; what still waits is not sent.

    Part of an erasure, in its transaction: the trigger lets texts be blanked only while it holds `app.erasing`.
    """
    told = Message.objects.filter(Q(person__in=list(persons)) | Q(about__in=list(about)))
    ids = list(told.values_list("pk", flat=True))
    Message.objects.filter(pk__in=ids).update(name="", email="", phone="", subject="", text="", sealed=None)
    waiting = Delivery.objects.filter(message__in=ids, state=State.WAITING)
    waiting.update(state=State.DROPPED, settled_at=at)
