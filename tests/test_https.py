"""Behind a proxy that ends TLS: what the operator said (BAKHONG_HTTPS), not what a header says."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory

from config.wsgi import Application, over_https


def answered(wrap: Callable[[Application], Application], **headers: Any) -> HttpResponse:
    """The address that a page would print, as what the security middleware lets out."""
    out: list[HttpResponse] = []

    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.build_absolute_uri("/payments/webhook/"))

    def inner(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = SecurityMiddleware(page)(WSGIRequest(environ))
        assert isinstance(answer, HttpResponse)
        out.append(answer)
        return answer

    request = RequestFactory().get("/", HTTP_HOST="localhost", **headers)
    wrap(inner)(request.environ, lambda *_: None)
    return out[0]


def test_what_leaves_the_site_is_https(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    told = answered(over_https)
    assert told.content == b"https://localhost/payments/webhook/"
    assert told.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_no_header_of_a_visitor_makes_it_so(settings: Any) -> None:
    """Negative control."""
    settings.SECURE_HSTS_SECONDS = 31_536_000
    told = answered(lambda inner: inner, HTTP_X_FORWARDED_PROTO="https")
    assert told.content == b"http://localhost/payments/webhook/"
    assert "Strict-Transport-Security" not in told.headers
