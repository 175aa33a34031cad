"""The pages of a reporting period, as an officer, the chair and the province use them."""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bakhong.audit.models import Event
from bakhong.desk.tests.conftest import lines
from bakhong.indicators.models import Figure, ReportingPeriod, Submission
from bakhong.places.models import Unit

Enter = Callable[..., Client]
FULL = [(4795, 5205), ("4.575", "5 648")]


def at_unit(name: str, unit: Unit, *more: Any) -> str:
    return reverse(f"desk:{name}", args=[unit.uuid, *more])


def grid_of(unit: Unit, period: ReportingPeriod) -> str:
    return at_unit("period", unit, period.uuid)


def do(client: Client, deed: str, unit: Unit, period: ReportingPeriod, **posted: Any) -> Any:
    posted.setdefault("version", Submission.objects.get(unit=unit, period=period).version)
    return client.post(at_unit("period_step", unit, period.uuid, deed), posted)


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def approved(enter: Enter, thuong_xuan: Unit, period: ReportingPeriod) -> Submission:
    enter("dx_secretary", thuong_xuan).post(grid_of(thuong_xuan, period), lines(*FULL, deed="submit"))
    do(enter("chair", thuong_xuan), "approve", thuong_xuan, period)
    return Submission.objects.get()


def test_the_province_opens_a_period(enter: Enter, thanh_hoa: Unit) -> None:
    client = enter("province_admin", thanh_hoa)
    address = at_unit("period_new", thanh_hoa)
    page = text(client.get(address))
    assert "Tháng 10/2026" in page
    assert page.count("checked") == 10  # the criteria
    posted = {
        "name": "Tháng 10/2026",
        "starts_on": "01/10/2026",
        "ends_on": "31/10/2026",
        "due_on": "05/11/2026",
        "ask-eid_accounts": "on",
        "stage-eid_accounts": "activated",
        "population-eid_accounts": "adults",
    }
    for _time in range(2):
        answer = client.post(address, posted)
        assert answer.status_code == 302
    period = ReportingPeriod.objects.get()
    assert period.indicators == ["eid_accounts/activated/adults"]
    # The next one offers the same indicators.
    assert text(client.get(address)).count("checked") == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"due_on": "31/02/2026"}, "không đọc được"),
        ({"due_on": "01/10/2026"}, "Hạn gửi phải"),
        ({"ask-eid_accounts": None}, "ít nhất một chỉ tiêu"),
        ({"stage-eid_accounts": "sold"}, "không còn trong danh mục"),
        ({"population-eid_accounts": "a/b"}, "không còn trong danh mục"),
        ({"name": ""}, "Tên kỳ báo cáo"),
    ],
)
def test_a_bad_period_is_told_plainly(
    enter: Enter, thanh_hoa: Unit, changes: dict[str, Any], said: str
) -> None:
    posted = {
        "name": "Kỳ",
        "starts_on": "01/10/2026",
        "ends_on": "31/10/2026",
        "due_on": "05/11/2026",
        "ask-eid_accounts": "on",
        "stage-eid_accounts": "activated",
        "population-eid_accounts": "adults",
        **changes,
    }
    answer = enter("province_admin", thanh_hoa).post(
        at_unit("period_new", thanh_hoa), {key: value for key, value in posted.items() if value is not None}
    )
    assert answer.status_code == 422
    assert said in text(answer)
    assert not ReportingPeriod.objects.exists()


def test_a_province_without_periods_is_told_the_first_step(
    enter: Enter, thanh_hoa: Unit, thuong_xuan: Unit
) -> None:
    assert "Mở kỳ báo cáo đầu tiên" in text(
        enter("province_admin", thanh_hoa).get(at_unit("periods", thanh_hoa))
    )
    assert "Chưa phải làm gì" in text(enter("chair", thuong_xuan).get(at_unit("periods", thuong_xuan)))


