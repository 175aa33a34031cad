import io
import re
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bakhong.audit.models import Event
from bakhong.desk.tests.figures import put, villages
from bakhong.desk.tests.test_dashboard_pages import url, words
from bakhong.places.models import Grouping, Level, Unit, UnitGroup
from bakhong.places.queries import descendants

pytestmark = pytest.mark.django_db
Enter = Callable[[str, Unit], Client]
RULE = "rule=eid_accounts.activated.adults"


@pytest.fixture
def communes(thanh_hoa: Unit) -> list[Unit]:
    return list(descendants(thanh_hoa, date(2026, 11, 22), Level.COMMUNE).order_by("sort_key", "code")[:6])


def test_equal_shares_share_a_rank_and_the_rest_say_why_not(
    enter: Enter, thanh_hoa: Unit, communes: list[Unit]
) -> None:
    put(communes[0], 500, 1000)
    put(communes[1], 900, 1000)
    put(communes[2], 900, 1000)
    put(communes[3], 900, 1000, population="assigned_target")
    put(communes[4], 900, 1000, date(2025, 9, 1))
    response = enter("province_viewer", thanh_hoa).get(url(thanh_hoa, f"league/?{RULE}"))
    lines = response.context["lines"]
    assert [(line.place, line.row.unit.id) for line in lines] == [
        ("=1", communes[1].pk),
        ("=1", communes[2].pk),
        ("3", communes[0].pk),
    ]
    seen = words(response)
    assert "So 3/166 xã, phường có cùng cách tính" in seen
    assert "Có số liệu nhưng tính theo cách khác (1)" in seen
    assert "Số liệu gần nhất cũ hơn ngày 27/05/2026 (1)" in seen
    assert "Chưa có số liệu (161)" in seen


def test_the_last_may_come_first(enter: Enter, thanh_hoa: Unit, communes: list[Unit]) -> None:
    put(communes[0], 500, 1000)
    put(communes[1], 900, 1000)
    viewer = enter("province_viewer", thanh_hoa)
    order = lambda query: [  # noqa: E731
        line.row.unit.id for line in viewer.get(url(thanh_hoa, f"league/?{RULE}{query}")).context["lines"]
    ]
    assert order("") == [communes[1].pk, communes[0].pk]
    assert order("&order=worst") == [communes[0].pk, communes[1].pk]


def test_few_people_are_marked(enter: Enter, thanh_hoa: Unit, communes: list[Unit]) -> None:
    put(communes[0], 9, 10)
    put(communes[1], 900, 1000)
    seen = words(enter("province_viewer", thanh_hoa).get(url(thanh_hoa, f"league/?{RULE}")))
    assert len(re.findall(r"ít người \d", seen)) == 1


def test_a_wider_window_lets_older_figures_in(enter: Enter, thanh_hoa: Unit, communes: list[Unit]) -> None:
    put(communes[0], 500, 1000, date(2026, 3, 1))
    viewer = enter("province_viewer", thanh_hoa)
    assert viewer.get(url(thanh_hoa, f"league/?{RULE}")).context["lines"] == []
    assert len(viewer.get(url(thanh_hoa, f"league/?{RULE}&window=365")).context["lines"]) == 1


def test_nothing_in_the_window_leads_to_the_newest_day(
    enter: Enter, thanh_hoa: Unit, communes: list[Unit]
) -> None:
    put(communes[0], 500, 1000, date(2025, 9, 1))
    viewer = enter("province_viewer", thanh_hoa)
    response = viewer.get(url(thanh_hoa, "league/"))
    assert "Số liệu gần nhất là của ngày 01/09/2025" in words(response)
    then = viewer.get(response.context["newest_url"])
    assert [line.row.unit.id for line in then.context["lines"]] == [communes[0].pk]


def test_alike_units_are_compared(enter: Enter, thanh_hoa: Unit, communes: list[Unit]) -> None:
    groups = {row.unit_id: row.group for row in UnitGroup.objects.filter(unit__in=communes)}
    wanted = groups[communes[0].pk]
    for commune in communes:
        put(commune, 500, 1000)
    response = enter("province_viewer", thanh_hoa).get(url(thanh_hoa, f"league/?{RULE}&group={wanted}"))
    assert {line.row.unit.id for line in response.context["lines"]} == {
        pk for pk, group in groups.items() if group == wanted
    }
    assert "chưa kiểm chứng" in words(response)
    UnitGroup.objects.update(is_verified=True)
    again = enter("province_viewer", thanh_hoa).get(url(thanh_hoa, f"league/?{RULE}&group={wanted}"))
    assert "chưa kiểm chứng" not in words(again)
    assert wanted in Grouping.values


