"""A real browser that gets its pages from Django without a server or a database."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

ORIGIN = "http://127.0.0.1"  # nobody listens: every request is answered by `_answer`


@pytest.fixture
def open_page(chromium: Any, settings: Any) -> Iterator[Callable[..., Any]]:
    """`open_page("/ui/", width=360)`: the page, which keeps what the browser complained about in `complaints`."""
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.ROOT_URLCONF = "bakhong.ui.tests.urls"
    contexts = []

    def opened(path: str, *, width: int = 1366, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.route("**/*", _answer)
        page.goto(ORIGIN + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def _answer(route: Any) -> None:
    parts = urlsplit(route.request.url)
    response = Client(headers={"host": "127.0.0.1"}).get(
        parts.path + (f"?{parts.query}" if parts.query else "")
    )
    body = b"".join(response) if response.streaming else response.content
    route.fulfill(status=response.status_code, headers=dict(response.items()), body=body)
