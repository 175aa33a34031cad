"""Linked steps from the desk: which step goes to whom, until when, who answers, and on to what comes after."""

from datetime import timedelta

import pytest
from django.test import Client

from bakhong.core.days import day_of
from bakhong.core.numbers import format_day
from bakhong.desk.frame import now
from bakhong.desk.tests.casework import Enter, at, opened, press, stored, text
from bakhong.dossiers.models import AgencyAsk, Dossier
from bakhong.people.models import Person
from bakhong.places.models import Unit

pytestmark = pytest.mark.usefixtures("shipped_forms")

SAID = {"content": "Xác nhận thửa 12", "phone": "0912345678", "address": "Thôn 1"}
LAND = "local.xac-nhan-dat"  # receive, survey, registry (the land office, 20 %), approve
OFFICE = "Văn phòng đăng ký đất đai"


@pytest.fixture
def received(officer: Client, lady: Person, thuong_xuan: Unit) -> Dossier:
    return take_in(officer, thuong_xuan, LAND)


def take_in(officer: Client, unit: Unit, code: str) -> Dossier:
    address = opened(officer, unit, code)["Location"]
    papers = {f"paper-{code}-seen": "on" for code in ("birth_record", "original")}
    answer = officer.post(address, {**SAID, **papers, "deed": "receive", "result_mode": "desk"})
    assert answer.status_code == 302, text(answer)
    found: Dossier = stored(Dossier)[-1]
    return found


def test_its_steps_are_offered_with_their_agency(officer: Client, received: Dossier) -> None:
    page = text(officer.get(at("dossier", received)))
    assert f"{OFFICE}: Đối chiếu hồ sơ địa chính" in page


def test_a_step_has_its_share_of_the_time(officer: Client, received: Dossier) -> None:
    assert press(officer, received, "send_to_agency", step="registry", what="Thửa 12").status_code == 302
    asked = stored(AgencyAsk)[0]
    assert (asked.agency, asked.step) == (OFFICE, "registry")
    assert asked.sent_at < asked.due_at < received.due_at
    assert stored(Dossier)[0].step == "receive"  # the office's own step goes on


def test_a_step_with_a_limit_of_its_own(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    found = take_in(officer, thuong_xuan, "1.001193")
    press(officer, found, "send_to_agency", step="residence")
    asked = stored(AgencyAsk)[0]
    assert asked.agency == "Công an xã"
    assert timedelta(days=1) < asked.due_at - asked.sent_at < timedelta(days=12)


def test_another_agency_with_a_day(officer: Client, received: Dossier) -> None:
    day = day_of(now()) + timedelta(days=5)
    said = {"step": "", "agency": "Tòa án", "due_on": format_day(day)}
    assert press(officer, received, "send_to_agency", **said).status_code == 302
    asked = stored(AgencyAsk)[0]
    assert (asked.agency, asked.step, day_of(asked.due_at)) == ("Tòa án", "", day)


def test_a_day_that_is_over_and_no_agency_are_told(officer: Client, received: Dossier) -> None:
    gone = format_day(day_of(now()) - timedelta(days=1))
    assert press(officer, received, "send_to_agency", step="registry", due_on=gone).status_code == 422
    assert press(officer, received, "send_to_agency", step="").status_code == 422
    assert press(officer, received, "send_to_agency", step="survey").status_code == 422  # a step of our own
    assert stored(AgencyAsk) == []


def test_after_the_answer_it_goes_on_to_what_comes_next(
    officer: Client, enter: Enter, received: Dossier, thuong_xuan: Unit
) -> None:
    press(officer, received, "forward")
    assert stored(Dossier)[0].step == "survey"
    refused = press(officer, received, "forward")  # negative control: nobody has answered
    assert refused.status_code == 422
    assert "dùng nút gửi cơ quan phối hợp" in text(refused)
    press(officer, received, "send_to_agency", step="registry")
    assert press(officer, received, "forward").status_code == 422
    press(officer, received, "hear_from_agency", agency=OFFICE, answer="Khớp")
    assert press(officer, received, "forward").status_code == 302
    assert stored(Dossier)[0].step == "approve"


def test_which_of_two_agencies_answers(officer: Client, received: Dossier) -> None:
    press(officer, received, "send_to_agency", step="registry")
    press(officer, received, "send_to_agency", step="", agency="Tòa án")
    assert press(officer, received, "hear_from_agency", agency="Tòa án", answer="Không").status_code == 302
    answered = {each.agency: each.answer for each in stored(AgencyAsk)}
    assert answered == {OFFICE: "", "Tòa án": "Không"}
    assert stored(Dossier)[0].agency == OFFICE
    assert press(officer, received, "hear_from_agency", agency="Tòa án", answer="Lại").status_code == 422