def test_a_period_nobody_answered_says_what_to_do(
    enter: Enter, thanh_hoa: Unit, period: ReportingPeriod
) -> None:
    page = text(enter("province_admin", thanh_hoa).get(grid_of(thanh_hoa, period)))
    assert "0/166" in page
    assert "Chưa xã nào bắt đầu nhập" in page
    assert page.count("trễ 17 ngày") == 166
    assert "Thu hồi kỳ báo cáo" in page


def test_numbers_of_the_overview_open_their_list(
    enter: Enter, thanh_hoa: Unit, thuong_xuan: Unit, period: ReportingPeriod, approved: Submission
) -> None:
    client = enter("province_admin", thanh_hoa)
    page = text(client.get(grid_of(thanh_hoa, period), {"status": "approved"}))
    assert thuong_xuan.full_name in page
    assert page.count("data-row") == 1
    assert (
        text(client.get(grid_of(thanh_hoa, period), {"status": "nonsense", "group": "x"})).count("data-row")
        == 166
    )


def test_the_officer_saves_a_draft_and_submits_it(
    enter: Enter, thuong_xuan: Unit, period: ReportingPeriod
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    address = grid_of(thuong_xuan, period)
    assert client.post(address, lines((4795, ""))).status_code == 302
    assert 'value="4795"' in text(client.get(address))
    refused = client.post(address, lines((4795, ""), version=1, deed="submit"))
    assert refused.status_code == 422
    assert "Thiếu tổng số" in text(refused)
    assert client.post(address, lines(*FULL, version=1, deed="submit")).status_code == 302
    submission = Submission.objects.get()
    assert submission.state == "submitted"
    assert submission.cells["payment_account/activated/aged_15_up"]["denominator"] == 5648
    assert 'name="n-0"' not in text(client.get(address))


@pytest.mark.parametrize(
    ("typed", "said"), [("4,795", "không phải số"), ("-5", "không phải số"), ("９９", "không phải số")]
)
def test_a_mistyped_number_is_shown_where_it_is(
    enter: Enter, thuong_xuan: Unit, period: ReportingPeriod, typed: str, said: str
) -> None:
    answer = enter("dx_secretary", thuong_xuan).post(grid_of(thuong_xuan, period), lines((typed, 100)))
    assert answer.status_code == 422
    assert said in text(answer)
    assert f'value="{typed}"' in text(answer)
    assert 'href="#n-0"' in text(answer)
    assert not Submission.objects.exists()


def test_of_two_people_at_once_the_second_sees_both_numbers(
    enter: Enter, thuong_xuan: Unit, period: ReportingPeriod
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    address = grid_of(thuong_xuan, period)
    client.post(address, lines((80, 100)))
    answer = client.post(address, lines((90, 100), version=0))
    assert answer.status_code == 409
    page = text(answer)
    assert 'value="90"' in page
    assert "Bản đang lưu:</strong> 80/100" in page
    assert "dx_secretary" in page
    assert Submission.objects.get().cells["eid_accounts/activated/adults"]["numerator"] == 80
    # Seen, decided, and sent again on purpose.
    assert client.post(address, lines((90, 100), version=1)).status_code == 302


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "１"])
def test_a_nonsense_version_is_a_conflict(
    enter: Enter, thuong_xuan: Unit, period: ReportingPeriod, version: str
) -> None:
    answer = enter("dx_secretary", thuong_xuan).post(
        grid_of(thuong_xuan, period), lines(*FULL, version=version)
    )
    assert answer.status_code == 409


def test_nobody_is_offered_to_approve_before_the_period_ends(
    enter: Enter, thuong_xuan: Unit, period: ReportingPeriod
) -> None:
    enter("dx_secretary", thuong_xuan).post(grid_of(thuong_xuan, period), lines(*FULL, deed="submit"))
    chair = enter("chair", thuong_xuan)
    assert "Duyệt và gửi tỉnh" in text(chair.get(grid_of(thuong_xuan, period)))
    ahead = timezone.localdate() + timedelta(days=9)
    ReportingPeriod.objects.filter(pk=period.pk).update(ends_on=ahead, due_on=ahead)
    seen = text(chair.get(grid_of(thuong_xuan, period)))
    assert "Duyệt và gửi tỉnh" not in seen
    assert f"Duyệt được từ ngày {ahead:%d/%m/%Y}" in seen


