"""How long to wait after failed attempts to sign in."""

from datetime import timedelta

LONGEST = timedelta(minutes=15)


def delay_after(failures: int) -> timedelta:
    """1, 2, 4, 8 … seconds, at most a quarter of an hour: about 105 guesses in a day.

    >>> [int(delay_after(count).total_seconds()) for count in (1, 2, 3, 4, 10, 11, 60)]
    [1, 2, 4, 8, 512, 900, 900]
    """
    return min(timedelta(seconds=2 ** min(failures - 1, 30)), LONGEST)
