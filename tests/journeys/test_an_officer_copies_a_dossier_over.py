"""“Chép sang”: one key copies a field of the dossier and goes to the next, and each field copied is counted once."""

from collections.abc import Callable
from typing import Any

import pytest

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.models import CopyEvent, Dossier
from bakhong.people import scope
from bakhong.places.models import Unit
from tests.journeys.office import Keys


@pytest.mark.parametrize("width", [360, 1366])
def test_every_field_is_copied_by_one_key(
    width: int,
    dossier: Dossier,
    thuong_xuan: Unit,
    officer_at: Callable[..., Any],
) -> None:
    page, look = officer_at("one_stop_officer", width, "copying")
    page.goto(f"/desk/u/{thuong_xuan.uuid}/ho-so/{dossier.uuid}/chep-sang/provincial/")
    boxes = page.locator("[data-copy-field]")
    wanted = [boxes.nth(each).input_value() for each in range(boxes.count())]
    assert "Lê Thị Hoá" in wanted
    page.evaluate(
        "() => { window.copied = []; document.addEventListener('copy', () => window.copied.push(String(document.activeElement.value))); }"
    )
    keys = Keys(page)
    for _ in wanted:
        keys.press("F8")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("() => window.copied") == wanted
    assert page.locator("[data-copy-mark]:visible").count() == len(wanted)
    look("all")
    with scope.seeing(OPERATOR):
        assert len(CopyEvent.objects.get().copied) == len(wanted)
    page.reload()
    assert page.locator("[data-copied]").count() == len(wanted)
    assert page.complaints == []
