import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bakhong.accounts.models import User
from bakhong.audit.models import Event
from bakhong.core.ids import new_uuid
from bakhong.desk.tests.figures import AT, BY, TODAY, put, villages
from bakhong.indicators.actions.followups import assign
from bakhong.places.models import Unit
from bakhong.places.queries import unit_on

pytestmark = pytest.mark.django_db
Enter = Callable[[str, Unit], Client]
MAY = date(2025, 5, 6)


def url(unit: Unit, rest: str = "") -> str:
    return f"/desk/u/{unit.uuid}/{rest}"


def words(response: object) -> str:
    """The page's text, tags left out."""
    text = re.sub(r"<(script|style|title|svg).*?</\1>", " ", response.content.decode(), flags=re.S)  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", text)))


@pytest.fixture
def ngoc_phung(reference_units: None) -> Unit:
    unit = unit_on("15655", MAY)
    assert unit is not None
    return unit


def test_a_number_says_all_it_needs(enter: Enter, thuong_xuan: Unit) -> None:
    put(thuong_xuan, 4795, 5205)
    seen = words(enter("chair", thuong_xuan).get(url(thuong_xuan)))
    assert "92,1% (4.795/5.205 người trưởng thành (từ đủ 18 tuổi); số liệu đến ngày 31/10/2026)" in seen
    assert "đạt mức chung 80%" in seen
    assert "1/48 chỉ tiêu có số liệu" in seen


def test_a_figure_short_of_its_target_says_by_how_much(enter: Enter, thuong_xuan: Unit) -> None:
    put(thuong_xuan, 601, 1000)
    seen = words(enter("chair", thuong_xuan).get(url(thuong_xuan)))
    assert "chưa đạt mức chung 80%; còn thiếu 19,9 điểm %, là 199 nữa" in seen


def test_the_course_and_the_change_are_told(enter: Enter, thuong_xuan: Unit) -> None:
    put(thuong_xuan, 600, 1000, date(2026, 9, 30))
    put(thuong_xuan, 650, 1000)
    response = enter("chair", thuong_xuan).get(url(thuong_xuan))
    assert "tăng 5 điểm % so với 30/09/2026" in words(response)
    assert "<polyline" in response.content.decode()
    course = response.context["groups"][0][1][0].lines[0].course
    assert course == (
        '<tr><td>30/09/2026</td><td class="bk-num">60%</td></tr>'
        '<tr><td>31/10/2026</td><td class="bk-num">65%</td></tr>'
    )


def test_an_old_figure_says_its_age(enter: Enter, thuong_xuan: Unit) -> None:
    put(thuong_xuan, 600, 1000, TODAY - timedelta(days=457))
    put(
        thuong_xuan,
        600,
        1000,
        TODAY - timedelta(days=20),
        indicator="smartphone",
        stage="",
        population="residents",
    )
    seen = words(enter("chair", thuong_xuan).get(url(thuong_xuan)))
    assert seen.count("số liệu cũ: đã 15 tháng") == 1
    assert "đã 1 tháng" not in seen


def test_rules_that_differ_stand_apart_and_say_why(enter: Enter, thuong_xuan: Unit) -> None:
    put(thuong_xuan, 94, 100, population="assigned_target")
    put(thuong_xuan, 92, 100)
    seen = words(enter("chair", thuong_xuan).get(url(thuong_xuan)))
    assert "không so với nhau: tính trên những người khác nhau" in seen


def test_one_rule_alone_says_nothing_of_the_kind(enter: Enter, thuong_xuan: Unit) -> None:
    put(thuong_xuan, 92, 100)
    assert "không so với nhau" not in words(enter("chair", thuong_xuan).get(url(thuong_xuan)))


def test_a_former_commune_speaks_under_its_own_name(
    enter: Enter, thuong_xuan: Unit, ngoc_phung: Unit
) -> None:
    put(ngoc_phung, 4795, 5205, None, published_on=MAY)
    seen = words(enter("chair", thuong_xuan).get(url(thuong_xuan)))
    assert "Xã Ngọc Phụng, đã kích hoạt: 92,1%" in seen
    assert "1/4 xã cũ có số liệu" in seen
    # A quarter of it that has reached the target says nothing about the rest.
    assert "đạt mức chung" not in seen


