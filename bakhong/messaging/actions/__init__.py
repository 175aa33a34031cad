"""Deeds. All are atomic, audited and refuse in a plain sentence."""

from bakhong.messaging.actions.calling import drop_waiting, number_for, record_call, reopen_call
from bakhong.messaging.actions.delivering import deliver_due
from bakhong.messaging.actions.forgetting import forget
from bakhong.messaging.actions.seeing import note_seen
from bakhong.messaging.actions.sending import Recipient, send

__all__ = [
    "Recipient",
    "deliver_due",
    "drop_waiting",
    "forget",
    "note_seen",
    "number_for",
    "record_call",
    "reopen_call",
    "send",
]
