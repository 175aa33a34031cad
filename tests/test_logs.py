"""The logs open nothing for whoever reads them."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string

CODE = "6TA72N81SV0013C4"


@pytest.fixture
def written() -> StringIO:
    return StringIO()


@pytest.fixture
def handler(written: StringIO) -> Iterator[logging.Handler]:
    """A handler with the filters of the settings' own, writing to memory."""
    made = logging.StreamHandler(written)
    for name in settings.LOGGING["handlers"]["stderr"]["filters"]:
        made.addFilter(import_string(settings.LOGGING["filters"][name]["()"])())
    logging.getLogger().addHandler(made)
    yield made
    logging.getLogger().removeHandler(made)


@pytest.mark.parametrize("path", [f"/to/vao/{CODE}/", f"/accounts/invitation/{CODE}/", f"/t/{CODE}/"])
def test_an_address_that_opens_something_is_not_written_down(
    db: None, client: Client, handler: logging.Handler, written: StringIO, path: str
) -> None:
    assert client.get(path).status_code == 404
    assert "Not Found" in written.getvalue()
    assert CODE not in written.getvalue()


def test_without_the_filter_it_would_be(
    db: None, client: Client, handler: logging.Handler, written: StringIO
) -> None:
    """Negative control."""
    handler.filters.clear()
    client.get(f"/to/vao/{CODE}/")
    assert CODE in written.getvalue()