def test_a_share_alone_is_shown_and_not_called_missing(
    enter: Enter, thuong_xuan: Unit, ngoc_phung: Unit
) -> None:
    put(
        ngoc_phung,
        None,
        None,
        MAY,
        percent=Decimal("53.7"),
        indicator="personal_signature",
        stage="issued",
        population="residents",
        qualifier="about",
    )
    seen = words(enter("chair", thuong_xuan).get(url(thuong_xuan)))
    assert "Xã Ngọc Phụng, đã cấp: khoảng 53,7%" in seen


def test_a_flag_sits_on_the_number_it_is_about(enter: Enter, thuong_xuan: Unit) -> None:
    put(thuong_xuan, 2660, 3798, percent=Decimal("70.2"), check=True)
    response = enter("chair", thuong_xuan).get(url(thuong_xuan))
    assert "bk-flag--error" in response.content.decode()
    assert "nguồn in 70,2%" in words(response)
    assert "1 chỗ chưa khớp" in words(response)
    put(thuong_xuan, 80, 100, indicator="smartphone", stage="", population="residents")
    only = enter("chair", thuong_xuan).get(url(thuong_xuan, "?show=findings"))
    assert "Người dân có điện thoại thông minh:" not in words(only)
    assert only.content.decode().count("bk-board__line") == 1


def test_nothing_yet_says_what_comes_and_the_first_step(enter: Enter, other_commune: Unit) -> None:
    seen = words(enter("dx_secretary", other_commune).get(url(other_commune)))
    assert "Bước đầu: dán một báo cáo đã có" in seen
    assert "48 chỉ tiêu chưa có số liệu" in seen
    assert "0%" not in seen.replace("100%", "")


def test_a_province_says_who_has_been_heard(enter: Enter, thanh_hoa: Unit, thuong_xuan: Unit) -> None:
    put(thuong_xuan, 4795, 5205)
    seen = words(enter("province_viewer", thanh_hoa).get(url(thanh_hoa)))
    assert "1/166 xã có số liệu" in seen
    assert "165 xã chưa từng có số liệu" in seen


def test_one_commune_does_not_speak_for_the_province(
    enter: Enter, thanh_hoa: Unit, thuong_xuan: Unit
) -> None:
    put(thuong_xuan, 4795, 5205)
    response = enter("province_viewer", thanh_hoa).get(url(thanh_hoa))
    seen = words(response)
    assert "đã kích hoạt: mới có ít nơi có số liệu, chưa cộng được" in seen
    assert "đã kích hoạt: chưa có số liệu" not in seen
    assert "1/166 xã có số liệu" in seen


def test_a_province_lists_the_communes_that_spoke(
    enter: Enter, thanh_hoa: Unit, thuong_xuan: Unit, ngoc_phung: Unit
) -> None:
    put(ngoc_phung, 2660, 3798, MAY, percent=Decimal("70.2"), check=True)
    response = enter("province_admin", thanh_hoa).get(url(thanh_hoa))
    (row,) = response.context["coverage"].heard
    assert (row.unit.id, row.former, row.figures, row.newest, row.findings) == (
        thuong_xuan.pk,
        ("Xã Ngọc Phụng",),
        1,
        MAY,
        1,
    )
    texts = [order.text for order in response.context["orders"]]
    assert texts == ["1 chỗ số liệu chưa khớp", "166 nơi không có số liệu trong 12 tháng qua"]
    before = enter("province_admin", thanh_hoa).get(url(thanh_hoa, "?boundaries=30/06/2025"))
    assert [each.unit.id for each in before.context["coverage"].heard] == [ngoc_phung.pk]
    assert before.context["coverage"].of > 500


