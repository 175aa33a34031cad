"""Taking away contents nobody points to: what a transaction that was rolled back left on the disk."""

from datetime import datetime, timedelta

from bakhong.documents import stores
from bakhong.documents.models import File, SigningLine

KEPT = timedelta(days=1)  # no request takes longer, and an operator may still look


def sweep(*, at: datetime) -> int:
    """Remove them; returns how many. Call it with everything open (`scope.everything`): a file that is not seen would be taken for none."""
    taken = 0
    for name in stores.names_older_than((at - KEPT).timestamp()):
        if name.endswith(".part"):
            stores.drop_half(name)
        elif _is_wanted(name):
            continue
        else:
            stores.drop(name)
        taken += 1
    return taken


def _is_wanted(name: str) -> bool:
    if File.objects.filter(storage=name, erased_at=None).exists():
        return True
    return SigningLine.objects.filter(prepared=name, job__ended_at=None).exists()
