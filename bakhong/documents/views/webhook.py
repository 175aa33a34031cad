"""Where a provider of remote signatures calls us."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bakhong.accounts.access import public
from bakhong.core.errors import NotFound
from bakhong.documents import scope
from bakhong.documents.actions.confirming import confirm_job
from bakhong.documents.adapters.signing.port import ProviderProblem, is_remote
from bakhong.documents.adapters.signing.registry import providers

_LARGEST = 2_000_000


@public
@csrf_exempt
@require_POST
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """The secret stands in the address registered with the provider (`?secret=`) or in `Authorization: Bearer`.

    204 for an answer taken, also for one that came before; 404 for everybody else, who learns nothing.
    """
    port = providers().get(provider)
    if port is None or not is_remote(port) or _length(request) > _LARGEST:
        return HttpResponse(status=404)
    try:
        number, outcome = port.webhook(_secret(request), request.body)  # type: ignore[union-attr]
    except ProviderProblem as problem:
        return HttpResponse(status=404 if problem.code == "wrong_caller" else 400)
    try:
        with scope.everything():
            confirm_job(provider=provider, transaction_number=number, result=outcome, at=timezone.now())
    except NotFound:
        return HttpResponse(status=404)
    return HttpResponse(status=204)


def _secret(request: HttpRequest) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ") or request.GET.get("secret", "")


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return _LARGEST + 1
