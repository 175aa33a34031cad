"""What shipped once says for ever what it said."""

import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import bakhong.procedures
from bakhong.procedures.rules import kept

DATA = Path(bakhong.procedures.__file__).parent / "data"


def the_row() -> dict[str, Any]:
    document = tomllib.loads((DATA / "procedures.toml").read_text(encoding="utf-8"))
    found: dict[str, Any] = next(each for each in document["procedure"] if each["code"] == "1.004873")
    return found


def test_no_shipped_version_was_changed() -> None:
    """Red? A version was changed in place: add another one with a later `valid_from`, and its line to versions.toml."""
    assert kept.changed() == ()


@pytest.mark.parametrize(
    "edit",
    [
        lambda row: row["limit"].update(amount=5),
        lambda row: row["paper"][0].update(held_by="civil_status"),
        lambda row: row["paper"].pop(),
        lambda row: row["step"][0].update(share=5),
        lambda row: row["fee"].update(amount=1),
        lambda row: row["result"][0]["facts"].pop("marriage.status"),
        lambda row: row.update(form="general"),
    ],
)
def test_what_it_decides_is_guarded(edit: Any) -> None:
    row, edited = the_row(), deepcopy(the_row())
    edit(edited)
    assert kept.digest_of(edited) != kept.digest_of(row)


def test_a_letter_of_its_wording_may_be_mended() -> None:
    row, edited = the_row(), deepcopy(the_row())
    edited["name"]["vi"] = edited["paper"][0]["help"]["vi"] = "Chữ khác"
    assert kept.digest_of(edited) == kept.digest_of(row)