def test_villages_behind_come_worst_first_with_what_they_lack(enter: Enter, thuong_xuan: Unit) -> None:
    best, worst, done, silent = villages(thuong_xuan, "Đông", "Tây", "Nam", "Bắc")
    put(best, 70, 100)
    put(worst, 50, 100)
    put(done, 90, 100)
    response = enter("chair", thuong_xuan).get(url(thuong_xuan))
    late = response.context["late"]
    assert [line.unit.id for line in late] == [worst.pk, best.pk]
    assert late[0].gap == "còn thiếu 30 điểm %, là 30 nữa"
    assert [each.id for each in response.context["below"].silent] == [silent.pk]
    assert f"/desk/u/{worst.uuid}/followups/new/?indicator=eid_accounts" in response.content.decode()


def test_a_village_already_told_is_not_told_again(
    enter: Enter, staff: Callable[..., User], thuong_xuan: Unit
) -> None:
    (village,) = villages(thuong_xuan, "Tây")
    put(village, 50, 100)
    before = enter("chair", thuong_xuan).get(url(thuong_xuan))
    assert before.context["orders"][0].url.startswith(f"/desk/u/{village.uuid}/followups/new/")
    assign(
        unit=village,
        title="Đi từng nhà",
        detail="",
        assigned_to=staff("specialist", thuong_xuan),
        due_on=TODAY + timedelta(days=7),
        indicator="eid_accounts",
        client_key=new_uuid(),
        by=BY,
        at=AT,
    )
    after = enter("chair", thuong_xuan).get(url(thuong_xuan))
    assert after.context["late"][0].task is not None
    assert all(str(village.uuid) not in order.url for order in after.context["orders"])


def test_a_viewer_gives_no_orders(enter: Enter, thanh_hoa: Unit, thuong_xuan: Unit) -> None:
    put(thuong_xuan, 50, 100)
    response = enter("province_viewer", thanh_hoa).get(url(thanh_hoa))
    assert "followups/new" not in response.content.decode()
    assert "3. Giao việc" not in words(response)


def test_the_boundaries_of_before_lead_to_the_units_of_before(enter: Enter, thuong_xuan: Unit) -> None:
    response = enter("chair", thuong_xuan).get(url(thuong_xuan, "?boundaries=30/06/2025"))
    assert "Xã Ngọc Phụng" in words(response)
    assert len(response.context["stand_ins"]) == 4
    assert response.context["stand_ins"][0][1].endswith("?boundaries=30%2F06%2F2025")


def test_the_day_decides_what_is_known(enter: Enter, thuong_xuan: Unit) -> None:
    put(thuong_xuan, 600, 1000, date(2026, 9, 30))
    put(thuong_xuan, 650, 1000)
    seen = words(enter("chair", thuong_xuan).get(url(thuong_xuan, "?on=15/10/2026")))
    assert "60% (600/1.000" in seen
    assert "65% (650/1.000" not in seen


@pytest.mark.parametrize(
    "query", ["on=31/02/2025", "on=<b>", "boundaries=hôm qua", "on=01/01/1800", "on=%00"]
)
def test_a_day_that_is_none_is_said_plainly(enter: Enter, thuong_xuan: Unit, query: str) -> None:
    response = enter("chair", thuong_xuan).get(url(thuong_xuan, f"?{query}"))
    assert response.status_code == 400
    assert "không phải là một ngày" in words(response)
    assert b"<b>" not in response.content.split(b"<main")[1]


@pytest.mark.parametrize(
    "query", ["pillar=<script>", "no=4", "show=all", "on=", "pillar=economy&no=2&show=late", "page=-1"]
)
def test_what_nobody_asks_is_ignored(enter: Enter, thuong_xuan: Unit, query: str) -> None:
    put(thuong_xuan, 650, 1000)
    response = enter("chair", thuong_xuan).get(url(thuong_xuan, f"?{query}"))
    assert response.status_code == 200
    assert b"<script>" not in response.content


