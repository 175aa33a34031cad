from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from bakhong.audit.models import Event
from bakhong.core.ids import new_uuid
from bakhong.desk.tests.figures import put
from bakhong.desk.tests.test_dashboard_pages import url, words
from bakhong.indicators.models import Figure, Retraction
from bakhong.places.models import Unit
from bakhong.places.queries import unit_on

pytestmark = pytest.mark.django_db
Enter = Callable[[str, Unit], Client]
HISTORY = "chi-tieu/eid_accounts/history/"


def typed(figure: Figure, **changes: Any) -> dict[str, Any]:
    """The correction form as a browser would send it."""
    return {
        "numerator": figure.numerator or "",
        "denominator": figure.denominator or "",
        "percent": "",
        "qualifier": figure.qualifier,
        "stage": figure.stage,
        "population": figure.population,
        "counted_to": "31/10/2026",
        "reason": "Đếm lại trong sổ",
        "key": str(new_uuid()),
        **changes,
    }


def test_a_correction_takes_the_place_and_the_old_one_stays(enter: Enter, thuong_xuan: Unit) -> None:
    figure = put(thuong_xuan, 1674, 2002)
    secretary = enter("dx_secretary", thuong_xuan)
    assert secretary.get(url(thuong_xuan, f"figures/{figure.uuid}/correct/")).status_code == 200
    response = secretary.post(
        url(thuong_xuan, f"figures/{figure.uuid}/correct/"), typed(figure, numerator="1.647")
    )
    assert response.status_code == 302
    new = Figure.objects.get(corrects=figure)
    assert (new.numerator, new.denominator, new.note) == (1647, 2002, "Đếm lại trong sổ")
    seen = words(secretary.get(url(thuong_xuan, HISTORY)))
    assert "1.647/2.002" in seen
    assert "1.674/2.002" in seen
    assert "Đếm lại trong sổ" in seen
    board = words(secretary.get(url(thuong_xuan)))
    assert "1.647/2.002" in board
    assert "1.674/2.002" not in board
    assert Event.objects.filter(deed="indicators.correct_figure").count() == 1


def test_what_the_form_does_not_ask_stays(enter: Enter, thuong_xuan: Unit) -> None:
    figure = put(
        thuong_xuan,
        90,
        100,
        None,
        counted_from=date(2026, 1, 1),
        counted_to=date(2026, 10, 31),
        percent=Decimal("90.0"),
        scope="5 đơn vị thí điểm",
        population="",
        population_text="người trong xã",
    )
    enter("dx_secretary", thuong_xuan).post(
        url(thuong_xuan, f"figures/{figure.uuid}/correct/"), typed(figure, numerator="91", percent="90")
    )
    new = Figure.objects.get(corrects=figure)
    assert (new.scope, new.population_text, new.counted_from, new.counted_to) == (
        "5 đơn vị thí điểm",
        "người trong xã",
        date(2026, 1, 1),
        date(2026, 10, 31),
    )
    assert (new.percent, new.percent_places) == (Decimal(90), figure.percent_places)


def test_sent_twice_is_once(enter: Enter, thuong_xuan: Unit) -> None:
    figure = put(thuong_xuan, 1674, 2002)
    secretary = enter("dx_secretary", thuong_xuan)
    form = typed(figure, numerator="1647")
    for _ in range(2):
        assert secretary.post(url(thuong_xuan, f"figures/{figure.uuid}/correct/"), form).status_code == 302
    assert Figure.objects.filter(corrects=figure).count() == 1


def test_a_second_correction_of_the_same_figure_is_refused(enter: Enter, thuong_xuan: Unit) -> None:
    figure = put(thuong_xuan, 1674, 2002)
    secretary = enter("dx_secretary", thuong_xuan)
    address = url(thuong_xuan, f"figures/{figure.uuid}/correct/")
    secretary.post(address, typed(figure, numerator="1647"))
    assert secretary.post(address, typed(figure, numerator="1648")).status_code == 409
    assert Figure.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Chưa có gì thay đổi"),
        ({"numerator": "16a7"}, "Gõ số nguyên như 4795"),
        ({"numerator": "1647", "reason": ""}, "Vì sao sửa"),
        ({"numerator": "", "denominator": ""}, "hãy ghi số đạt được hoặc tỷ lệ"),
        ({"numerator": "1", "denominator": "0"}, "tổng số phải lớn hơn 0"),
        ({"numerator": "1647", "counted_to": "31/02/2026"}, "Số liệu đến ngày"),
        ({"numerator": "1647", "counted_to": "01/12/2026"}, "chưa tới"),
        ({"numerator": "1647", "stage": "flying"}, "Giai đoạn"),
        ({"percent": "chín mươi"}, "Gõ tỷ lệ như 92,1"),
    ],
)
def test_a_slip_is_said_and_what_was_typed_stays(
    enter: Enter, thuong_xuan: Unit, changes: dict[str, str], sentence: str
) -> None:
    figure = put(thuong_xuan, 1674, 2002)
    response = enter("dx_secretary", thuong_xuan).post(
        url(thuong_xuan, f"figures/{figure.uuid}/correct/"), typed(figure, **changes)
    )
    assert response.status_code == 422
    assert sentence in words(response)
    assert Figure.objects.count() == 1
    if changes.get("numerator"):
        assert f'value="{changes["numerator"]}"' in response.content.decode()


