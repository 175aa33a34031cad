"""Certified copies: three originals of one person by keyboard alone, then certified, signed and handed over by two presses.

Budget: no mouse, at most 12 keys and 20 s for each original.
"""

from collections.abc import Callable
from typing import Any

import pytest

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.models import BookNumber, Dossier
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.places.models import Unit
from tests.journeys.office import Keys
from tests.journeys.test_a_dossier_at_the_desk import SCAN

LINES = (("2", "2", "3"), ("tcc", "", "2"), ("8", "", ""))


@pytest.mark.parametrize("width", [360, 1366])
def test_a_batch_of_certified_copies(
    width: int,
    lady: Person,
    thuong_xuan: Unit,
    officer_at: Callable[..., Any],
) -> None:
    page, look = officer_at("certifier", width, "copies")  # whom the chair authorised, for copies alone
    here = f"/desk/u/{thuong_xuan.uuid}/chung-thuc/"

    page.goto(here)
    look("empty")
    hand = Keys(page)
    hand.scan(SCAN)
    look("known")
    assert page.evaluate("document.activeElement.id") == "what-1"
    for line in LINES:
        for text in line:
            hand.type(text)
            hand.press("Tab")
    assert hand.keys <= 12 * len(LINES), hand.spent
    hand.leave("Enter")
    look("fee")
    assert page.locator("#what-2").input_value() == "Thẻ căn cước"
    page.locator("#purpose").select_option("rural_loan")
    hand.leave("F9")
    look("taken-in")
    with scope.seeing(OPERATOR):
        assert Dossier.objects.get().state == "received"
    hand.leave("F6")
    look("certified")
    hand.leave("F2")
    look("handed-over")
    print(hand.spent)
    assert hand.seconds <= 20 * len(LINES), hand.spent
    with scope.seeing(OPERATOR):
        assert Dossier.objects.get().state == "returned"
        given = BookNumber.objects.filter(book="copies").order_by("number")
        assert list(given.values_list("number", "what"))[1] == (2, "Thẻ căn cước")
    page.goto(f"{here}so/")
    look("book")
    page.goto(here)
    hand.type("A")
    hand.press("Tab")
    hand.type("99")
    hand.leave("F9")
    look("wrong")
    assert all("422" in each for each in page.complaints)
