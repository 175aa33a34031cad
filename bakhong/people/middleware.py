"""What pages about people pass: the database shows the rows of the area of whoever asks, and who looked is written down."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from bakhong.accounts.policies import policy_for
from bakhong.accounts.residents import ResidentActor
from bakhong.people import scope
from bakhong.people.actions.looking import record_looks
from bakhong.people.looks import noted
from bakhong.people.queries.residents import person_by

# Permissions of the rooms whose pages show personal rows.
ROOMS = ("people.", "outreach.", "dossiers.", "documents.", "exchange.")

Next = Callable[[HttpRequest], HttpResponseBase]


class PeopleMiddleware:
    """Stands before ReadOnlyMiddleware, so that it acts outside the reading transaction.

    Only for views whose permission belongs to one of `ROOMS`, and residents' own: all others see no personal row, and pay nothing.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            response = self.get_response(request)
            if response.status_code == 200 and (looks := noted(request)):
                record_looks(looks=looks, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
            return response
        finally:
            if getattr(request, "people_are_open", False):
                scope.close()

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        assert request.resolver_match is not None
        policy = policy_for(request.resolver_match)
        if policy is not None and policy.kind == "resident":
            _open_to_themself(request)
        elif policy is not None and policy.permission.startswith(ROOMS) and request.user.is_authenticated:
            scope.open_to(scope.villages_of(request.actor))  # type: ignore[attr-defined]
            request.people_are_open = True  # type: ignore[attr-defined]
        return None


def _open_to_themself(request: Any) -> None:
    """The connection shows this resident and what is kept under their name, nobody else. `request.person`: their record, None for none."""
    actor: ResidentActor = request.resident
    request.person = person_by(actor.person) if actor.person is not None else None
    if request.person is not None:
        # Their record may be a double by now: the one kept is who they are.
        request.resident = request.actor = replace(actor, person=request.person.uuid)
        scope.open_to((), person=request.person.pk, keys=[request.person.uuid])
        request.people_are_open = True
