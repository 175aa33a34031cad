"""What pages about people pass: the database shows the rows of the area of whoever asks, and who looked is written down."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from bakhong.accounts.policies import policy_for
from bakhong.people import scope
from bakhong.people.actions.looking import record_looks
from bakhong.people.looks import noted

# Permissions of the rooms whose pages show personal rows.
ROOMS = ("people.", "outreach.", "dossiers.", "documents.", "exchange.")

Next = Callable[[HttpRequest], HttpResponseBase]


class PeopleMiddleware:
    """Stands before ReadOnlyMiddleware, so that it acts outside the reading transaction.

    Only for views whose permission belongs to one of `ROOMS`: all others see no personal row, and pay nothing.
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
        if policy is not None and policy.permission.startswith(ROOMS) and request.user.is_authenticated:
            scope.open_to(scope.villages_of(request.actor))  # type: ignore[attr-defined]
            request.people_are_open = True  # type: ignore[attr-defined]
        return None
