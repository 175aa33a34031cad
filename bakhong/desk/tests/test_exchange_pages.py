"""“Liên thông” in the browser: a list sent and counted, fields copied, what waits to be told."""

import io
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bakhong.audit.models import Event as AuditEvent
from bakhong.core.actor import OPERATOR
from bakhong.core.days import VIET_NAM
from bakhong.desk.tests.casework import ID, Enter, at, stored, text
from bakhong.desk.views import exchange_measures
from bakhong.dossiers.actions.exchange_papers import sealed
from bakhong.dossiers.actions.exchange_taking import take_over
from bakhong.dossiers.models import CopyEvent, Dossier, ExternalDossier, ProvincialList, Pulled
from bakhong.dossiers.rules.national import Filed
from bakhong.dossiers.tests.conftest import bare, event_of
from bakhong.dossiers.tests.exchange import row, xlsx
from bakhong.people import scope
from bakhong.people.models import Look
from bakhong.places.models import Unit

# The desk's clock of these tests stands on 22/11/2026.


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def url(name: str, unit: Unit, *more: Any) -> str:
    return reverse(f"desk:{name}", args=[unit.uuid, *more])


def words(answer: Any) -> str:
    """The page without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", text(answer)).split())


def sheet_of(answer: Any) -> list[Any]:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.active is not None
    return list(book.active.iter_rows())


def send(client: Client, unit: Unit, content: bytes) -> Any:
    file = SimpleUploadedFile("tinh.xlsx", content)
    return client.post(url("exchange_lists", unit), {"file": file})


def test_a_list_is_looked_through_taken_in_counted_and_taken_back(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("one_stop_officer", thuong_xuan)
    answer = send(client, thuong_xuan, xlsx([row(1), row(2, **{"Số lần yêu cầu bổ sung": 2})]))
    assert answer.status_code == 302
    shown = text(client.get(answer["Location"]))
    assert "2 hồ sơ" in shown
    assert not stored(ExternalDossier)
    done = client.post(answer["Location"], {"deed": "import"}, follow=True)
    assert "Đã nhập: 2 hồ sơ mới" in text(done)
    assert "50% (1/2 hồ sơ danh sách ghi đủ ngày" in words(done)
    behind = text(client.get(url("exchange_measures", thuong_xuan), {"behind": "on_time-bad"}))
    assert "261103-0002" in behind
    assert "261103-0001" not in behind.partition('id="behind"')[2]
    taken = client.post(url("exchange_measures", thuong_xuan) + "?behind=on_time-bad")
    assert [each[0].value for each in sheet_of(taken) if "261103" in str(each[0].value)] == [
        "000.17.22.H56-261103-0002"
    ]
    assert client.post(url("exchange_measures", thuong_xuan)).status_code == 404
    (batch,) = stored(ProvincialList)
    client.post(url("exchange_list_undo", thuong_xuan, batch.uuid))
    assert not [each for each in stored(ExternalDossier) if each.is_current]


def test_a_long_list_of_the_province_comes_in_pages(
    enter: Enter, thuong_xuan: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_measures, "PAGE", 2)
    client = enter("one_stop_officer", thuong_xuan)
    here = send(client, thuong_xuan, xlsx([row(number) for number in range(1, 6)]))["Location"]
    client.post(here, {"deed": "import"})
    seen: list[str] = []
    asked = "?behind=on_time-good"
    while asked:
        listed = text(client.get(url("exchange_measures", thuong_xuan) + asked)).partition('id="behind"')[2]
        seen += re.findall(r"261103-(\d{4})", listed)
        following = re.search(r'href="([^"#]*)#behind" data-key="N"', listed)
        asked = following[1].replace("&amp;", "&") if following else ""
    assert seen == [f"{number:04d}" for number in range(1, 6)]


def test_on_time_by_procedure_and_month_and_beside_our_own(
    officer: Client, thuong_xuan: Unit, received: Dossier
) -> None:
    birth = {"Tên thủ tục hành chính": "Đăng ký khai sinh"}
    listed = [
        row(1),
        row(2, **birth, **{"Ngày kết thúc xử lý": datetime(2026, 11, 10)}),  # noqa: DTZ001 (as Excel keeps it)
        row(3, **birth, **{"Ngày tiếp nhận": datetime(2026, 10, 30, 8)}),  # noqa: DTZ001
    ]
    officer.post(send(officer, thuong_xuan, xlsx(listed))["Location"], {"deed": "import"})
    here = url("exchange_measures", thuong_xuan)
    shown = words(officer.get(here)).partition("kém nhất trước")[2]
    assert "làm ở đây" not in shown
    births, copies = "Đăng ký khai sinh 50% (1/2 hồ sơ", "Chứng thực bản sao 100% (1/1 hồ sơ"
    assert 0 <= shown.index(births) < shown.index(copies)
    assert 0 <= shown.index("10/2026 100% (1/1 hồ sơ") < shown.index("11/2026 50% (1/2 hồ sơ")
    for asked, codes in (
        ({"procedure": "Đăng ký khai sinh"}, ["0003"]),
        ({"month": "2026-11"}, ["0001"]),
        ({}, ["0001", "0003"]),
    ):
        behind = text(officer.get(here, {"behind": "on_time-good", **asked})).partition('id="behind"')[2]
        assert sorted(re.findall(r"-(\d{4})</th>", behind)) == codes
    taken = sheet_of(officer.post(here + "?behind=parts"))
    assert [[each.value for each in line][:3] for line in taken[-2:]] == [
        ["Đăng ký khai sinh", 1, 2],
        ["Chứng thực bản sao", 1, 1],
    ]

    noted = {"system": "provincial", "code": listed[0]["Số hồ sơ"]}
    officer.post(at("dossier_codes", received), noted)
    beside = words(officer.get(url("dossier_measures", thuong_xuan)))
    assert "Đúng hẹn theo danh sách của tỉnh 66,7% (2/3 hồ sơ" in beside
    assert "không đếm lại" not in beside  # it is still open here, so our own count has nothing of it
    assert "1 hồ sơ trong danh sách cũng làm ở đây" in words(officer.get(here))
    assert "danh sách của tỉnh, ngày 22/11/2026" in beside
    earlier = {"first": "01/01/2026", "last": "02/01/2026"}
    assert "danh sách của tỉnh" not in words(officer.get(url("dossier_measures", thuong_xuan), earlier))


def test_a_dossier_told_by_both_counts_once(officer: Client, enter: Enter, thuong_xuan: Unit) -> None:
    """In October two of three were in time by the list; one of those ended here as well."""
    came, done = datetime(2026, 10, 5, 8, tzinfo=VIET_NAM), datetime(2026, 10, 8, tzinfo=VIET_NAM)
    october = {"Ngày tiếp nhận": came.replace(tzinfo=None), "Ngày hẹn trả": "09/10/2026 17:00"}
    listed = [row(number, **october, **{"Ngày kết thúc xử lý": done.date()}) for number in (1, 2)]
    listed.append(row(3, **october, **{"Ngày kết thúc xử lý": date(2026, 10, 12)}))
    officer.post(send(officer, thuong_xuan, xlsx(listed))["Location"], {"deed": "import"})
    asked = {"first": "01/10/2026", "last": "31/10/2026"}
    chair = enter("chair", thuong_xuan)

    def pages() -> list[str]:
        board = chair.get(url("dashboard", thuong_xuan))
        return [words(board), words(chair.get(url("dossier_measures", thuong_xuan), asked))]

    for page in pages():
        assert re.search(r"Đúng hẹn theo danh sách của tỉnh ?:? 66,7% \(2/3 hồ sơ", page)
        assert "không đếm lại" not in page
    with scope.seeing(OPERATOR):
        made = bare(
            thuong_xuan,
            came,
            code="H56.22-1",
            external_codes={"provincial": listed[0]["Số hồ sơ"]},
            received_at=came,
            base_due_at=done,
            due_at=done,
            finished_at=done,
        )
        made.save(force_insert=True)
        event_of(made, "file", "submitted", came).save(force_insert=True)
    for page in pages():
        assert re.search(r"Đúng hẹn theo danh sách của tỉnh ?:? 50% \(1/2 hồ sơ", page)
        assert "danh sách của tỉnh, ngày 22/11/2026; 1 hồ sơ cùng mã đã đếm ở đây" in page
        assert "100% (1/1 hồ sơ" in page  # our own
    behind = {**asked, "behind": "on_time-good", "apart": "1"}
    (link,) = re.findall(r'href="([^"]*apart=1[^"]*)"', text(chair.get(url("dashboard", thuong_xuan))))
    assert link.replace("&amp;", "&") == f"{url('exchange_measures', thuong_xuan)}?{urlencode(behind)}#behind"
    for more, codes in ((behind, ["0002"]), ({**behind, "apart": ""}, ["0001", "0002"])):
        shown = text(officer.get(url("exchange_measures", thuong_xuan), more)).partition('id="behind"')[2]
        assert sorted(re.findall(r"-(\d{4})</th>", shown)) == codes


def test_a_column_can_be_said_and_two_cannot_be_the_same(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("one_stop_officer", thuong_xuan)
    rows = [{"Số hồ sơ": "H56-1", "Ngày A": "03/11/2026", "Ngày hẹn trả": "06/11/2026"}]
    here = send(client, thuong_xuan, xlsx(rows, ("Số hồ sơ", "Ngày A", "Ngày hẹn trả")))["Location"]
    wrong = client.post(here, {"deed": "import", "field-0-1": "due", "field-0-2": "due"})
    assert wrong.status_code == 422
    assert "Hai cột cùng được chọn" in text(wrong)
    said = client.post(here, {"deed": "check", "field-0-1": "received"})
    assert '<option value="received" selected>' in text(said)
    client.post(here, {"deed": "import", "field-0-1": "received"})
    assert stored(ExternalDossier)[0].received_at is not None


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 no list", b"\0" * 500, b"hai,ba\n"])
def test_what_is_no_list_is_refused_in_a_sentence(enter: Enter, thuong_xuan: Unit, content: bytes) -> None:
    answer = send(enter("one_stop_officer", thuong_xuan), thuong_xuan, content)
    assert answer.status_code == 422


def test_each_field_copied_counts_once(officer: Client, thuong_xuan: Unit, received: Dossier) -> None:
    here = at("dossier_copy", received, "provincial")
    shown = text(officer.get(here))
    assert 'value="Lê Thị Hoá"' in shown
    assert shown.index("Chủ hồ sơ") < shown.index("Số định danh") < shown.index("Ngày hẹn trả")
    for _time in range(2):
        assert officer.post(here, {"field": "applicant", "quiet": "1"}).status_code == 204
    officer.post(here, {"field": ["applicant", "national_id"]})
    (event,) = stored(CopyEvent)
    assert (event.copied, event.copied_count) == (["applicant", "national_id"], 2)
    assert officer.post(here, {"field": "nonsense"}).status_code == 422
    counted = words(officer.get(url("exchange_copied", thuong_xuan)))
    assert f"(2/{event.offered} ô thông tin" in counted
    assert "100% (1/1 hồ sơ đã tiếp nhận" in counted
    taken = sheet_of(officer.post(url("exchange_copied", thuong_xuan)))
    assert [each[2].value for each in taken if each[0].value == received.code] == [2]


def test_a_procedure_that_nobody_copied_is_counted_too(
    officer: Client, thuong_xuan: Unit, received: Dossier
) -> None:
    counted = words(officer.get(url("exchange_copied", thuong_xuan)))
    assert "0% (0/1 hồ sơ đã tiếp nhận" in counted
    assert "chưa dùng “Chép sang”" in counted
    earlier = {"first": "01/01/2026", "last": "02/01/2026"}
    assert "hồ sơ đã tiếp nhận" not in words(officer.get(url("exchange_copied", thuong_xuan), earlier))


@pytest.mark.parametrize("role", ["chair", "supervising_leader"])
def test_who_does_not_copy_sees_masks(
    officer: Client, enter: Enter, thuong_xuan: Unit, received: Dossier, role: str
) -> None:
    here = at("dossier_copy", received, "provincial")
    assert f'value="{ID}"' in text(officer.get(here))  # the control: who copies reads it whole
    shown = text(enter(role, thuong_xuan).get(here))
    assert ID not in shown
    assert "•••••••••234" in shown


def test_who_looked_and_who_took_a_number_out_is_written_down(officer: Client, received: Dossier) -> None:
    here = at("dossier_copy", received, "provincial")
    before = len(stored(Look))
    officer.get(here)
    seen = {each.what for each in stored(Look)[before:]}
    assert {"record", "national_id"} <= seen
    for _time in range(2):
        officer.post(here, {"field": ["applicant", "national_id"], "quiet": "1"})
    told = [each.details for each in AuditEvent.objects.filter(deed="desk.reveal")]
    assert [each["what"] for each in told] == ["national_id"]


def test_a_system_that_does_not_take_the_procedure_is_not_there(officer: Client, received: Dossier) -> None:
    assert officer.get(at("dossier_copy", received, "social_protection")).status_code == 404
    assert officer.get(at("dossier_copy", received, "nothing")).status_code == 404


def test_without_another_system_the_page_says_what_can_be_done(enter: Enter, thuong_xuan: Unit) -> None:
    shown = text(enter("one_stop_officer", thuong_xuan).get(url("exchange", thuong_xuan)))
    assert "Chưa nối với hệ thống nào" in shown


def test_the_code_of_another_system_is_noted_and_found(officer: Client, received: Dossier) -> None:
    here = at("dossier_codes", received)
    wrong = officer.post(here, {"system": "provincial", "code": "không có"})
    assert wrong.status_code == 422
    assert 'value="không có"' in text(wrong)
    done = officer.post(here, {"system": "provincial", "code": "h56-777"}, follow=True)
    assert "H56-777" in text(done)
    assert "H56-777" in text(officer.get(at("dossier_copy", received, "provincial")))
    found = officer.get(url("queue", received.village), {"tim": "h56-777"}, follow=True)
    assert found.status_code == 200


def test_who_only_looks_notes_no_code(enter: Enter, thuong_xuan: Unit, received: Dossier) -> None:
    chair = enter("chair", thuong_xuan)
    assert (
        chair.post(at("dossier_codes", received), {"system": "provincial", "code": "H1"}).status_code == 403
    )
    assert "Ghi mã bên kia đã cấp" not in text(chair.get(at("dossier", received)))


def test_what_changed_there_is_looked_at(officer: Client, thuong_xuan: Unit, received: Dossier) -> None:
    with scope.seeing(OPERATOR):
        row = Pulled.objects.create(
            system="national",
            code="G22-1",
            village=thuong_xuan,
            dossier=received,
            heard=2,
            problem="changed_there",
            detail="phone,papers",
            pulled_at=received.submitted_at,
        )
        Pulled.objects.filter(pk=row.pk).update(
            body=sealed(row, {"MaHoSo": "G22-1", "ChuHoSo": "A", "NgayNopHoSo": "2026-11-20"})
        )
    shown = words(officer.get(url("exchange", thuong_xuan)))
    assert "số điện thoại, thêm giấy tờ" in shown
    officer.post(url("exchange_looked", thuong_xuan, row.uuid))
    assert [each.problem for each in stored(Pulled)] == [""]
    assert "cần xem lại" not in words(officer.get(url("exchange", thuong_xuan)))


def test_the_page_of_a_dossier_from_elsewhere_says_who_filed_it(
    officer: Client, shipped_forms: None, thuong_xuan: Unit
) -> None:
    at_noon = datetime(2026, 11, 20, 12, tzinfo=VIET_NAM)
    filed = Filed(
        code="G22.99-261120-0001",
        unit=thuong_xuan.code,
        procedure="1.004873",
        applicant="Lê Văn An",
        channel="online",
        submitted_at=at_noon,
        national_id="038060001234",
        phone="0912345678",
        email="an@example.vn",
        address="Thôn Xuân Thành",
        agent="Lê Thị Bé",
    )
    with scope.seeing(OPERATOR):
        made = take_over(filed=filed, system="national", unit=thuong_xuan, by=OPERATOR, at=at_noon)
    shown = words(officer.get(at("dossier", made)))
    for each in ("•••••••••234", "•••••••678", "an@example.vn", "Thôn Xuân Thành", "Lê Thị Bé", filed.code):
        assert each in shown
    assert "038060001234" not in shown
    seen = officer.post(at("dossier_reveal", made), {"reveal-reason": "at_desk"})
    assert "038060001234" in text(seen)
