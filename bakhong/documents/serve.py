"""Handing a stored file to a browser, safely. Who may have it, the door has asked before."""

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

from bakhong.documents.actions.storing import open_file
from bakhong.documents.models import File


def file_response(file: File, *, inline: bool = False) -> HttpResponse:
    """The content with its own type and name, never guessed, never kept by the browser or a proxy, never run as a page.

    `inline` shows it in the browser's viewer (a picture or PDF only), else it is saved.

    Raises: NotFound, Damaged.
    """
    response = HttpResponse(open_file(file), content_type=file.media_type)
    for name, value in headers(file.name, inline=inline).items():
        response[name] = value
    # A picture or PDF needs nothing of its own; whatever it says it wants, it gets nothing.
    response["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; object-src 'self'; sandbox"
    return response


def headers(name: str, *, inline: bool = False) -> dict[str, Any]:
    """Headers of a download.

    >>> headers("giấy.pdf")["Content-Disposition"]
    "attachment; filename*=UTF-8''gi%E1%BA%A5y.pdf"
    """
    how = "inline" if inline else "attachment"
    return {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store, private",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
    }
