"""What this browser may open without an account: the drafts and dossiers it began here, or opened with a code and a card number.

The right lies in the session, on the server: a list of uuids, each with the moment it was last used. It ends with the browser, after
`IDLE` without a page, and at once with the button "Xong, xoá khỏi máy này". An address with a uuid in it opens nothing by itself.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest

from bakhong.people import scope

IDLE = timedelta(
    minutes=60
)  # longer than a signed-in session: somebody looks for a paper, and nobody's account is open
MOST = 20  # the longest unused go first
_HELD = "portal.held"


def held(request: HttpRequest) -> set[UUID]:
    """The uuids of drafts and dossiers (and stored files' owners) this browser may open now. Asks no database where there is no session."""
    return {UUID(key) for key in _live(request)}


def holds(request: HttpRequest, uuid: UUID) -> bool:
    """Whether this one may be opened; notes the visit, at most once a minute."""
    live = _live(request)
    used = live.get(str(uuid))
    if used is None:
        return False
    now = time.time()
    if now - used > 60:
        request.session[_HELD] = {**live, str(uuid): now}
    return True


def hold(request: HttpRequest, uuid: UUID) -> None:
    """From now on this browser may open it. The session gets a new name: one planted before opens nothing."""
    live = _live(request)
    if str(uuid) not in live:
        request.session.cycle_key()
    newest = sorted({**live, str(uuid): time.time()}.items(), key=lambda pair: -pair[1])[:MOST]
    request.session[_HELD] = dict(newest)


def let_go(request: HttpRequest) -> None:
    """This browser opens nothing any more; somebody signed in stays signed in."""
    request.session.pop(_HELD, None)


@contextmanager
def opened(request: HttpRequest, *more: UUID, person: int | None = None) -> Iterator[None]:
    """While it lasts, the connection sees what this browser holds, `more`, and the one `person`; nothing else."""
    with scope.holding(person=person, keys=[*held(request), *more]):
        yield


def _live(request: HttpRequest) -> dict[str, float]:
    """uuid → last used, without those that have been idle for too long."""
    now = time.time()
    kept: dict[str, float] = request.session.get(_HELD, {})
    return {key: used for key, used in kept.items() if now - used <= IDLE.total_seconds()}
