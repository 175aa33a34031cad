"""What this room tells those above it."""

from django.dispatch import Signal

# A file has been signed, in the deed's transaction: `file` (the signed File), `replaced` (the File it replaces), `job` (SigningJob).
file_signed = Signal()
# A job ended without a signature: `job` (SigningJob).
signing_failed = Signal()
