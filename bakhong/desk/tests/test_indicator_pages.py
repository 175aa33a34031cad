import re
import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from bakhong.desk.tests.figures import AT, BY, COUNTED, put, villages
from bakhong.desk.tests.test_dashboard_pages import url
from bakhong.indicators.actions import FigureEntry, add_report, confirm_figures
from bakhong.places.models import Unit

pytestmark = pytest.mark.django_db
Enter = Callable[[str, Unit], Client]


def test_what_is_behind_a_number_shows_the_words_of_its_source(enter: Enter, thuong_xuan: Unit) -> None:
    text = "Đến nay xã có 4.795/5.205 người đạt 92,1%, vượt <b>kế hoạch</b>."
    put(thuong_xuan, 4795, 5205, text=text, start=14, end=25)
    response = enter("chair", thuong_xuan).get(url(thuong_xuan, "chi-tieu/eid_accounts/"))
    content = response.content.decode()
    assert "<mark>4.795/5.205</mark> người đạt 92,1%, vượt &lt;b&gt;kế hoạch&lt;/b&gt;" in content
    assert f"/read/{response.context['sources'][0].row.report_uuid}/" in content


def test_the_report_of_a_place_one_may_not_see_is_not_linked(
    enter: Enter, thanh_hoa: Unit, thuong_xuan: Unit
) -> None:
    report = add_report(
        unit=thanh_hoa,
        title="Báo cáo tỉnh",
        medium="text",
        text="Số liệu 92,1% của xã",
        client_key=uuid.uuid4(),
        by=BY,
        at=AT,
    )
    entry = FigureEntry(
        indicator="eid_accounts",
        stage="activated",
        population="adults",
        numerator=92,
        denominator=100,
        unit=thuong_xuan,
        counted_to=COUNTED,
    )
    confirm_figures(report=report, entries=[entry], by=BY, at=AT)
    response = enter("chair", thuong_xuan).get(url(thuong_xuan, "chi-tieu/eid_accounts/"))
    assert [source.url for source in response.context["sources"]] == [""]
    above = enter("province_viewer", thanh_hoa).get(url(thuong_xuan, "chi-tieu/eid_accounts/"))
    assert f"/read/{report.uuid}/" in above.context["sources"][0].url


def test_units_below_come_worst_first_and_the_silent_last(enter: Enter, thuong_xuan: Unit) -> None:
    best, worst, silent = villages(thuong_xuan, "Đông", "Tây", "Bắc")
    put(best, 70, 100)
    put(worst, 50, 100)
    response = enter("chair", thuong_xuan).get(
        url(thuong_xuan, "chi-tieu/eid_accounts/?stage=activated&population=adults")
    )
    assert [line.child.unit.id for line in response.context["children"]] == [worst.pk, best.pk]
    assert [unit.id for unit in response.context["silent"]] == [silent.pk]


@pytest.mark.parametrize(
    ("rest", "status"),
    [
        ("chi-tieu/khong_co/", 404),
        ("chi-tieu/eid_accounts/?stage=<script>", 400),
        ("chi-tieu/eid_accounts/?population=nobody", 400),
        ("chi-tieu/eid_accounts/?on=31/02/2025", 400),
        ("chi-tieu/eid_accounts/?stage=activated&population=adults", 200),
        ("chi-tieu/eid_accounts/?said=%00", 200),
        ("chi-tieu/eid_accounts/?stage=registered", 200),
    ],
)
def test_an_address_nobody_made_is_answered_plainly(
    enter: Enter, thuong_xuan: Unit, rest: str, status: int
) -> None:
    response = enter("chair", thuong_xuan).get(url(thuong_xuan, rest))
    assert response.status_code == status
    assert b"<script>" not in response.content


def test_no_key_opens_two_things(enter: Enter, thuong_xuan: Unit) -> None:
    (village,) = villages(thuong_xuan, "Tây")
    figure = put(thuong_xuan, 50, 100)
    put(village, 50, 100)
    pages = ["", "chi-tieu/eid_accounts/", "league/", "export/", f"figures/{figure.uuid}/correct/"]
    for role in ("chair", "dx_secretary"):
        for page in pages:
            content = enter(role, thuong_xuan).get(url(thuong_xuan, page)).content.decode()
            keys = re.findall(r'data-key="([^"]+)"', content)
            assert sorted(keys) == sorted(set(keys)), (role, page)
            assert keys
