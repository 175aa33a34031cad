"""Wrong paragraphs of many styles: exactly the finding they deserve."""

import pytest

from bakhong.indicators.rules.reader import read

WRONG = [
    ("percent_mismatch", "Tỷ lệ người trưởng thành có tài khoản ngân hàng là 83,9% (3.905/4.711 người)."),
    (
        "percent_mismatch",
        "đạt 92,5 % (4795 trên 5205 người) người trưởng thành có tài khoản định danh điện tử",
    ),
    ("percent_truncated", "Đã cấp 1.601/3.986 chữ ký số, đạt 40,16 phần trăm."),
    ("percent_mismatch", "Có 300 người trong tổng số 400 người được cấp chữ ký số, đạt 85%."),
    ("percent_mismatch", "Trong tổng số 2.002 người có 1.674 người được cấp chữ ký số, đạt 93,6%."),
    (
        "percent_mismatch",
        "Toàn xã có 3.798 thuê bao điện thoại thông minh, trong đó 2.660 thuê bao đã cài phần mềm bảo vệ, đạt 72,2%.",
    ),
    ("percent_mismatch", "Đến nay có 1 674/2 002 người được cấp tài khoản định danh, đạt tỷ lệ 86, 3 %"),
    ("percent_mismatch", "Đã có 4.795 người/5.205 người trưởng thành (92,7%) có tài khoản định danh"),
    ("percent_mismatch", "- Tài khoản định danh điện tử: 4.795/5.205 người trưởng thành = 92,9%"),
    ("percent_mismatch", "Số tài khoản thanh toán: 4.575/5.648\n(đạt 82%)"),
    (
        "percent_mismatch",
        "Cài VNeID cho 4.795/5.205 công dân trưởng thành toàn xã, đạt 95,1% (chỉ tiêu giao 90%).",
    ),
    ("percent_mismatch", "đạt 92,1 % ( 4.975 / 5.205 người )"),
    ("percent_mismatch", "Số liệu: 61.62% (3373/5311 tài khoản)"),
    (
        "percent_mismatch",
        "Tài khoản định danh đạt 4.795/5.205 người trưởng thành, tăng 5,2% so với cùng kỳ, đạt tỷ lệ 91,2%.",
    ),
    (
        "percent_mismatch",
        "Chữ ký số 1.189/1.424 người dùng điện thoại thông minh và tài khoản 1.617/2.150 người từ 15 tuổi trở lên, "
        "lần lượt đạt 83,5% và 77,2%.",
    ),
    (
        "percent_mismatch",
        "| Thôn | Đã cấp | Tổng | Tỷ lệ |\n| Thôn 1 | 120 | 130 | 92,3% |\n| Thôn 2 | 98 | 115 | 95,2% |",
    ),
    ("percent_mismatch", "Thôn\tĐã cấp\tTổng\tTỷ lệ\nThôn 1\t120\t130\t92,3%\nThôn 2\t98\t115\t95,2%"),
    (
        "remainder_mismatch",
        "Toàn xã có 2.002 người trong độ tuổi, đã cấp tài khoản cho 1.674 người, còn lại 355 người.",
    ),
    ("remainder_mismatch", "Xã đã thu nhận 1.674/2.002 hồ sơ định danh, còn 355 người chưa làm."),
    ("remainder_mismatch", "Xã đã cấp 1.674/2.002 tài khoản. 355 người còn lại đi làm ăn xa."),
    ("remainder_mismatch", "Đã cấp cho 84,3% đối tượng; còn lại 17,5% đang hoàn thiện hồ sơ."),
    (
        "parts_do_not_sum",
        "Phường tiếp nhận 1.442 hồ sơ, trong đó trực tuyến 1.195 hồ sơ, trực tiếp 274 hồ sơ.",
    ),
    ("parts_do_not_sum", "Số người được tập huấn là 250 người, gồm nam 120, nữ 140."),
    ("parts_do_not_sum", "nam 120, nữ 130, tổng 260"),
    (
        "parts_do_not_sum",
        "Đã cấp 3.120 chữ ký số; còn lại 20 người.\n"
        "Năm nay tiếp nhận 1.200 hồ sơ, trong đó trực tuyến 1.080 hồ sơ, trực tiếp 130 hồ sơ.",
    ),
    ("parts_do_not_sum", "trực tuyến 1.195, trực tiếp 247, tổng 1.424"),
    (
        "parts_do_not_sum",
        "Hệ thống một cửa điện tử tiếp nhận 1.442 hồ sơ. Trong đó: một phần 1.159 hồ sơ; toàn trình 247 hồ sơ.",
    ),
    ("parts_do_not_sum", "Tiếp nhận 1.442 hồ sơ, gồm:\n- Trực tuyến: 1.195 hồ sơ;\n- Trực tiếp: 274 hồ sơ."),
    (
        "parts_do_not_sum",
        "Đã giải quyết 1.403 hồ sơ, đang giải quyết 31 hồ sơ trong tổng số 2.434 hồ sơ tiếp nhận.",
    ),
    (
        "parts_do_not_sum",
        "Trong kỳ tiếp nhận 2.434 hồ sơ (1.403 hồ sơ đã giải quyết, 31 hồ sơ đang giải quyết).",
    ),
    ("parts_do_not_sum", "Tổng số 2.150 người: có mặt 1.424 người, vắng mặt 762 người."),
    (
        "parts_do_not_sum",
        "Thôn A 1.120 người, thôn B 2.096 người, thôn C 1.084 người, tổng cộng 4.200 người.",
    ),
    ("part_exceeds_whole", "Toàn xã có 1.491 tài khoản mức 1, trong đó đã kích hoạt 1.782 tài khoản."),
    ("part_exceeds_whole", "Đã có 5.311/3.986 người được cấp chữ ký số."),
    (
        "part_added_to_whole",
        "Toàn xã có 500 tài khoản định danh, trong đó đã kích hoạt 320 tài khoản; tổng cộng 820 tài khoản.",
    ),
    (
        "denominators_differ",
        "Xã Hòa Lộc đã cấp 3.273/5.311 tài khoản định danh; chữ ký số 1.601/3.986 người; tài khoản ngân hàng 2.990/3.986 người.",
    ),
    ("remainder_mismatch", "Đã cấp 1.674/2.002 tài khoản; số còn lại 355 người chưa thực hiện."),
    ("remainder_mismatch", "Đã cấp 1.674/2.002 tài khoản; còn lại 355/2.002 người chưa thực hiện."),
    (
        "parts_do_not_sum",
        "Bộ phận một cửa có 1.195 hồ sơ trực tuyến và 274 hồ sơ trực tiếp trong tổng số 1.442 hồ sơ tiếp nhận.",
    ),
    (
        "parts_do_not_sum",
        "Tổng số 1.442 hồ sơ, trong đó 1.195 hồ sơ trực tuyến, chiếm 82,9%; 274 hồ sơ trực tiếp.",
    ),
    (
        "parts_do_not_sum",
        "Năm 2024 tiếp nhận 1.442 hồ sơ; đã giải quyết 1.430 hồ sơ, còn 21 hồ sơ đang giải quyết.",
    ),
    ("parts_do_not_sum", "nam 120 người, nữ 130 người, tổng cộng 205 người"),
    ("percent_mismatch", "Số tài khoản đã kích hoạt là 1.491/1.782 tài khoản = 83,76%."),
    ("percent_mismatch", "Toàn xã đạt 92,1% (4.795/5.502 người)."),
    ("percent_mismatch", "Xã có 215 hộ kinh doanh, trong đó 187 hộ có mã QR (chiếm 89,6%)."),
    (
        "percent_mismatch",
        "tổng số 5.205 người, trong đó có 4.795 người đã có tài khoản định danh, chiếm tỷ lệ 91,2%",
    ),
    (
        "parts_do_not_sum",
        "Trong 6 tháng, đã tiếp nhận 2.434 hồ sơ TTHC. Trong đó, đã giải quyết xong 1.403 hồ sơ; đang trong thời hạn giải quyết 31 hồ sơ.",
    ),
    ("parts_do_not_sum", "Tiếp nhận: 2.434 hồ sơ, giải quyết xong: 1.403 hồ sơ, đang giải quyết: 31 hồ sơ."),
    ("parts_do_not_sum", "Tổng số hồ sơ tiếp nhận 2.434, đã giải quyết 1.403, đang giải quyết 31."),
    ("part_exceeds_whole", "Có 1.245 người được tập huấn, trong đó nữ 1.452 người."),
    ("part_exceeds_whole", "Tổng số 985 hồ sơ, trong đó hồ sơ trực tuyến 1.195 hồ sơ."),
    (
        "part_added_to_whole",
        "Tổng số: 3.273 tài khoản. Trong đó mức 1 đã cài đặt 1.782, trong đó đã kích hoạt 1.491.",
    ),
    (
        "part_added_to_whole",
        "Mức 1 cài đặt 1.782 tài khoản, trong đó kích hoạt 1.491 tài khoản. Như vậy toàn xã đạt 3.273 tài khoản.",
    ),
    (
        "percent_mismatch",
        "Tỷ lệ đạt: 4.795/5.205 người trưởng thành (đạt 92,1%); 4.575/5.648 người từ 15 tuổi (đạt 84%).",
    ),
    (
        "percent_mismatch",
        "Kết quả 2.660/3.798 thuê bao điện thoại di động thông minh có sử dụng phần mềm an toàn thông tin mạng cơ bản, đạt tỷ lệ 70,2%.",
    ),
    ("percent_truncated", "Toàn xã có 1601/3986 người có chữ ký số (đạt 40,16%)"),
    (
        "remainder_mismatch",
        "Toàn xã đã thu nhận 1.674 hồ sơ định danh điện tử trên tổng số 2.002 người đủ điều kiện. Còn lại 355 người đi làm xa.",
    ),
    ("percent_mismatch", "Tổng số hộ kinh doanh 97 hộ; số hộ có mã QR 85/97 hộ đạt 78,6%."),
]


