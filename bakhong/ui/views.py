"""The gallery: every component in every state. It is the design document, and the visual tests look at it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bakhong.ui import samples, tokens
from bakhong.ui.errors import PAGES, error_page


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """The components on a residents' page."""
    return render(request, "ui/gallery/portal.html", _context(request))


@login_not_required
@require_safe
def desk_gallery(request: HttpRequest) -> HttpResponse:
    """The same components dense, with what only staff have."""
    return render(request, "ui/gallery/desk.html", _context(request))


@login_not_required
@require_safe
def print_gallery(request: HttpRequest) -> HttpResponse:
    """A sheet of A4."""
    return render(request, "ui/gallery/print.html", _context(request))


@login_not_required
@require_safe
def error_gallery(request: HttpRequest, status: int) -> HttpResponse:
    """One of the error pages, with its status.

    Raises: Http404 for a status without a page.
    """
    if status not in PAGES:
        raise Http404
    return error_page(request, status, gettext("Đây là trang lỗi mẫu."))


def _context(request: HttpRequest) -> dict[str, Any]:
    for item in (lists := samples.lists())["nav"]:
        item["current"] = item["url"] == request.path
    return {
        **lists,
        "unit_contact": samples.contact(),
        "messages": [
            messages.storage.base.Message(messages.SUCCESS, gettext("Đã lưu 12 số liệu.")),
            messages.storage.base.Message(messages.ERROR, gettext("Tệp này không đọc được. Hãy gửi tệp .docx.")),
        ],
        "colours": _colours(),
        "states": ["done", "doing", "late", "error", "none"],
        "error_statuses": PAGES,
        "form": samples.form_empty(),
        "wrong_form": samples.form_with_errors(),
        "figures": samples.figures(),
        "bars": samples.bars(),
        "trends": samples.trends(),
        "page": samples.page_of_many(),
        "target": 80,
    }


def _colours() -> list[tuple[str, str]]:
    return [(name, value) for name, value in vars(tokens).items() if name.isupper()]
