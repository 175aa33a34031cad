"""Which confirmation of money a paper is."""

from bakhong.documents.models import File
from bakhong.documents.scope import everything
from bakhong.payments.models import Receipt


def confirmation_of(file: File) -> Receipt | None:
    """For whoever holds the paper or its code. None for any other file."""
    if file.owner_kind != "charge":
        return None
    with everything():
        return Receipt.objects.select_related("biller").filter(file=file.uuid).first()
