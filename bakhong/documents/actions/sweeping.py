"""Putting aside contents nobody points to: what a transaction that was rolled back left on the disk.

Nothing is deleted at once: after a restore of an older copy, or beside another database, every paper of the last days looks as if nobody
wanted it.
"""

from datetime import datetime, timedelta

from bakhong.core.days import day_of
from bakhong.documents import stores
from bakhong.documents.models import File, SigningLine

YOUNG = timedelta(days=1)  # no request takes longer
ASIDE = timedelta(days=30)  # how long an operator may still fetch them back
_MOST = 100


class TooMany(Exception):
    """So much would be put aside that the database is more likely to be wrong than the disk."""


def sweep(*, at: datetime) -> int:
    """Put them aside, and forget what was put aside a month ago; returns how many.

    Call it with everything open (`scope.everything`): a file that is not seen would be taken for none.
    Raises: TooMany, with nothing touched.
    """
    older = list(stores.names_older_than((at - YOUNG).timestamp()))
    halves = [name for name in older if name.endswith(".part")]
    whole = [name for name in older if not name.endswith(".part")]
    unwanted = [name for name in whole if not _is_wanted(name)]
    if len(unwanted) > max(_MOST, len(whole) // 100):
        raise TooMany(f"{len(unwanted)} of {len(whole)} files are in no row of this database")
    for name in halves:
        stores.drop_half(name)
    for name in unwanted:
        stores.put_aside(name, day_of(at))
    stores.forget_aside(day_of(at - ASIDE))
    return len(halves) + len(unwanted)


def _is_wanted(name: str) -> bool:
    if File.objects.filter(storage=name, erased_at=None).exists():
        return True
    return SigningLine.objects.filter(prepared=name, job__ended_at=None).exists()
