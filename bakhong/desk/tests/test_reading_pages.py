"""Reports come in, are read, and their figures are confirmed: as a clerk does it."""

import re
import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.desk.navigation import PAGES
from bakhong.documents.tests import files
from bakhong.indicators.actions import retract_figure
from bakhong.indicators.models import Figure, Finding, Report, SetAside, Target
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[..., Client]

# Numbers of a commune's report, with one that does not fit: 2.660/3.798 is 70,04%.
PROSE = """Kết quả mô hình “3 không” của xã Thường Xuân
- Tài khoản định danh điện tử đã kích hoạt: 4.795/5.205 người trưởng thành, đạt 92,1%.
- Phần mềm an toàn thông tin mạng cơ bản: 2.660/3.798 thuê bao điện thoại thông minh, đạt 70,2%.
- Tài khoản thanh toán: 4.575/5.648 người từ 15 tuổi trở lên, đạt 81%.
"""


def text(answer: Any) -> str:
    return str(answer.content.decode())


def read_url(unit: Unit) -> str:
    return reverse("desk:read", args=[unit.uuid])


def report_url(report: Report) -> str:
    return reverse("desk:report", args=[report.unit.uuid, report.uuid])


def paste(client: Client, unit: Unit, words: str = PROSE, **more: Any) -> Any:
    posted = {"text": words, "client_key": uuid.uuid4(), "published_on": "06/05/2026", **more}
    return client.post(read_url(unit), posted)


def upload(client: Client, unit: Unit, *files: tuple[str, bytes], **more: Any) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(read_url(unit), {"client_key": uuid.uuid4(), "uploads": sent, **more})


def typed(answer: Any) -> dict[str, Any]:
    """The open figure's form as a browser would send it back."""
    form = answer.context["form"]
    return {name: form[name].value() or "" for name in form.fields} | {
        name: form[name].value().strftime("%d/%m/%Y") if form[name].value() else ""
        for name in ("counted_from", "counted_to")
    }


@pytest.fixture
def clerk(enter: Enter, thuong_xuan: Unit) -> Client:
    return enter("dx_secretary", thuong_xuan)


@pytest.fixture
def report(clerk: Client, thuong_xuan: Unit) -> Report:
    paste(clerk, thuong_xuan)
    return Report.objects.get()


def test_a_pasted_report_is_kept_and_nothing_else(clerk: Client, thuong_xuan: Unit) -> None:
    answer = paste(clerk, thuong_xuan)
    report = Report.objects.get()
    assert answer.url == report_url(report)
    assert report.title == "Kết quả mô hình “3 không” của xã Thường Xuân"
    assert not Figure.objects.exists()
    assert Event.objects.filter(deed="indicators.add_report").count() == 1


def test_the_page_marks_the_figures_and_says_what_does_not_fit(clerk: Client, report: Report) -> None:
    page = text(clerk.get(report_url(report)))
    assert page.count("<mark id=") == 3
    assert 'class="bk-mark--error">2.660/3.798' in page
    page = text(clerk.get(report_url(report) + "?f=2"))
    assert "2.660/3.798 là 70,04%, ở đây ghi 70,2%" in page
    assert "Dùng 3.789" in page


def test_a_figure_is_confirmed_as_it_was_read(clerk: Client, report: Report) -> None:
    shown = clerk.get(report_url(report))
    answer = clerk.post(report_url(report), typed(shown) | {"deed": "confirm"})
    assert answer.url == report_url(report) + "?f=2#f"
    figure = Figure.objects.get()
    assert (figure.numerator, figure.denominator, str(figure.percent)) == (4795, 5205, "92.1000")
    assert (figure.indicator, figure.population, figure.unit) == ("eid_accounts", "adults", report.unit)
    assert report.text[figure.start : figure.end] == figure.excerpt


def test_the_same_form_sent_twice_is_one_figure(clerk: Client, report: Report) -> None:
    form = typed(clerk.get(report_url(report))) | {"deed": "confirm"}
    clerk.post(report_url(report), form)
    assert clerk.post(report_url(report), form).status_code == 302
    assert Figure.objects.count() == 1


def test_another_clerk_with_other_numbers_is_told(clerk: Client, report: Report) -> None:
    form = typed(clerk.get(report_url(report))) | {"deed": "confirm"}
    clerk.post(report_url(report), form)
    answer = clerk.post(report_url(report), form | {"numerator": "4796", "difference": "misread"})
    assert answer.status_code == 409
    assert "vừa được người khác xác nhận" in text(answer)
    assert Figure.objects.get().numerator == 4795


@pytest.mark.parametrize(
    "other",
    [{"counted_to": "01/05/2025"}, {"scope": "5 thôn"}, {"qualifier": "about"}, {"population": "residents"}],
)
def test_another_clerk_with_another_meaning_is_told(
    clerk: Client, report: Report, other: dict[str, str]
) -> None:
    form = typed(clerk.get(report_url(report))) | {"deed": "confirm"}
    clerk.post(report_url(report), form)
    assert clerk.post(report_url(report), form | other).status_code == 409
    assert Figure.objects.count() == 1


