"""A whole page that says no, for statuses Django itself has no page for and for refusals."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Statuses with a page of their own; the page says what happened and what to do.
PAGES = (400, 403, 404, 409, 413, 422, 429, 500, 503)


def error_page(request: HttpRequest, status: int, message: str = "") -> HttpResponse:
    """The page of that status, with `message` (a plain sentence) on top; other statuses look like 400."""
    template = f"{status}.html" if status in PAGES else "400.html"
    return render(request, template, {"message": message}, status=status)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be read, `handler400` of the site: 413 where there is too much of it, else 400.

    Django's own looks at the form once more to make its page, and fails on it once more (a form that is no UTF-8).
    """
    is_too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return error_page(request, 413 if is_too_much else 400)
