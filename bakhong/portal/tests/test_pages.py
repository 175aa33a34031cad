import gzip
import re
from datetime import date, datetime

import pytest
from django.test import Client

from bakhong.core.actor import Actor
from bakhong.core.ids import new_uuid
from bakhong.demo.published import load_published
from bakhong.indicators.actions import FigureEntry, add_report, confirm_figures
from bakhong.indicators.models import Report
from bakhong.indicators.queries.public import public_figures
from bakhong.indicators.rules import disclosure
from bakhong.places.actions import set_contact
from bakhong.places.models import Unit
from bakhong.places.queries import in_boundaries, unit_on

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def published(reference_units: None, actor: Actor, at: datetime) -> None:
    load_published(by=actor, at=at)


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_the_front_page_answers_needs_before_statistics(published: None, client: Client) -> None:
    page = text_of(client, "/")
    order = [page.index(words) for words in ("Hồ sơ của tôi đến đâu?", "giấy tờ gì", "Gọi ai?", "Ba không:")]
    assert order == sorted(order)


def test_the_front_page_is_one_small_response(published: None, client: Client) -> None:
    response = client.get("/")
    page = response.content.decode()
    assert len(gzip.compress(response.content, 9)) <= 14 * 1024
    sent = client.get("/", headers={"accept-encoding": "gzip"})
    assert sent["Content-Encoding"] == "gzip"
    assert len(sent.content) <= 14 * 1024
    assert not re.search(r'<link[^>]+rel="?stylesheet', page)
    assert not re.search(r"<script(?![^>]*\bdefer\b)", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_a_public_figure_says_of_whom_and_when(published: None, client: Client) -> None:
    page = re.sub(r"<[^>]+>", "", text_of(client, "/"))
    assert "90% (các đơn vị được khảo sát; đăng ngày 06/05/2025)" in page
    assert "81% (4.575/5.648 người từ 15 tuổi trở lên; đăng ngày 06/05/2025)" in page


def test_a_figure_about_pilot_units_names_them(published: None, client: Client) -> None:
    page = re.sub(r"<[^>]+>|\s+", " ", text_of(client, "/so-lieu/"))
    assert "5 đơn vị thí điểm" in re.sub(r"\s+", " ", page)


def test_findings_are_never_public(published: None, client: Client) -> None:
    page = text_of(client, "/so-lieu/") + text_of(client, "/")
    assert "70,2" not in page  # printed by mistake; what numerator and denominator give is shown
    assert "khớp" not in page


def test_whom_to_call_stands_on_every_page(
    published: None, client: Client, actor: Actor, at: datetime
) -> None:
    unit = unit_on("38", TODAY)
    assert unit
    set_contact(unit=unit, phone="0237 111 2222", by=actor, at=at)
    for path in ("/", "/tra-cuu/", "/giay-to/", "/xa/", "/so-lieu/"):
        assert 'href="tel:02371112222"' in text_of(client, path), path


@pytest.mark.parametrize(
    "typed", ["abc", "000.17.22.H56-219931-0001", "<script>alert(1)</script>", "\x00", "ả" * 500]
)
def test_a_code_that_is_none_says_what_to_do(reference_units: None, client: Client, typed: str) -> None:
    page = client.get("/tra-cuu/", {"ma": typed})
    assert page.status_code == 200
    assert "không giống mã hồ sơ" in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def test_a_dossier_code_is_read_and_asks_for_four_digits(reference_units: None, client: Client) -> None:
    page = text_of(client, "/tra-cuu/?ma=000.17.22.h56-210531-0001")
    assert "31/05/2021" in page
    assert "4 số cuối" in page


def test_a_former_name_finds_todays_commune(reference_units: None, client: Client) -> None:
    page = text_of(client, "/xa/?ten=ngoc+phung")
    assert "Xã Thường Xuân" in page
    assert "trước là Xã Ngọc Phụng" in page


@pytest.mark.parametrize(
    "typed", ["%00", "ngoc%00phung%00", "%ED%A0%80", "%25", "x" * 5000, "%E2%80%AE", "²"]
)
def test_a_name_that_is_none_finds_nothing_or_its_commune(
    reference_units: None, client: Client, typed: str
) -> None:
    assert client.get(f"/xa/?ten={typed}").status_code == 200


def test_a_commune_elsewhere_is_not_here(reference_units: None, client: Client) -> None:
    hoan_kiem = unit_on("00070", TODAY)
    thuong_xuan = unit_on("15646", TODAY)
    assert hoan_kiem
    assert thuong_xuan
    assert client.get(f"/xa/{hoan_kiem.uuid}/").status_code == 404
    assert client.get(f"/xa/{thuong_xuan.uuid}/").status_code == 200


def test_a_village_has_no_public_page(published: None, client: Client) -> None:
    village = Unit.objects.filter(level="village").first()
    assert village
    assert client.get(f"/xa/{village.uuid}/").status_code == 404


@pytest.fixture
def thin(thuong_xuan: Unit, actor: Actor, at: datetime) -> Report:
    """Three people of four hundred."""
    report = add_report(
        unit=thuong_xuan, title="Báo cáo", medium="dataset", client_key=new_uuid(), by=actor, at=at
    )
    entry = FigureEntry(
        indicator="smartphone",
        population="residents",
        counted_from=TODAY,
        counted_to=TODAY,
        numerator=397,
        denominator=400,
    )
    confirm_figures(report=report, entries=[entry], by=actor, at=at)
    return report


def test_counts_that_point_at_persons_are_left_out(thin: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    (shown,) = public_figures(thin.unit, on=TODAY)
    assert shown.figure is None
    monkeypatch.setattr(
        disclosure, "SMALLEST_COUNT", 0
    )  # negative control: without the rule it would be there
    monkeypatch.setattr(disclosure, "SMALLEST_POPULATION", 0)
    (shown,) = public_figures(thin.unit, on=TODAY)
    assert shown.figure is not None


def test_reading_writes_nothing(published: None, client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert not [row["sql"] for row in queries if row["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert len(queries) <= 20


def test_boundaries_of_the_test_are_real(reference_units: None) -> None:
    ngoc_phung = unit_on("15655", TODAY.replace(year=2025, month=6, day=30))
    assert ngoc_phung
    exact = in_boundaries(ngoc_phung, TODAY).exact
    assert exact
    assert exact.code == "15646"


def test_what_a_clerk_entered_is_not_public_before_it_is_approved(thin: Report, client: Client) -> None:
    Report.objects.filter(pk=thin.pk).update(medium="text", published_on=TODAY)
    assert public_figures(thin.unit, on=TODAY) == ()
    Report.objects.filter(pk=thin.pk).update(medium="period")  # stored by an approval
    assert len(public_figures(thin.unit, on=TODAY)) == 1
