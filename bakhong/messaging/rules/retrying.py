"""When to try again what did not go out."""

from datetime import timedelta

# After the first failure, the second, …; then it is given up. A server that is down over a weekend is waited for.
_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
CALL_AGAIN = timedelta(hours=3)  # after nobody answered the telephone


def wait_after(failures: int) -> timedelta | None:
    """How long to wait after so many failures; None: give up.

    >>> wait_after(1), wait_after(4), wait_after(8)
    (datetime.timedelta(seconds=60), datetime.timedelta(seconds=7200), None)
    """
    return _AFTER[failures - 1] if failures <= len(_AFTER) else None