def test_the_chair_approves_and_the_figures_stand(
    thuong_xuan: Unit, enter: Enter, period: ReportingPeriod, approved: Submission
) -> None:
    assert approved.state == "approved"
    assert Figure.objects.filter(unit=thuong_xuan).count() == 2
    page = text(enter("chair", thuong_xuan).get(grid_of(thuong_xuan, period)))
    assert "Rút lại phê duyệt" in page


def test_approving_twice_is_once(
    thuong_xuan: Unit, enter: Enter, period: ReportingPeriod, approved: Submission
) -> None:
    answer = do(enter("chair", thuong_xuan), "approve", thuong_xuan, period, version=approved.version - 1)
    assert answer.status_code == 302
    assert Figure.objects.count() == 2
    assert Event.objects.filter(deed="indicators.approve").count() == 1


def test_the_province_sends_back_with_reasons_and_goes_on(
    thanh_hoa: Unit, thuong_xuan: Unit, enter: Enter, period: ReportingPeriod, approved: Submission
) -> None:
    client = enter("province_admin", thanh_hoa)
    refused = do(client, "send_back", thuong_xuan, period)
    assert refused.status_code == 422
    assert "Hãy ghi rõ lý do" in text(refused)
    answer = do(
        client, "send_back", thuong_xuan, period, reason=["0", "77", "²", "9" * 5000], text="Xem lại 5.205"
    )
    assert answer.url == grid_of(thanh_hoa, period)
    assert "Xem lại hoặc huỷ" in text(client.get(answer.url))
    page = text(enter("dx_secretary", thuong_xuan).get(grid_of(thuong_xuan, period)))
    assert "Số đạt được lớn hơn tổng số. Xem lại 5.205" in page
    assert 'name="n-0"' in page


def test_accepting_leads_to_the_next_that_waits(
    thanh_hoa: Unit,
    thuong_xuan: Unit,
    other_commune: Unit,
    enter: Enter,
    period: ReportingPeriod,
    approved: Submission,
) -> None:
    enter("dx_secretary", other_commune).post(grid_of(other_commune, period), lines(*FULL, deed="submit"))
    do(enter("chair", other_commune), "approve", other_commune, period)
    answer = do(enter("province_admin", thanh_hoa), "accept", thuong_xuan, period)
    assert answer.url == grid_of(other_commune, period)


def test_a_stale_decision_gets_a_page_that_says_who_did_what(
    thanh_hoa: Unit, thuong_xuan: Unit, enter: Enter, period: ReportingPeriod, approved: Submission
) -> None:
    do(enter("chair", thuong_xuan), "take_back_approval", thuong_xuan, period)
    answer = do(enter("province_admin", thanh_hoa), "accept", thuong_xuan, period, version=approved.version)
    assert answer.status_code == 409
    assert "chair Thường Xuân" in text(answer)


def test_a_draft_is_the_communes_own(
    thanh_hoa: Unit, thuong_xuan: Unit, enter: Enter, period: ReportingPeriod
) -> None:
    enter("dx_secretary", thuong_xuan).post(grid_of(thuong_xuan, period), lines((4321, 5205)))
    client = enter("province_admin", thanh_hoa)
    page = text(client.get(grid_of(thuong_xuan, period)))
    assert "4.321" not in page
    assert re.search(r"(?<![\w-])4321(?![\w-])", page) is None
    for name in ("period_table", "period_xlsx"):
        assert client.get(at_unit(name, thuong_xuan, period.uuid)).status_code == 404
    # Control: the chair of the commune does see it.
    assert "4.321" in text(enter("chair", thuong_xuan).get(grid_of(thuong_xuan, period)))


