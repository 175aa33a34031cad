"""What people send by mistake or on purpose: a plain sentence, nothing stored, never a broken page."""

import unicodedata
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse

from bakhong.desk.tests.test_reading_pages import PROSE, paste, read_url, report_url, text, typed, upload
from bakhong.documents.tests import files
from bakhong.indicators.models import Figure, Report, SetAside
from bakhong.places.models import Unit
from bakhong.ui.middleware import bounded_body

Enter = Callable[..., Client]
BOMB = files.zip_file({"word/document.xml": b"\x00" * 30_000_000, "[Content_Types].xml": "<Types/>"})


@pytest.fixture
def clerk(enter: Enter, thuong_xuan: Unit) -> Client:
    return enter("dx_secretary", thuong_xuan)


@pytest.fixture
def report(clerk: Client, thuong_xuan: Unit) -> Report:
    paste(clerk, thuong_xuan)
    return Report.objects.get()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("trong.txt", b"", "không có nội dung"),
        ("nhi-phan.txt", bytes(range(256)) * 40, "không phải văn bản"),
        ("mat-khau.docx", files.OLE, "hãy"),
        ("cu.docx", files.OLE + "WordDocument".encode("utf-16-le"), "hãy"),
        ("bom.docx", BOMB, "hãy"),
        ("tron.txt", "Xã có ".encode() + "92,1% người dân đạt".encode("utf-16-le") + b"\xff\xfe\xe1", "hãy"),
        ("quet.pdf", files.pdf_file("", has_image=True), "ảnh"),
        ("hong.pdf", b"%PDF-1.7 broken", "hãy"),
    ],
)
def test_a_file_that_cannot_be_read(
    clerk: Client, thuong_xuan: Unit, name: str, content: bytes, said: str
) -> None:
    answer = upload(clerk, thuong_xuan, (name, content))
    assert answer.status_code == 422
    assert f"{name}: " in text(answer)
    assert said in text(answer)
    assert not Report.objects.exists()


def test_nfd_is_read_like_any_text(clerk: Client, thuong_xuan: Unit) -> None:
    upload(clerk, thuong_xuan, ("mac.txt", unicodedata.normalize("NFD", PROSE).encode()))
    report = Report.objects.get()
    assert report.text == PROSE
    assert text(clerk.get(report_url(report))).count("<mark id=") == 3


def test_a_request_of_200_mb_is_refused_before_it_is_read() -> None:
    """Only its announced length is looked at; the body would raise if somebody read it."""

    class Unread:
        def read(self, *_: Any) -> bytes:
            raise AssertionError("the body was read")

    def view(request: Any) -> Any:
        raise AssertionError("the request went on")

    request = RequestFactory().generic("POST", "/desk/", b"", content_type="multipart/form-data; boundary=x")
    request.META["CONTENT_LENGTH"] = str(200 * 1024 * 1024)
    request.META["wsgi.input"] = Unread()
    answer = bounded_body(view)(request)
    assert answer.status_code == 413
    assert "quá lớn" in answer.content.decode()
    middleware = settings.MIDDLEWARE
    assert middleware.index("bakhong.ui.middleware.bounded_body") < middleware.index(
        "django.middleware.csrf.CsrfViewMiddleware"
    )


def test_one_file_above_its_limit(clerk: Client, thuong_xuan: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bakhong.desk.views.reading.MOST_BYTES", 1024 * 1024)
    answer = upload(clerk, thuong_xuan, ("to.txt", b"x" * (1024 * 1024 + 1)), ("duoc.txt", PROSE.encode()))
    assert "Tệp lớn hơn 1 MB" in text(answer)
    assert Report.objects.get().file_name == "duoc.txt"


def test_too_many_files(clerk: Client, thuong_xuan: Unit) -> None:
    answer = upload(clerk, thuong_xuan, *[(f"{index}.txt", PROSE.encode()) for index in range(21)])
    assert answer.status_code == 422
    assert "nhiều nhất 20 tệp" in text(answer)
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "posted",
    [
        {"text": ""},
        {"text": "   \n "},
        {"text": "Có 5 số", "published_on": "31/02/2026"},
        {"text": "Có 5 số", "published_on": "01/01/2030"},
        {"text": "Có 5 số", "client_key": "x"},
        {"text": "Có 5 số", "title": "x" * 400},
        {"text": "Có \x00 5 số"},
        {"text": "a" * 500_001},
        {"text": "1 " * 30_000},
    ],
)
def test_a_paste_that_cannot_be_kept(clerk: Client, thuong_xuan: Unit, posted: dict[str, str]) -> None:
    answer = clerk.post(read_url(thuong_xuan), {"client_key": str(uuid.uuid4()), **posted})
    assert answer.status_code == 422
    assert "govuk-error-summary" in text(answer)
    assert not Report.objects.exists()