def test_everything_without_a_warning_is_confirmed_at_once(clerk: Client, report: Report) -> None:
    answer = clerk.post(report_url(report), {"deed": "confirm_clean"})
    assert answer.url == report_url(report) + "?f=2#f"  # the one that does not fit waits
    assert sorted(Figure.objects.values_list("numerator", flat=True)) == [4575, 4795]
    assert not Finding.objects.exists()
    clerk.post(report_url(report), {"deed": "confirm_clean"})
    assert Figure.objects.count() == 2


def test_a_repair_is_stored_beside_what_was_printed(clerk: Client, report: Report) -> None:
    shown = clerk.get(report_url(report) + "?f=2&fill=0-0")
    form = typed(shown)
    assert (form["denominator"], form["difference"]) == ("3.789", "misprinted")
    answer = clerk.post(report_url(report), form | {"deed": "confirm"})
    assert answer.status_code == 302
    old, new = Figure.objects.order_by("id")
    assert (old.denominator, new.denominator, new.corrects) == (3798, 3789, old)
    assert new.note
    clerk.post(report_url(report), form | {"deed": "confirm"})
    assert Figure.objects.count() == 2


def test_what_the_reader_misread_is_stored_as_typed(clerk: Client, report: Report) -> None:
    form = typed(clerk.get(report_url(report) + "?f=2")) | {"deed": "confirm", "numerator": "2.665"}
    answer = clerk.post(report_url(report), form)
    assert answer.status_code == 422  # it must be said who is wrong
    assert 'value="2.665"' in text(answer)
    assert not Figure.objects.exists()
    assert clerk.post(report_url(report), form | {"difference": "misread"}).status_code == 302
    assert Figure.objects.get().numerator == 2665


def test_a_wrong_percent_is_stored_as_printed_with_its_finding(clerk: Client, report: Report) -> None:
    clerk.post(report_url(report), typed(clerk.get(report_url(report) + "?f=2")) | {"deed": "confirm"})
    assert str(Figure.objects.get().percent) == "70.2000"
    assert Finding.objects.open().get().code == "percent_mismatch"
    assert "nguồn in 70,2%" in text(clerk.get(report_url(report) + "?f=2"))


def test_a_figure_is_left_out_and_taken_up_again(clerk: Client, report: Report) -> None:
    place = typed(clerk.get(report_url(report)))["place"]
    clerk.post(report_url(report), {"deed": "leave_out", "place": place})
    clerk.post(report_url(report), {"deed": "leave_out", "place": place})
    assert SetAside.objects.count() == 1
    assert clerk.get(report_url(report)).context["item"].number == 2
    clerk.post(report_url(report), {"deed": "take_up", "place": place})
    assert clerk.get(report_url(report)).context["item"].number == 1


def test_a_target_is_stored_as_a_target(clerk: Client, thuong_xuan: Unit) -> None:
    paste(
        clerk,
        thuong_xuan,
        "Chỉ tiêu đến năm 2026: 80% người từ 15 tuổi trở lên của xã Thường Xuân có tài khoản thanh toán.",
    )
    report = Report.objects.get()
    form = typed(clerk.get(report_url(report)))
    assert form["role"] == "target"
    answer = clerk.post(report_url(report), form | {"deed": "confirm", "counted_to": ""})
    assert answer.status_code == 422
    clerk.post(report_url(report), form | {"deed": "confirm", "counted_to": "31/12/2026"})
    assert str(Target.objects.get().percent) == "80.0000"
    assert not Figure.objects.exists()


def test_the_list_says_how_far_each_report_is(clerk: Client, report: Report) -> None:
    clerk.post(report_url(report), {"deed": "confirm_clean"})
    page = text(clerk.get(read_url(report.unit)))
    assert "2/3 đã xác nhận" in page


def test_several_files_one_by_one(clerk: Client, thuong_xuan: Unit) -> None:
    answer = upload(
        clerk,
        thuong_xuan,
        ("bao-cao.txt", PROSE.encode()),
        ("trong.txt", b""),
        ("anh.docx", b"\x89PNG\r\n\x1a\n" + bytes(50)),
    )
    page = text(answer)
    assert answer.status_code == 200
    assert "tìm thấy 3 số liệu" in page
    assert "Tệp không có nội dung nào" in page
    assert "ảnh" in page
    assert Report.objects.get().file_name == "bao-cao.txt"


def test_a_form_sent_twice_keeps_one_report(clerk: Client, thuong_xuan: Unit) -> None:
    key = uuid.uuid4()
    first = paste(clerk, thuong_xuan, client_key=key)
    assert paste(clerk, thuong_xuan, client_key=key).url == first.url
    assert Report.objects.count() == 1


def test_the_letters_that_step_through_figures_lead_nowhere_else() -> None:
    assert {"J", "K", "X", "A"}.isdisjoint({each.key for each in PAGES})


