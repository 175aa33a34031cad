"""What pages about money pass: the database shows the money of the billers that whoever asks works for, and the people they may see."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from bakhong.accounts.permissions import covered_ids
from bakhong.accounts.policies import policy_for
from bakhong.payments import scope
from bakhong.payments.permissions import billers_for
from bakhong.people.scope import close as close_people
from bakhong.people.scope import open_to, villages_of

ROOMS = ("payments.", "stalls.")

Next = Callable[[HttpRequest], HttpResponseBase]


class PaymentsMiddleware:
    """Stands before ReadOnlyMiddleware, so that it acts outside the reading transaction. Other pages pay nothing."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        finally:
            if getattr(request, "billers_are_open", False):
                scope.close()
                close_people()

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        assert request.resolver_match is not None
        policy = policy_for(request.resolver_match)
        if policy is not None and policy.permission.startswith(ROOMS) and request.user.is_authenticated:
            actor = request.actor  # type: ignore[attr-defined]
            scope.open_to(billers_for(actor, policy.permission).values_list("pk", flat=True))
            open_to(_villages(actor, policy.permission))
            request.billers_are_open = True  # type: ignore[attr-defined]
        return None


def _villages(actor: Any, permission: str) -> frozenset[int] | None:
    """Stalls hang on a village, and are seen by who may see stalls there; all else about people by who may see people."""
    if permission.startswith("stalls."):
        return covered_ids(actor.places_where(permission), actor.on)
    return villages_of(actor)
