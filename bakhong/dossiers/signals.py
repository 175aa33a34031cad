"""What rooms above, and this room's own messages, hear of."""

from django.dispatch import Signal

# One a deed, in its transaction. Sent with `dossier_id`, `event_id` and `event`, whose dossier is as the deed left it.
dossier_changed = Signal()