def test_the_table_and_the_workbook_hold_what_was_approved(
    thanh_hoa: Unit, thuong_xuan: Unit, enter: Enter, period: ReportingPeriod, approved: Submission
) -> None:
    client = enter("province_admin", thanh_hoa)
    assert "92,1%" in text(client.get(at_unit("period_table", thanh_hoa, period.uuid)))
    answer = client.get(at_unit("period_xlsx", thanh_hoa, period.uuid))
    assert answer["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert 4795 in cells
    own = client.get(at_unit("period_xlsx", thuong_xuan, period.uuid))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(own.streaming_content))).active
    assert sheet is not None
    assert [row[2] for row in sheet.iter_rows(values_only=True) if isinstance(row[2], int)] == [5205, 5648]


def test_the_province_extends_and_withdraws(thanh_hoa: Unit, enter: Enter, period: ReportingPeriod) -> None:
    client = enter("province_admin", thanh_hoa)
    assert (
        client.post(at_unit("period_extend", thanh_hoa, period.uuid), {"due_on": "32/13/2026"}).status_code
        == 422
    )
    assert (
        client.post(at_unit("period_extend", thanh_hoa, period.uuid), {"due_on": "30/11/2026"}).status_code
        == 302
    )
    assert "30/11/2026" in text(client.get(grid_of(thanh_hoa, period)))
    assert client.post(at_unit("period_withdraw", thanh_hoa, period.uuid)).status_code == 302
    assert client.get(grid_of(thanh_hoa, period)).status_code == 404


def test_reading_writes_nothing(
    thanh_hoa: Unit, thuong_xuan: Unit, enter: Enter, period: ReportingPeriod, approved: Submission
) -> None:
    client = enter("province_admin", thanh_hoa)
    before = (Event.objects.count(), Submission.objects.get().version)
    for name in ("period_extend", "period_withdraw"):
        assert client.get(at_unit(name, thanh_hoa, period.uuid)).status_code == 302
    for deed in ("accept", "send_back", "approve"):
        assert client.get(at_unit("period_step", thuong_xuan, period.uuid, deed)).status_code == 302
    assert client.get(grid_of(thuong_xuan, period)).status_code == 200
    assert (Event.objects.count(), Submission.objects.get().version) == before


def test_others_are_told_nothing_or_no(
    thanh_hoa: Unit,
    thuong_xuan: Unit,
    other_commune: Unit,
    enter: Enter,
    period: ReportingPeriod,
    approved: Submission,
) -> None:
    neighbour = enter("dx_secretary", other_commune)
    for address in (
        grid_of(thuong_xuan, period),
        grid_of(thanh_hoa, period),
        at_unit("period_table", thuong_xuan, period.uuid),
        at_unit("period_xlsx", thuong_xuan, period.uuid),
    ):
        assert neighbour.get(address).status_code == 404, address
    assert neighbour.get(at_unit("period_new", other_commune)).status_code == 403
    assert do(neighbour, "take_back_approval", thuong_xuan, period).status_code == 404
    assert do(enter("specialist", thuong_xuan), "take_back_approval", thuong_xuan, period).status_code == 403
    assert (
        enter("specialist", thuong_xuan).post(grid_of(thuong_xuan, period), lines(*FULL)).status_code == 403
    )
    assert do(enter("chair", thuong_xuan), "accept", thuong_xuan, period).status_code == 403
    assert do(enter("province_viewer", thanh_hoa), "accept", thuong_xuan, period).status_code == 403
    approved.refresh_from_db()
    assert approved.state == "approved"


def test_a_period_of_elsewhere_is_unknown(
    enter: Enter, thuong_xuan: Unit, new_units: Callable[[str], Unit], period: ReportingPeriod, at: datetime
) -> None:
    ha_noi_commune = new_units("00004")
    client = enter("dx_secretary", ha_noi_commune)
    assert client.get(grid_of(ha_noi_commune, period)).status_code == 404
    assert client.post(grid_of(ha_noi_commune, period), lines(*FULL)).status_code == 404
