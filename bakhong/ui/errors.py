"""A whole page that says no, for statuses Django itself has no page for and for refusals."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Statuses with a page of their own; the page says what happened and what to do.
PAGES = (400, 403, 404, 409, 413, 429, 500, 503)


def error_page(request: HttpRequest, status: int, message: str = "") -> HttpResponse:
    """The page of that status, with `message` (a plain sentence) on top; other statuses look like 400."""
    template = f"{status}.html" if status in PAGES else "400.html"
    return render(request, template, {"message": message}, status=status)
