"""Every page officers use for dossiers, empty, wrong and full, on a desk and on a telephone: axe silent, nothing too wide or too small."""

from collections.abc import Callable
from typing import Any

import pytest

from bakhong.desk.tests.casework import at, opened, press, taken_in
from bakhong.people.models import Person
from bakhong.places.models import Unit
from tests.journeys.gates import AT_A_DESK, checked, send
from tests.journeys.office import client_of, make_lady, seat

Walk = Callable[..., None]
WIDTHS = pytest.mark.parametrize("width", [360, 1366])


@pytest.fixture
def walk(
    width: int,
    thuong_xuan: Unit,
    transactional_db: None,
    live_server: Any,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> Walk:
    """`walk(role, "name", "address below the unit, or whole", …, press="the button's name")`: what is wrong fails at the end."""

    def go(role: str, state: str, stops: dict[str, str], *, button: str | None = None) -> None:
        page = browse(width=width)
        seat(page, client_of(role, thuong_xuan), live_server.url)
        found = {}
        for name, address in stops.items():
            answer = page.goto(address if address[0] == "/" else f"/desk/u/{thuong_xuan.uuid}/{address}")
            assert answer.status == 200, (name, answer.status)
            if button is not None:
                send(page, button)
            screenshot(page, f"desk-{state}-{name}-{width}")
            found[name] = checked(page, axe, AT_A_DESK)
        assert {name: each for name, each in found.items() if each} == {}

    return go


@WIDTHS
def test_when_there_is_nothing_yet(walk: Walk) -> None:
    casework = {
        "intake": "tiep-nhan/",
        "queue": "ho-so/",
        "measures": "ho-so/do-luong/",
        "register": "ho-so/so-theo-doi/",
        "calls": "goi-dien/",
        "unreached": "goi-dien/khong-goi-duoc/",
        "messages": "loi-nhan/",
        "signing": "ky-so/",
    }
    walk("one_stop_officer", "empty", casework)
    keeping = {"corrections": "corrections/", "catalogue": "procedures/", "calendar": "calendar/"}
    keeping |= {
        "explain": "calendar/explain/",
        "new-day": "calendar/days/new/",
        "new-hours": "calendar/hours/new/",
    }
    keeping |= {"procedure": "procedures/1.004873/", "change": "procedures/1.004873/change/"}
    keeping |= {"office-code": "procedures/office-code/"}
    walk("dx_secretary", "empty", keeping)
    walk("province_admin", "empty", {"forms": "bieu-mau/", "form-new": "bieu-mau/moi/"})


@WIDTHS
def test_when_something_is_wrong(walk: Walk, thuong_xuan: Unit, width: int) -> None:
    make_lady(thuong_xuan)
    dossier = taken_in(client_of("one_stop_officer", thuong_xuan), thuong_xuan)
    walk("one_stop_officer", "wrong-who", {"intake": "tiep-nhan/"}, button="Tìm người nộp")
    walk("one_stop_officer", "wrong-what", {"intake": "tiep-nhan/"}, button="Mở tờ khai")
    walk("one_stop_officer", "wrong", {"queue": "ho-so/"}, button="Tìm hồ sơ")
    walk("specialist", "wrong", {"supplement": at("dossier_supplement", dossier)}, button="Xem trước")
    walk(
        "dx_secretary",
        "wrong",
        {"new-day": "calendar/days/new/", "new-hours": "calendar/hours/new/"},
        button="",
    )
    walk("dx_secretary", "wrong", {"change": "procedures/1.004873/change/"}, button="")


@WIDTHS
def test_when_there_is_much(walk: Walk, thuong_xuan: Unit, width: int) -> None:
    lady = make_lady(thuong_xuan)
    officer, chair = client_of("one_stop_officer", thuong_xuan), client_of("chair", thuong_xuan)
    first, second, third = [taken_in(officer, thuong_xuan, exemption=[]) for _each in range(3)]
    press(officer, first, "forward")
    asked = {"version": "1", "paper-divorce": "missing", "deed": "send", "note": "Mang bản gốc"}
    specialist = client_of("specialist", thuong_xuan)
    for version in range(1, 4):
        specialist.post(at("dossier_supplement", second), asked | {"version": str(version)})
    _wish(lady)
    filling = opened(officer, thuong_xuan)["Location"]
    general = opened(officer, thuong_xuan, "local.xac-nhan-dat")["Location"]
    walk(
        "one_stop_officer",
        "full",
        {"filling": filling, "correct": f"{filling}sai/birth/", "general": general},
    )
    approve = chair.get(at("dossier_approve", third)).content.decode()
    assert "Duyệt" in approve
    walk(
        "one_stop_officer",
        "full",
        {
            "queue": "ho-so/?show=all",
            "forwarded": at("dossier", first),
            "waiting": at("dossier", second),
            "answer": at("dossier_answer", second),
            "slip": at("slip", first),
            "return": at("dossier_return", first),
            "measures": "ho-so/do-luong/",
            "register": "ho-so/so-theo-doi/",
            "told": f"loi-nhan/{second.uuid}/",
            "calls": "goi-dien/",
        },
    )
    walk("specialist", "full", {"second-return": at("dossier_supplement", first)})
    walk(
        "chair",
        "full",
        {"queue": "ho-so/", "approve": at("dossier_approve", third), "sign": at("dossier_sign", third)},
    )
    walk("dx_secretary", "full", {"corrections": "corrections/", "mandates": f"people/{lady.uuid}/mandates/"})
    walk("province_admin", "full", {"forms": "bieu-mau/"})


def _wish(lady: Person) -> None:
    from datetime import UTC, datetime

    from bakhong.core.actor import OPERATOR
    from bakhong.people import scope
    from bakhong.people.actions.correcting import ask_correction

    with scope.seeing(OPERATOR):
        ask_correction(
            person=lady,
            key="person.birth",
            current="1990-03-15",
            wanted="1991-03-15",
            reason="Khai sinh ghi khác",
            about=None,
            by=OPERATOR,
            at=datetime.now(UTC),
        )
