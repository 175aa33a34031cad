"""“Chép sang”: one key copies a field of the dossier and goes to the next, and each field copied is counted once."""

from collections.abc import Callable
from typing import Any

import pytest

from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.casework import taken_in
from bakhong.dossiers.models import CopyEvent, Dossier
from bakhong.people import scope
from bakhong.places.models import Unit
from tests.journeys.gates import AT_A_DESK, checked
from tests.journeys.office import Keys, client_of, make_lady, seat


@pytest.fixture
def dossier(thuong_xuan: Unit, transactional_db: None) -> Dossier:
    make_lady(thuong_xuan)
    return taken_in(client_of("one_stop_officer", thuong_xuan), thuong_xuan)


@pytest.mark.parametrize("width", [360, 1366])
def test_every_field_is_copied_by_one_key(
    width: int,
    dossier: Dossier,
    thuong_xuan: Unit,
    live_server: Any,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    page = browse(width=width)
    seat(page, client_of("one_stop_officer", thuong_xuan), live_server.url)
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
    screenshot(page, f"copying-{width}")
    assert checked(page, axe, AT_A_DESK) == []
    with scope.seeing(OPERATOR):
        assert len(CopyEvent.objects.get().copied) == len(wanted)
    page.reload()
    assert page.locator("[data-copied]").count() == len(wanted)
    assert page.complaints == []