@pytest.mark.parametrize(("code", "text"), WRONG)
def test_it_reports_what_disagrees(code: str, text: str) -> None:
    assert [one.code for one in read(text).findings] == [code]


def test_it_is_silent_where_the_denominators_say_whom_they_count() -> None:
    text = (
        "Xã Hòa Lộc đã cấp 4.795/5.205 người trưởng thành tài khoản định danh; chữ ký số 1.601/3.986 người."
    )
    assert not read(text).findings


def test_it_is_silent_about_different_denominators_of_different_places() -> None:
    text = "Thôn 1: tài khoản định danh 120/130 người. Thôn 2: chữ ký số 98/115 người."
    assert not read(text).findings


@pytest.mark.parametrize(
    ("percent", "codes"),
    [
        ("61,63%", []),
        ("61,62%", ["percent_truncated"]),
        ("61,6%", []),
        ("62%", []),
        ("61%", ["percent_truncated"]),
        ("61,64%", ["percent_mismatch"]),
    ],
)
def test_it_judges_a_percent_at_its_own_precision(percent: str, codes: list[str]) -> None:
    assert [one.code for one in read(f"Đã cấp 3.273/5.311 chữ ký số, đạt {percent}.").findings] == codes


@pytest.mark.parametrize(
    ("percent", "silent"),
    [("khoảng 60%", True), ("hơn 60%", True), ("gần 62%", True), ("khoảng 75%", False), ("hơn 65%", False)],
)
def test_it_is_tolerant_where_the_text_is_not_exact(percent: str, silent: bool) -> None:
    assert (not read(f"Đã cấp 3.273/5.311 chữ ký số, đạt {percent}.").findings) is silent


def test_it_names_no_culprit_and_offers_every_single_slip() -> None:
    (finding,) = read(
        "Huyện tiếp nhận 2.434 hồ sơ, trong đó đã giải quyết 1.403 hồ sơ; đang giải quyết 31 hồ sơ."
    ).findings
    assert {(int(one.printed), int(one.fits)) for one in finding.repairs} == {(1403, 2403), (2434, 1434)}
    assert "sai" not in finding.message
