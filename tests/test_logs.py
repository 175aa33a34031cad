"""The logs open nothing for whoever reads them."""

import pytest
from django.test import Client

from config.logs import HideKeys

CODE = "6TA72N81SV0013C4"


@pytest.mark.parametrize("path", [f"/to/vao/{CODE}/", f"/accounts/invitation/{CODE}/", f"/t/{CODE}/"])
def test_an_address_that_opens_something_is_not_written_down(
    db: None, client: Client, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    assert client.get(path).status_code == 404
    assert "***" in caplog.text
    assert CODE not in caplog.text


def test_without_the_filter_it_would_be(
    db: None, client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    monkeypatch.setattr(HideKeys, "filter", lambda self, record: True)
    client.get(f"/to/vao/{CODE}/")
    assert CODE in caplog.text
