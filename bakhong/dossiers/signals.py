"""What rooms above, and this room's own messages, hear of."""

from django.dispatch import Signal

# One a deed, in its transaction. Sent with `dossier_id` and `event_id`.
dossier_changed = Signal()