def test_a_word_table_is_read_and_shown_as_a_table(clerk: Client, thuong_xuan: Unit) -> None:
    table = [
        ["Thôn", "Đã cấp chữ ký số", "Tổng số", "Tỷ lệ"],
        ["Yên Lạc", "120", "130", "92,3%"],
        ["Yên Phú", "98", "115", "85,2%"],
        ["Tổng", "228", "245", "93,1%"],
    ]
    answer = upload(clerk, thuong_xuan, ("phu-luc.docx", files.docx_file("Phụ lục", table=table)))
    page = text(clerk.get(answer.url))
    assert page.count("<tr>") == 4
    assert "không khớp tổng 228" in page or "98 = 218" in page


def test_rows_and_totals_of_a_workbook_are_checked(clerk: Client, thuong_xuan: Unit) -> None:
    rows: list[list[object]] = [
        ["Thôn", "Người đã có tài khoản thanh toán", "Người từ 15 tuổi"],
        ["Yên Lạc", 120, 130],
        ["Yên Phú", 98, 115],
        ["Tổng", 228, 245],
    ]
    answer = upload(clerk, thuong_xuan, ("phu-luc.xlsx", files.xlsx_file(Thon=rows)))
    assert "không khớp tổng 228" in text(clerk.get(answer.url + "?f=1"))


def test_the_signature_of_a_pdf_is_told_and_kept(clerk: Client, thuong_xuan: Unit) -> None:
    answer = upload(clerk, thuong_xuan, ("ky.pdf", files.signed_pdf(files.pdf_file(files.SENTENCE))))
    assert "Ký số bởi Nguyễn Văn A, nội dung còn nguyên vẹn" in text(clerk.get(answer.url))
    signature = Report.objects.get().signature
    assert signature == {"intact": True, "trusted": None, "whole_file": True, "signers": ["Nguyễn Văn A"]}


def test_a_withdrawn_figure_can_be_brought_back_but_not_confirmed_again(
    clerk: Client, report: Report, actor: Actor, at: datetime
) -> None:
    form = typed(clerk.get(report_url(report))) | {"deed": "confirm"}
    clerk.post(report_url(report), form)
    figure = Figure.objects.get()
    retract_figure(figure=figure, reason="Đăng nhầm", by=actor, at=at)
    page = text(clerk.get(report_url(report) + "?f=1"))
    assert "Đăng nhầm" in page
    restore = reverse("desk:figure_restore", args=[figure.unit.uuid, figure.uuid])
    assert restore in page
    assert clerk.post(report_url(report), form).status_code == 409
    clerk.post(restore)
    assert clerk.get(report_url(report) + "?f=1").context["item"].state == "done"


def test_a_former_commune_s_figure_goes_to_the_former_commune(clerk: Client, thuong_xuan: Unit) -> None:
    words = "Đến ngày 06/05/2025, xã Ngọc Phụng có 4.795/5.205 người trưởng thành đã kích hoạt tài khoản định danh điện tử."
    paste(clerk, thuong_xuan, words)
    clerk.post(report_url(Report.objects.get()), {"deed": "confirm_clean"})
    figure = Figure.objects.select_related("unit").get()
    assert (figure.unit.code, figure.unit.valid_to) == ("15655", date(2025, 7, 1))


def test_a_village_of_another_kind_than_the_table_s_heading_is_found(
    clerk: Client, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    create_villages(
        commune=thuong_xuan, villages=[("ban", "Vịn")], valid_from=date(2025, 7, 1), by=actor, at=at
    )
    paste(
        clerk,
        thuong_xuan,
        "Thôn\tĐã cấp chữ ký số\tTổng số\tTỷ lệ\nVịn\t120\t130\t92,3%\nKhông Biết\t98\t115\t85,2%\n",
    )
    review = clerk.get(report_url(Report.objects.get())).context["review"]
    known, unknown = review.items
    assert known.unit.full_name == "Bản Vịn"
    assert unknown.unit is None
    assert "Chưa nhận ra “thôn Không Biết”" in unknown.why_not


def test_a_large_annex_stays_quick_to_ask(
    clerk: Client, thuong_xuan: Unit, django_assert_max_num_queries: Any
) -> None:
    """Questions to the database do not grow with the figures."""
    rows = "\n".join(f"Xuân {index}\t{index + 100}\t{index + 200}\t92%" for index in range(200))
    paste(clerk, thuong_xuan, "Thôn\tĐã cấp chữ ký số\tTổng số\tTỷ lệ\n" + rows)
    with django_assert_max_num_queries(60):
        answer = clerk.get(report_url(Report.objects.get()))
    assert answer.context["progress"].found >= 200


def test_no_key_opens_two_things_here(clerk: Client, report: Report) -> None:
    pages = [read_url(report.unit), report_url(report), report_url(report) + "?f=2"]
    pages += [reverse(f"desk:{name}", args=[report.unit.uuid]) for name in ("grid", "findings")]
    for address in pages:
        keys = re.findall(r'data-key="([^"]+)"', text(clerk.get(address)))
        assert len(keys) == len(set(keys)), (address, keys)