def test_filters_leave_lines_out(enter: Enter, thuong_xuan: Unit) -> None:
    put(thuong_xuan, 650, 1000)
    put(thuong_xuan, 95, 100, indicator="smartphone", stage="", population="residents")
    chair = enter("chair", thuong_xuan)

    def codes(query: str) -> list[str]:
        groups = chair.get(url(thuong_xuan, query)).context["groups"]
        return [each.row.code for _heading, rows in groups for each in rows]

    assert codes("") == ["smartphone", "eid_accounts"]
    assert codes("?show=late") == ["eid_accounts"]
    assert codes("?no=2") == []


def test_another_commune_does_not_exist(enter: Enter, thuong_xuan: Unit, other_commune: Unit) -> None:
    put(thuong_xuan, 650, 1000)
    stranger = enter("chair", other_commune)
    for page in (
        "",
        "sheet/",
        "chi-tieu/eid_accounts/",
        "chi-tieu/eid_accounts/history/",
        "league/",
        "export/",
    ):
        assert stranger.get(url(thuong_xuan, page)).status_code == 404, page
    assert enter("chair", thuong_xuan).get(url(thuong_xuan)).status_code == 200


def test_strangers_are_sent_to_sign_in(client: Client, thuong_xuan: Unit) -> None:
    response = client.get(url(thuong_xuan))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_reading_leaves_no_trace(enter: Enter, thuong_xuan: Unit) -> None:
    put(thuong_xuan, 650, 1000)
    chair = enter("chair", thuong_xuan)
    before = Event.objects.count()
    for page in (
        "",
        "sheet/",
        "chi-tieu/eid_accounts/",
        "chi-tieu/eid_accounts/history/",
        "league/",
        "export/",
    ):
        assert chair.get(url(thuong_xuan, page)).status_code == 200, page
        assert chair.post(url(thuong_xuan, page)).status_code in (404, 405), page
    assert Event.objects.count() == before


def test_many_figures_cost_no_more_queries(
    enter: Enter, thuong_xuan: Unit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    places = villages(thuong_xuan, *(f"Thôn {number}" for number in range(6)))
    for month in range(1, 7):
        for unit in (thuong_xuan, *places):
            for code, stage, population in (
                ("eid_accounts", "activated", "adults"),
                ("smartphone", "", "residents"),
            ):
                put(
                    unit,
                    40 + month,
                    100,
                    date(2026, month, 28),
                    indicator=code,
                    stage=stage,
                    population=population,
                )
    chair = enter("chair", thuong_xuan)
    chair.get(url(thuong_xuan))
    with django_assert_max_num_queries(66):
        assert chair.get(url(thuong_xuan)).status_code == 200


def test_the_sheet_says_what_the_board_says(enter: Enter, thuong_xuan: Unit) -> None:
    put(thuong_xuan, 4795, 5205)
    seen = words(enter("chair", thuong_xuan).get(url(thuong_xuan, "sheet/")))
    assert "92,1% (4.795/5.205 người trưởng thành (từ đủ 18 tuổi); số liệu đến ngày 31/10/2026)" in seen
    assert "mức chung 80%: đạt" in seen


def test_figures_of_a_part_stand_apart(enter: Enter, thuong_xuan: Unit) -> None:
    put(thuong_xuan, 90, 100, scope="5 đơn vị thí điểm")
    put(thuong_xuan, 30, None, role="remaining")
    response = enter("chair", thuong_xuan).get(url(thuong_xuan))
    seen = words(response)
    assert "Số liệu để riêng" in seen
    assert "5 đơn vị thí điểm: 90%" in seen
    assert "còn lại: 30" in seen
    assert response.context["tally"].told == 0


def test_a_unit_that_was_split_is_never_attributed(enter: Enter, thanh_hoa: Unit) -> None:
    from bakhong.places.models import Extent, Succession

    part = Succession.objects.filter(extent=Extent.PART, successor__memberships__parent=thanh_hoa).first()
    assert part is not None
    put(part.predecessor, 50, 100, MAY)
    response = enter("province_viewer", thanh_hoa).get(url(part.successor))
    seen = words(response)
    assert "Không quy được cho một đơn vị" in seen
    assert part.predecessor.full_name in seen
    assert response.context["tally"].told == 0
