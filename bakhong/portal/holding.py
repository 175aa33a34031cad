"""What this browser may open without an account: the drafts and dossiers it began here, or opened with a code and a card number.

The right lies in the session, on the server: a list of uuids, each with the moment it was last used. It ends with the browser, after
`IDLE` without a page, and at once with the button "Xong, xoá khỏi máy này". An address with a uuid in it opens nothing by itself.

What is held under a mandate is held no longer than the mandate: it is asked anew at every use.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from bakhong.people import scope
from bakhong.portal.acting import holds_mandate

IDLE = timedelta(
    minutes=60
)  # longer than a signed-in session: somebody looks for a paper, and nobody's account is open
MOST = 20  # the longest unused go first
_HELD = "portal.held"
_UNDER = "portal.held_under"  # uuid → (mandate, procedure), of those that are held for another
_BEGUN = "portal.begun"  # the uuids begun here without an account
_VISIT = "portal.browser"


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


def hold(request: HttpRequest, uuid: UUID, *, mandate: UUID | None = None, procedure: str = "") -> None:
    """From now on this browser may open it. The session gets a new name: one planted before opens nothing.

    `mandate`: only as long as whoever signed in holds it, for this procedure.
    """
    live, under = _live(request), dict(_under(request))
    if str(uuid) not in live:
        request.session.cycle_key()
    if mandate is None:
        under.pop(str(uuid), None)
    else:
        under[str(uuid)] = [str(mandate), procedure]
    newest = sorted({**live, str(uuid): time.time()}.items(), key=lambda pair: -pair[1])[:MOST]
    request.session[_HELD] = dict(newest)
    if under or _UNDER in request.session:
        request.session[_UNDER] = dict(list(under.items())[-MOST:])


def mandate_held_under(request: HttpRequest, uuid: UUID) -> UUID | None:
    """The mandate under which this browser opened it; None: in their own right."""
    found = _under(request).get(str(uuid))
    return UUID(found[0]) if found else None


def note_begun(request: HttpRequest, uuid: UUID) -> None:
    """It was begun here, by somebody who had not signed in: it stays theirs when they do."""
    request.session[_BEGUN] = [*request.session.get(_BEGUN, []), str(uuid)][-MOST:]


def keep_begun(request: HttpRequest) -> None:
    """Somebody signed in: what was opened here with a code, by whomever, is not theirs by that."""
    begun = set(request.session.get(_BEGUN, []))
    live = {key: used for key, used in _live(request).items() if key in begun}
    request.session.pop(_UNDER, None)
    if _HELD in request.session:
        request.session[_HELD] = live


def secret_of(request: HttpRequest) -> str:
    """Known to this browser alone, and gone with what it holds."""
    if _VISIT not in request.session:
        request.session[_VISIT] = secrets.token_urlsafe(24)
    return str(request.session[_VISIT])


def let_go(request: HttpRequest) -> None:
    """This browser opens nothing any more, and no form sent before can be sent again; somebody signed in stays signed in."""
    for name in (_HELD, _UNDER, _BEGUN, _VISIT):
        request.session.pop(name, None)
    rotate_token(request)


@contextmanager
def opened(request: HttpRequest, *more: UUID, person: int | None = None) -> Iterator[None]:
    """While it lasts, the connection sees what this browser holds, `more`, and the one `person`; nothing else."""
    with scope.holding(person=person, keys=[*held(request), *more]):
        yield


def _live(request: HttpRequest) -> dict[str, float]:
    """uuid → last used, without those that have been idle for too long, and those whose mandate is over."""
    now = time.time()
    kept: dict[str, float] = request.session.get(_HELD, {})
    under = _under(request) if kept else {}
    return {
        key: used
        for key, used in kept.items()
        if now - used <= IDLE.total_seconds() and (key not in under or _lives(request, under[key]))
    }


def _under(request: HttpRequest) -> dict[str, list[str]]:
    found: dict[str, list[str]] = request.session.get(_UNDER, {})
    return found


def _lives(request: HttpRequest, held: list[str]) -> bool:
    mandate, procedure = held
    return holds_mandate(request, UUID(mandate), procedure)
