"""An installation whose catalogue was edited by hand says so."""

import pytest

from bakhong.cli.catalogue import check_catalogue
from bakhong.core.errors import Refusal
from bakhong.procedures.rules import kept


def test_the_catalogue_is_as_it_shipped() -> None:
    assert "bản thủ tục" in check_catalogue()


def test_a_version_changed_in_place_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = dict(kept._rows())
    rows["1.004873/1"] = {**rows["1.004873/1"], "limit": {"amount": 5, "unit": "working_days"}}
    monkeypatch.setattr(kept, "_rows", lambda: rows)
    with pytest.raises(Refusal, match=r"\(1\.004873/1\)"):
        check_catalogue()
