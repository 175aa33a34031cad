"""The catalogue and the working calendar, as the secretary of a commune goes through them."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.ids import new_uuid
from bakhong.core.numbers import format_day
from bakhong.dossiers.queries.offices import entered_code, office_code
from bakhong.places.models import Unit
from bakhong.procedures.actions.calendar import set_day
from bakhong.procedures.models import CalendarDay, OfficeHours, ProcedureOffer
from bakhong.procedures.rules.catalogue import procedures

Enter = Callable[[str, Unit], Client]
MARRIAGE, COPIES = "1.004873", "2.000815"


def text_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return re.sub(r"\s+", " ", response.content.decode())


def address(name: str, unit: Unit, **more: Any) -> str:
    return reverse(f"desk:{name}", kwargs={"unit": unit.uuid, **more})


def a_day(**more: str) -> dict[str, str]:
    return {
        "client_key": str(new_uuid()),
        "on": "10/03/2026",
        "kind": "off",
        "name": "Ngày hội của xã",
        "source": "Thông báo 12",
        **more,
    }


def test_the_calendar_shows_the_year_with_its_sources(enter: Enter, thuong_xuan: Unit) -> None:
    shown = text_of(enter("one_stop_officer", thuong_xuan).get(address("calendar", thuong_xuan)))
    for words in (
        "14/02/2026",
        "22/08/2026",
        "24/11/2026",
        "chưa đối chiếu",
        "lịch cả nước",
        "Bộ luật Lao động",
    ):
        assert words in shown
    assert "Sửa một ngày" not in shown
    assert "đến 22/02/2026" in shown  # nine days of Tết in one line


def test_a_year_without_a_calendar_says_so(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    assert "Chưa có lịch năm này" in text_of(client.get(address("calendar", thuong_xuan), {"year": "2031"}))
    for odd in ("x", "99999", "-1", "٢٠٢٦", "0001"):
        text_of(client.get(address("calendar", thuong_xuan), {"year": odd}))


def test_a_day_is_added_shown_and_taken_back(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    assert client.post(address("calendar_day_new", thuong_xuan), a_day()).status_code == 302
    assert "Ngày hội của xã" in text_of(client.get(address("calendar", thuong_xuan)))
    row = CalendarDay.objects.get()
    undo = address("calendar_day_undo", thuong_xuan, day=row.uuid)
    assert client.get(undo).status_code == 302  # a GET changes nothing
    assert "Ngày hội của xã" in text_of(client.get(address("calendar", thuong_xuan)))
    client.post(undo)
    assert "Ngày hội của xã" not in text_of(client.get(address("calendar", thuong_xuan)))


def test_what_was_typed_stays_beside_the_error(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    shown = text_of(client.post(address("calendar_day_new", thuong_xuan), a_day(on="30/02/2026")), 422)
    assert "30/02/2026" in shown
    assert "Ngày hội của xã" in shown
    assert not CalendarDay.objects.exists()


def test_the_same_form_sent_twice_is_one_day(enter: Enter, thuong_xuan: Unit) -> None:
    client, form = enter("dx_secretary", thuong_xuan), a_day()
    for _each in range(2):
        assert client.post(address("calendar_day_new", thuong_xuan), form).status_code == 302
    assert CalendarDay.objects.count() == 1


def test_hours_of_a_saturday_morning(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    form = {
        "client_key": str(new_uuid()),
        "weekday": "5",
        "spans": "7h30-11h30",
        "valid_from": "01/11/2026",
        "source": "Quyết định 5",
    }
    wrong = client.post(address("calendar_hours_new", thuong_xuan), form | {"spans": "sáng"})
    assert "07:30-11:30, 13:30-17:30" in text_of(wrong, 422)
    assert client.post(address("calendar_hours_new", thuong_xuan), form).status_code == 302
    assert "chỉ nhận hồ sơ" in text_of(client.get(address("calendar", thuong_xuan)))
    client.post(address("calendar_hours_undo", thuong_xuan, hours=OfficeHours.objects.get().uuid))
    assert "chỉ nhận hồ sơ" not in text_of(client.get(address("calendar", thuong_xuan)))


def test_a_date_is_explained(enter: Enter, thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    set_day(
        unit=thuong_xuan, on=date(2026, 2, 24), kind="off", name="Ngày hội", source="TB 1", by=actor, at=at
    )
    client = enter("one_stop_officer", thuong_xuan)
    asked = {"day": "12/02/2026", "hour": "10h", "amount": "3", "measure": "working_days"}
    shown = text_of(client.get(address("calendar_explain", thuong_xuan), asked))
    assert "Hạn: 10:00 ngày 25/02/2026" in shown
    assert "Nghỉ Tết Nguyên đán" in shown
    assert "Ngày hội" in shown
    waited = asked | {"wait_from": "23/02/2026", "wait_to": "25/02/2026"}
    assert "Hạn: 10:00 ngày 27/02/2026" in text_of(
        client.get(address("calendar_explain", thuong_xuan), waited)
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"amount": "0"},
        {"amount": "x"},
        {"amount": "99999999999"},
        {"amount": "200", "measure": "months"},
        {"measure": "weeks"},
        {"day": "31/02/2026"},
        {"day": "01/01/9999"},
        {"hour": "25h"},
        {"wait_from": "01/03/2026"},
        {"wait_from": "05/03/2026", "wait_to": "01/03/2026"},
        {"day": "\x00"},
    ],
)
def test_a_question_that_cannot_be_read(enter: Enter, thuong_xuan: Unit, odd: dict[str, str]) -> None:
    asked = {"day": "12/02/2026", "hour": "10h", "amount": "3", "measure": "working_days"} | odd
    response = enter("one_stop_officer", thuong_xuan).get(address("calendar_explain", thuong_xuan), asked)
    assert response.status_code in (200, 400, 422)


def test_the_catalogue_says_where_each_is_filed(enter: Enter, thuong_xuan: Unit) -> None:
    shown = text_of(enter("one_stop_officer", thuong_xuan).get(address("catalogue", thuong_xuan)))
    assert "Đang làm 12/12 thủ tục" in shown
    for words in ("nộp tại đây", "nộp tại quầy", "Cổng Dịch vụ công quốc gia", "mẫu", "chưa đối chiếu"):
        assert words in shown


@pytest.mark.parametrize("code", list(procedures(date(2026, 11, 22))))
def test_every_procedure_has_a_page(enter: Enter, thuong_xuan: Unit, code: str) -> None:
    page = address("catalogue_procedure", thuong_xuan, code=code)
    shown = text_of(enter("one_stop_officer", thuong_xuan).get(page))
    assert code in shown
    assert "None" not in shown


def test_a_procedure_says_what_must_not_be_asked_for(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("one_stop_officer", thuong_xuan)
    shown = text_of(client.get(address("catalogue_procedure", thuong_xuan, code=MARRIAGE)))
    assert "không được yêu cầu nộp, tra ở sổ hộ tịch" in shown
    assert "Tình trạng hôn nhân" in shown


def test_a_procedure_that_is_not_there(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    assert client.get(address("catalogue_procedure", thuong_xuan, code="9.9")).status_code == 404


def test_a_zero_fee_resolution_is_recorded_and_taken_back(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    form = {
        "client_key": str(new_uuid()),
        "is_offered": "yes",
        "amount": "15000",
        "zero_fee": "online",
        "valid_from": "01/01/2026",
        "source": "Nghị quyết 7/NQ-HĐND",
    }
    page = address("catalogue_procedure", thuong_xuan, code=MARRIAGE)
    assert client.post(address("catalogue_change", thuong_xuan, code=MARRIAGE), form).status_code == 302
    shown = text_of(client.get(page))
    assert "Nộp qua mạng: 0 đ" in shown
    assert "15.000" in shown
    client.post(address("catalogue_undo", thuong_xuan, offer=ProcedureOffer.objects.get().uuid))
    assert "Chưa có: làm như danh mục" in text_of(client.get(page))


def test_a_commune_that_does_not_do_it_says_so(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    form = {
        "client_key": str(new_uuid()),
        "is_offered": "no",
        "valid_from": "01/01/2026",
        "source": "Quyết định 3",
    }
    assert client.post(address("catalogue_change", thuong_xuan, code=COPIES), form).status_code == 302
    assert "Đang làm 11/12" in text_of(client.get(address("catalogue", thuong_xuan)))


def test_rows_of_the_province_are_not_the_communes_to_take_back(
    enter: Enter, thuong_xuan: Unit, thanh_hoa: Unit, actor: Actor, at: datetime
) -> None:
    row = set_day(
        unit=thanh_hoa, on=date(2026, 3, 10), kind="off", name="Nghỉ toàn tỉnh", source="TB", by=actor, at=at
    )
    client = enter("dx_secretary", thuong_xuan)
    assert "Nghỉ toàn tỉnh" in text_of(client.get(address("calendar", thuong_xuan)))
    assert client.post(address("calendar_day_undo", thuong_xuan, day=row.uuid)).status_code == 404


def test_whoever_only_reads_changes_nothing(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("one_stop_officer", thuong_xuan)
    assert client.post(address("calendar_day_new", thuong_xuan), a_day()).status_code == 403
    assert client.get(address("catalogue_change", thuong_xuan, code=MARRIAGE)).status_code == 403


def test_the_office_tells_how_its_codes_begin(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    assert "mã tạm H56.15646" in text_of(client.get(address("catalogue", thuong_xuan)))
    day = day_of(timezone.now())
    sent = {"code": "000.17.22.h56", "valid_from": format_day(day)}
    answer = client.post(address("office_code", thuong_xuan), sent, follow=True)
    shown = text_of(answer)
    assert f"000.17.22.H56-{day:%y%m%d}-0001" in shown
    assert "mã tạm" not in shown
    assert office_code(thuong_xuan, day) == "000.17.22.H56"


@pytest.mark.parametrize(
    "odd", [{"code": "H56"}, {"code": "\x00"}, {"valid_from": "01/01/2026"}, {"code": ""}]
)
def test_what_is_no_office_code_is_told(odd: dict[str, str], enter: Enter, thuong_xuan: Unit) -> None:
    sent = {"code": "000.17.22.H56", "valid_from": format_day(day_of(timezone.now())), **odd}
    answer = enter("dx_secretary", thuong_xuan).post(address("office_code", thuong_xuan), sent)
    assert answer.status_code == 422
    assert entered_code(thuong_xuan, day_of(timezone.now())) is None


def test_who_takes_in_dossiers_is_told_that_codes_are_made_up(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("one_stop_officer", thuong_xuan)
    assert "mã tạm H56.15646" in text_of(client.get(address("intake", thuong_xuan)))
    assert client.get(address("office_code", thuong_xuan)).status_code == 403