def test_scripts_in_a_report_are_only_text(clerk: Client, thuong_xuan: Unit) -> None:
    told = "có 4.795/5.205 người trưởng thành kích hoạt tài khoản định danh, đạt 92,1%"
    evil = f'<script>alert(1)</script> xã "><img src=x onerror=alert(2)> {told} </mark><b>'
    paste(clerk, thuong_xuan, evil, title=evil, source=evil)
    page = text(clerk.get(report_url(Report.objects.get()))) + text(clerk.get(read_url(thuong_xuan)))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>" not in page.split("<main")[1].split("Tất cả số liệu")[0].replace("<b></b>", "")
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("place", ["", "x", "0-5-0", "999999-1000000-0", "-1", "'; drop table--"])
@pytest.mark.parametrize("deed", ["confirm", "leave_out", "take_up"])
def test_a_forged_place(clerk: Client, report: Report, place: str, deed: str) -> None:
    answer = clerk.post(report_url(report), {"deed": deed, "place": place})
    assert answer.status_code == 422
    assert "không có trong báo cáo" in text(answer)
    assert not Figure.objects.exists()
    assert not SetAside.objects.exists()


def test_an_unknown_deed(clerk: Client, report: Report) -> None:
    place = typed(clerk.get(report_url(report)))["place"]
    assert clerk.post(report_url(report), {"deed": "drop", "place": place}).status_code == 404


@pytest.mark.parametrize(
    "query",
    ["?f=0", "?f=99", "?f=-1", "?f=²", "?f=" + "9" * 400, "?f=2&fill=9-9", "?f=2&fill=x", "?figure=x"],
)
def test_an_address_that_asks_for_what_is_not_there(clerk: Client, report: Report, query: str) -> None:
    assert clerk.get(report_url(report) + query).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("indicator", "nonsense"),
        ("indicator", ""),
        ("unit", "018f0000-0000-7000-8000-000000000000"),
        ("unit", "x"),
        ("other_unit", "xã Không Có Ở Đâu"),
        ("numerator", "mười"),
        ("numerator", "1e9"),
        ("denominator", "0"),
        ("denominator", "-3"),
        ("percent", "NaN"),
        ("percent", "1" * 40),
        ("role", "king"),
        ("stage", "flying"),
        ("population", "martians"),
        ("counted_to", "31/02/2026"),
        ("counted_to", "01/01/2030"),
        ("counted_to", "01/01/2020"),
        ("scope", "x" * 200),
        ("key", "x"),
        ("qualifier", "perhaps"),
    ],
)
def test_a_forged_or_mistyped_field_keeps_the_rest(
    clerk: Client, report: Report, field: str, value: str
) -> None:
    form = typed(clerk.get(report_url(report))) | {
        "deed": "confirm",
        "difference": "misread",
        "reason": "giữ tôi lại",
    }
    answer = clerk.post(report_url(report), form | {field: value})
    assert answer.status_code == 422
    assert "giữ tôi lại" in text(answer)
    assert "govuk-error-summary" in text(answer)
    assert not Figure.objects.exists()


def test_a_figure_of_a_place_out_of_reach_is_told(clerk: Client, thuong_xuan: Unit) -> None:
    paste(
        clerk,
        thuong_xuan,
        "Tỉnh Thanh Hóa có 80% người từ 15 tuổi trở lên đã kích hoạt tài khoản thanh toán.",
    )
    report = Report.objects.get()
    shown = clerk.get(report_url(report))
    assert "nằm ngoài phạm vi bạn được xác nhận" in text(shown)
    answer = clerk.post(report_url(report), typed(shown) | {"deed": "confirm"})
    assert answer.status_code == 403
    assert "không có quyền" in text(answer)
    assert not Figure.objects.exists()


def test_another_commune_s_report_is_as_if_it_were_not(
    enter: Enter, report: Report, other_commune: Unit, thanh_hoa: Unit
) -> None:
    neighbour = enter("dx_secretary", other_commune)
    assert neighbour.get(report_url(report)).status_code == 404
    forged = reverse("desk:report", args=[other_commune.uuid, report.uuid])
    assert neighbour.get(forged).status_code == 404
    assert neighbour.post(forged, {"deed": "confirm_clean"}).status_code == 404
    assert neighbour.get(reverse("desk:report", args=[other_commune.uuid, uuid.uuid4()])).status_code == 404
    assert enter("province_viewer", thanh_hoa).get(report_url(report)).status_code == 200


@pytest.mark.parametrize(
    ("role", "may_enter", "may_confirm"), [("accountant", 302, 403), ("chair", 403, 403)]
)
def test_roles_do_what_they_may(
    enter: Enter, report: Report, role: str, may_enter: int, may_confirm: int
) -> None:
    client = enter(role, report.unit)
    assert paste(client, report.unit).status_code == may_enter
    assert client.get(report_url(report)).status_code == 200
    assert client.post(report_url(report), {"deed": "confirm_clean"}).status_code == may_confirm
    assert not Figure.objects.exists()


def test_nobody_who_is_not_signed_in(report: Report) -> None:
    assert Client().get(report_url(report)).status_code == 302
    assert Client().post(read_url(report.unit), {"text": PROSE}).status_code == 302
