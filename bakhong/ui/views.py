"""The gallery: every component in every state. It is the design document, and the visual tests look at it."""

from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bakhong.ui import samples, tokens
from bakhong.ui.errors import PAGES, error_page

DRESSES = ("portal", "desk", "print")


@require_safe
def gallery(request: HttpRequest, dress: str = "portal") -> HttpResponse:
    """All components as residents see them, dense as staff see them ("desk"), or on A4 ("print").

    Raises: Http404 for another dress.
    """
    if dress not in DRESSES:
        raise Http404
    return render(request, f"ui/gallery/{dress}.html", _context(request))


@require_safe
def errors(request: HttpRequest, status: int) -> HttpResponse:
    """One of the error pages, with its status.

    Raises: Http404 for a status without a page.
    """
    if status not in PAGES:
        raise Http404
    return error_page(request, status, gettext("Đây là trang lỗi mẫu."))


def _context(request: HttpRequest) -> dict[str, Any]:
    lists = samples.lists()
    for item in lists["nav"]:
        item["current"] = item["url"] == request.path
    return {
        **lists,
        "unit_contact": samples.contact(),
        "messages": [
            Message(messages.SUCCESS, gettext("Đã lưu 12 số liệu.")),
            Message(messages.ERROR, gettext("Tệp này không đọc được. Hãy gửi tệp .docx.")),
        ],
        "colours": [(name, value) for name, value in vars(tokens).items() if name.isupper()],
        "states": ["done", "doing", "late", "error", "none"],
        "error_statuses": PAGES,
        "form": samples.form_empty(),
        "filter": samples.form_filter(),
        "wrong_form": samples.form_with_errors(),
        "figures": samples.figures(),
        "bars": samples.bars(),
        "trends": samples.trends(),
        "page": samples.page_of_many(),
        "target": 80,
    }
