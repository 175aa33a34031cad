"""What rooms above hear of."""

from django.dispatch import Signal

# One batch an action, in its transaction. Sent with `person_ids`, a list: what holds of these persons may have changed.
facts_recorded = Signal()

# The same for what is no person: `kind` is "household", "subscription" or "organisation", `ids` a list of primary keys.
subjects_recorded = Signal()

# Sent with `person_ids` while a person is being erased, in its transaction: who keeps words about them blanks them too. For rows that do
# not point at a person: `names` (as they were called, some may be equal), `household_ids` they lived in, `organisation_ids` they own.
erased = Signal()

# Asked, not told: sent with `place_id`, `first` and `last` (days, both included). A room that keeps a calendar answers with the set of
# working days of that place between them.
working_days_asked = Signal()
