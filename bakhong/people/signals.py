"""What rooms above hear of."""

from django.dispatch import Signal

# One batch an action, in its transaction. Sent with `person_ids`, a list: what holds of these persons may have changed.
facts_recorded = Signal()