def test_a_commune_ranks_its_villages(enter: Enter, thuong_xuan: Unit) -> None:
    best, worst = villages(thuong_xuan, "Đông", "Tây")
    put(best, 70, 100)
    put(worst, 50, 100)
    response = enter("chair", thuong_xuan).get(url(thuong_xuan, "league/"))
    assert [line.row.unit.id for line in response.context["lines"]] == [best.pk, worst.pk]
    assert "Miền núi" not in words(response)


def test_a_village_has_nobody_to_rank(enter: Enter, thuong_xuan: Unit) -> None:
    (village,) = villages(thuong_xuan, "Đông")
    assert enter("chair", thuong_xuan).get(url(village, "league/")).status_code == 404
    assert enter("chair", thuong_xuan).get(url(village)).status_code == 200


def test_the_units_of_before_are_ranked_too(enter: Enter, thanh_hoa: Unit) -> None:
    from bakhong.places.queries import unit_on

    ngoc_phung = unit_on("15655", date(2025, 5, 6))
    assert ngoc_phung is not None
    put(ngoc_phung, 4795, 5205, None, published_on=date(2025, 5, 6))
    response = enter("province_viewer", thanh_hoa).get(
        url(thanh_hoa, f"league/?{RULE}&on=30/06/2025&boundaries=30/06/2025")
    )
    assert [line.row.unit.name for line in response.context["lines"]] == ["Xã Ngọc Phụng"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("rule=<script>alert(1)</script>", 200),
        ("rule=khong.co.gi", 200),
        ("rule=eid_accounts.<b>.adults", 200),
        ("rule=eid_accounts..", 200),
        ("window=-1&level=moon&group=<b>&order=side", 200),
        ("window=99999999999999999999", 200),
        ("on=31/02/2025", 400),
        ("on=01/01/2001&boundaries=01/01/2001", 200),
    ],
)
def test_a_strange_question_is_answered_plainly(
    enter: Enter, thanh_hoa: Unit, communes: list[Unit], query: str, status: int
) -> None:
    put(communes[0], 500, 1000)
    response = enter("province_viewer", thanh_hoa).get(url(thanh_hoa, f"league/?{query}"))
    assert response.status_code == status
    assert b"<script>alert" not in response.content


def test_the_table_is_taken_out_as_a_workbook(enter: Enter, thanh_hoa: Unit, communes: list[Unit]) -> None:
    put(communes[0], 500, 1000)
    put(communes[1], 900, 1000)
    before = Event.objects.filter(deed="desk.export").count()
    response = enter("province_viewer", thanh_hoa).post(
        url(thanh_hoa, f"league/export/?{RULE}"), {"form": "xlsx"}
    )
    assert response.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    ranked = [row for row in rows if row[0] in ("1", "2")]
    assert [(row[2], row[4], row[5], row[6]) for row in ranked] == [
        (communes[1].full_name, 900, 1000, 0.9),
        (communes[0].full_name, 500, 1000, 0.5),
    ]
    event = Event.objects.filter(deed="desk.export").latest("id")
    assert (Event.objects.filter(deed="desk.export").count(), event.details["form"]) == (before + 1, "xlsx")


def test_the_table_is_taken_out_as_csv(enter: Enter, thanh_hoa: Unit, communes: list[Unit]) -> None:
    put(communes[0], 500, 1000)
    response = enter("province_viewer", thanh_hoa).post(
        url(thanh_hoa, f"league/export/?{RULE}"), {"form": "csv"}
    )
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert f"1;{communes[0].code};{communes[0].full_name}" in text
    assert "filename*=utf-8''X%E1%BA%BFp" in response["Content-Disposition"]


def test_taking_out_is_no_reading(enter: Enter, thanh_hoa: Unit, communes: list[Unit]) -> None:
    put(communes[0], 500, 1000)
    viewer = enter("province_viewer", thanh_hoa)
    assert viewer.get(url(thanh_hoa, f"league/export/?{RULE}")).status_code == 404
    assert viewer.post(url(thanh_hoa, f"league/export/?{RULE}"), {"form": "exe"}).status_code == 404


def test_who_may_not_export_is_told_so(enter: Enter, thuong_xuan: Unit) -> None:
    (village,) = villages(thuong_xuan, "Đông")
    put(village, 70, 100)
    member = enter("mass_organisation", thuong_xuan)
    page = member.get(url(thuong_xuan, "league/"))
    assert "league/export" not in page.content.decode()
    assert member.post(url(thuong_xuan, f"league/export/?{RULE}"), {"form": "csv"}).status_code == 403
    assert not Event.objects.filter(deed="desk.export").exists()


def test_a_province_costs_no_more_queries(
    enter: Enter, thanh_hoa: Unit, communes: list[Unit], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for commune in communes:
        put(commune, 500, 1000)
        put(commune, 450, 1000, date(2026, 4, 1))
    viewer = enter("province_viewer", thanh_hoa)
    with django_assert_max_num_queries(36):
        viewer.get(url(thanh_hoa, f"league/?{RULE}"))
