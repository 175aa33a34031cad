"""What people export from other one-stop systems: words of states and headings of columns, one by one. No database."""

from datetime import date, datetime, timedelta

import pytest

from bakhong.core.days import VIET_NAM
from bakhong.dossiers.rules.exported_cells import READ
from bakhong.dossiers.rules.exported_states import state_of
from bakhong.dossiers.rules.promptness import judge
from bakhong.dossiers.rules.provincial import field_of, layout_of

STATES = {
    1: ("Mới đăng ký", "Hồ sơ mới", "Mới nộp", "Chờ tiếp nhận", "Chưa tiếp nhận", "Đang chờ tiếp nhận", "Đã nộp trực tuyến", "1"),
    2: ("Được tiếp nhận", "Đã tiếp nhận", "Mới tiếp nhận", "Tiếp nhận", "Đã tiếp nhận, chờ phân công"),
    3: ("Không được tiếp nhận", "Không tiếp nhận", "Từ chối tiếp nhận", "Từ chối", "Không đủ điều kiện tiếp nhận"),
    4: (
        "Đang xử lý", "Đang giải quyết", "Đã chuyển xử lý", "Chuyển xử lý", "Chờ xử lý", "Chưa xử lý", "Chờ ký", "Trình lãnh đạo",
        "Chờ phê duyệt", "Đã bổ sung, đang xử lý", "Chưa có kết quả", "Chưa xử lý xong", "Chờ phân công", "Đang thẩm định", "Tạm dừng",
        "Tạm dừng xử lý", "Công dân đã bổ sung hồ sơ", "Đã chuyển cấp huyện", "Đang xử lý (đúng hạn)", "Đã duyệt, chờ ký",
        "Đã tiếp nhận, đang xử lý", "Đã thực hiện nghĩa vụ tài chính", "Chờ đóng dấu", "Chưa hoàn thành",
    ),
    5: ("Yêu cầu bổ sung giấy tờ", "Chờ bổ sung", "Bổ sung hồ sơ", "Đã yêu cầu bổ sung", "Tạm dừng chờ bổ sung",
        "Trả lại công dân để bổ sung"),
    6: ("Yêu cầu thực hiện nghĩa vụ tài chính", "Chờ thanh toán", "Chờ nộp lệ phí", "Chưa thanh toán"),
    7: ("Công dân yêu cầu rút hồ sơ", "Xin rút hồ sơ", "Chờ rút hồ sơ"),
    8: ("Dừng xử lý", "Đã dừng xử lý", "Hủy", "Đã huỷ", "Hồ sơ bị hủy", "Đã rút hồ sơ", "Rút hồ sơ", "Trả lại", "Từ chối giải quyết"),
    9: (
        "Đã xử lý xong", "Đã có kết quả", "Có kết quả", "Chờ trả kết quả", "Chưa trả kết quả", "Đã giải quyết", "Hoàn thành",
        "Đã xử lý xong đúng hạn", "Có kết quả, chưa trả", "Chờ công dân đến nhận kết quả", "Đã xử lý",
    ),
    10: ("Đã trả kết quả", "Đã trả", "Trả kết quả", "Công dân đã nhận kết quả", "Đã trả kết quả đúng hạn", "Đã trả KQ qua bưu điện"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("number", "words"), [(number, each) for number, wordings in STATES.items() for each in wordings]
)
def test_a_state_in_the_words_of_another_system(number: int, words: str) -> None:
    assert state_of(words) == number


@pytest.mark.parametrize("words", ["Đúng hạn", "Quá hạn", "Huyện Thường Xuân", "Màu xanh", "???", "11", "0"])
def test_what_is_no_state_is_not_guessed(words: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        state_of(words)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("MaHoSo", "code"),
        ("Số biên nhận", "code"),
        ("Ngày hẹn trả", "due"),
        ("Ngày trả dự kiến", "due"),
        ("Hạn xử lý", "due"),
        ("Thời gian hẹn trả kết quả", "due"),
        ("Ngày thực trả", "returned"),
        ("Ngày trả kết quả", "returned"),
        ("Ngày trả KQ thực tế", "returned"),
        ("Ngày kết thúc xử lý", "finished"),
        ("Ngày có kết quả", "finished"),
        ("Ngày tiếp nhận", "received"),
        ("Ngày nộp", "filed"),
        ("Ngày tạm dừng", "asked"),
        ("Số ngày tạm dừng", "waited"),
        ("Ngày yêu cầu bổ sung", "asked"),
        ("Số lần yêu cầu bổ sung", "supplements"),
        ("Ngày từ chối", "refused"),
        ("Trạng thái hồ sơ", "state"),
        ("Hình thức nộp", "channel"),
        ("Chủ hồ sơ", "ignore"),
        ("Số CCCD", "ignore"),
    ],
)
def test_a_heading_says_what_its_column_holds(heading: str, field: str) -> None:
    assert field_of(heading) == field


def fields_of(*rows: tuple[object, ...]) -> dict[str, str]:
    layout = layout_of("1", rows)
    assert layout is not None
    return {each.title: each.field for each in layout.columns}


def test_of_two_headings_the_one_with_days_under_it_holds() -> None:
    told = fields_of(
        ("Mã hồ sơ", "Thời hạn giải quyết", "Ngày hẹn trả"),
        ("H56-1", "5 ngày làm việc", "06/11/2026"),
        ("H56-2", "3 ngày làm việc", "07/11/2026"),
    )
    assert told == {"Mã hồ sơ": "code", "Thời hạn giải quyết": "ignore", "Ngày hẹn trả": "due"}


def test_of_two_headings_with_days_the_plainer_name_holds() -> None:
    told = fields_of(
        ("Mã hồ sơ", "Hạn xử lý của bước", "Ngày hẹn trả"), ("H56-1", "05/11/2026", "06/11/2026")
    )
    assert told["Ngày hẹn trả"] == "due"
    assert told["Hạn xử lý của bước"] == "ignore"


def test_a_time_limit_alone_is_no_day() -> None:
    told = fields_of(
        ("Mã hồ sơ", "Ngày tiếp nhận", "Thời hạn giải quyết"), ("H56-1", "05/11/2026", "5 ngày làm việc")
    )
    assert told["Thời hạn giải quyết"] == "ignore"


def test_a_column_without_cells_keeps_its_name() -> None:
    assert fields_of(("Mã hồ sơ", "Ngày hẹn trả", "Ngày trả"))["Ngày trả"] == "returned"


@pytest.mark.parametrize(
    ("cell", "minutes"), [("3", 4320), ("1,5 ngày", 2160), ("12 giờ", 720), ("1 ngày 4 giờ", 1680)]
)
def test_time_waited(cell: str, minutes: int) -> None:
    assert READ["waited"](cell) == minutes


@pytest.mark.parametrize("cell", ["06/05/2026", datetime(2026, 5, 6), date(2026, 5, 6), "nhiều"])  # noqa: DTZ001
def test_a_day_is_no_time_waited(cell: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        READ["waited"](cell)


@pytest.mark.parametrize("state", [3, 8, 9, 10])
def test_what_has_ended_without_a_day_is_not_called_late(state: int) -> None:
    due = datetime(2026, 11, 10, tzinfo=VIET_NAM)
    told = dict.fromkeys(("finished", "returned", "ended", "asked", "answered"))
    verdict = judge(due=due, waited=0, supplements=0, as_of=due + timedelta(9), state=state, **told)
    assert (verdict.in_time, verdict.why) == (None, "no_end")
    running = judge(due=due, waited=0, supplements=0, as_of=due + timedelta(9), state=4, **told)
    assert (running.in_time, running.why) == (False, "late")  # the control