def test_a_withdrawn_figure_is_no_longer_shown_and_may_come_back(enter: Enter, thuong_xuan: Unit) -> None:
    figure = put(thuong_xuan, 1674, 2002)
    secretary = enter("dx_secretary", thuong_xuan)
    address = url(thuong_xuan, f"figures/{figure.uuid}/retract/")
    assert secretary.post(address, {"reason": ""}).status_code == 422
    assert secretary.post(address, {"reason": "Nhầm xã"}).status_code == 302
    assert Retraction.objects.get(figure=figure).reason == "Nhầm xã"
    assert "1.674/2.002" not in words(secretary.get(url(thuong_xuan)))
    history = words(secretary.get(url(thuong_xuan, HISTORY)))
    assert "Nhầm xã" in history
    assert "đã rút" in history
    assert secretary.post(url(thuong_xuan, f"figures/{figure.uuid}/restore/")).status_code == 302
    assert "1.674/2.002" in words(secretary.get(url(thuong_xuan)))


def test_who_only_reads_is_told_who_may_correct(enter: Enter, thuong_xuan: Unit) -> None:
    figure = put(thuong_xuan, 1674, 2002)
    chair = enter("chair", thuong_xuan)
    address = url(thuong_xuan, f"figures/{figure.uuid}/correct/")
    assert "chỉ được xem" in words(chair.get(address))
    assert chair.post(address, typed(figure, numerator="1647")).status_code == 403
    assert chair.post(url(thuong_xuan, f"figures/{figure.uuid}/retract/"), {"reason": "x"}).status_code == 403
    assert chair.post(url(thuong_xuan, f"figures/{figure.uuid}/restore/")).status_code == 403
    assert "/correct/" not in chair.get(url(thuong_xuan, HISTORY)).content.decode()
    assert Figure.objects.count() == 1


def test_the_figure_of_another_unit_does_not_exist(
    enter: Enter, thuong_xuan: Unit, other_commune: Unit
) -> None:
    theirs = put(other_commune, 1674, 2002)
    secretary = enter("dx_secretary", thuong_xuan)
    for deed in ("correct", "retract"):
        assert secretary.get(url(thuong_xuan, f"figures/{theirs.uuid}/{deed}/")).status_code == 404
        assert secretary.get(url(other_commune, f"figures/{theirs.uuid}/{deed}/")).status_code == 404
    mine = put(thuong_xuan, 1, 2)
    assert secretary.get(url(thuong_xuan, f"figures/{mine.uuid}/correct/")).status_code == 200


def test_the_merged_commune_corrects_its_former_ones(enter: Enter, thuong_xuan: Unit) -> None:
    ngoc_phung = unit_on("15655", date(2025, 5, 6))
    assert ngoc_phung is not None
    figure = put(ngoc_phung, 1674, 2002, date(2025, 5, 6))
    secretary = enter("dx_secretary", thuong_xuan)
    assert "Xã Ngọc Phụng" in words(secretary.get(url(thuong_xuan, HISTORY)))
    response = secretary.post(
        url(ngoc_phung, f"figures/{figure.uuid}/correct/"),
        typed(figure, numerator="1647", counted_to="06/05/2025"),
    )
    assert response.status_code == 302


def test_an_indicator_without_figures_says_so(enter: Enter, thuong_xuan: Unit) -> None:
    chair = enter("chair", thuong_xuan)
    assert "Hiện chưa có số nào" in words(chair.get(url(thuong_xuan, HISTORY)))
    assert chair.get(url(thuong_xuan, "chi-tieu/khong_co/history/")).status_code == 404
