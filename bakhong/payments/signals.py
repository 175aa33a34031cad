"""What rooms above hear of, in the deed's own transaction."""

from django.dispatch import Signal

# A charge is paid. Sent with `charge` (as it is now), `by` (Actor) and `at`.
charge_paid = Signal()
# A payment was taken back or returned, or the charge withdrawn. Sent with `charge`, `by` and `at`.
charge_reopened = Signal()
