"""The logs open nothing for whoever reads them."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bakhong.payments.rules.references import new_reference
from config.logs import HideKeys

CODE = "6TA72N81SV0013C4"
REQUESTS = logging.getLogger("django.request")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a handler made as the settings say writes of a request, whatever other tests have done to the loggers."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    said: Any = settings.LOGGING
    for name in said["handlers"]["stderr"]["filters"]:
        assert said["filters"][name]["()"] == "config.logs.HideKeys"
        handler.addFilter(HideKeys())
    monkeypatch.setattr(REQUESTS, "disabled", False)
    monkeypatch.setattr(REQUESTS, "level", logging.WARNING)
    before = logging.root.manager.disable
    logging.disable(logging.NOTSET)
    REQUESTS.addHandler(handler)
    REQUESTS.manager._clear_cache()  # type: ignore[attr-defined]
    yield stream
    REQUESTS.removeHandler(handler)
    logging.disable(before)


@pytest.mark.parametrize(
    "path",
    [
        f"/{part}/{CODE}/"
        for part in ("to/vao", "accounts/invitation", "t", "tra-cuu", "kiem-tra", "tra-tien")
    ],
)
def test_an_address_that_opens_something_is_not_written_down(
    db: None, client: Client, written: io.StringIO, path: str
) -> None:
    assert client.get(path).status_code == 404
    assert "***" in written.getvalue()
    assert CODE not in written.getvalue()


@pytest.mark.parametrize("prefix", ["BK", "BN", "BT", "bk"])
def test_codes_of_money_are_not_written_down_wherever_they_stand(
    db: None, client: Client, written: io.StringIO, prefix: str
) -> None:
    code = new_reference() if prefix == "bk" else new_reference(prefix)
    code = code.lower() if prefix == "bk" else code
    for path in (f"/khong-co/{code}/", f"/khong-co/-{code}-/x", f"/khong-co/?ma={code}"):
        assert client.get(path).status_code == 404
    client.post(f"/tra-tien/{code}/")
    assert "***" in written.getvalue()
    assert code not in written.getvalue()


def test_without_the_filter_it_would_be(
    db: None, client: Client, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    monkeypatch.setattr(HideKeys, "filter", lambda self, record: True)
    client.get(f"/to/vao/{CODE}/")
    assert CODE in written.getvalue()
