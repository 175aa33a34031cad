"""Generated sentences: correct ones are silent, corrupted ones get the right finding."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bakhong.indicators.rules.reader import read

SUBJECTS = [
    ("chữ ký số cá nhân", "người từ 15 tuổi trở lên", "personal_signature"),
    ("tài khoản định danh điện tử", "người trưởng thành", "eid_accounts"),
    ("tài khoản thanh toán", "công dân từ 15 tuổi", "payment_account"),
    ("phần mềm an toàn thông tin mạng cơ bản", "thuê bao điện thoại thông minh", "basic_security_software"),
]
SHARES = [
    "Toàn xã có {n}/{d} {whom} có {what}, đạt tỷ lệ {p}%.",
    "Tỷ lệ {whom} có {what} là {p}% ({n}/{d}).",
    "{what}: {n}/{d} {whom}, đạt {p}%;",
    "Đến nay, {what} đạt {p} % ({n} trên {d} {whom}).",
    "Trong tổng số {d} {whom} có {n} người được cấp {what}, chiếm {p} phần trăm.",
    "- {what}: {n}/{d}\n(đạt {p}%)",
    "Có {n} người trong tổng số {d} người dùng {what}, đạt {p}%, tăng 3,1% so với cùng kỳ.",
    "Đã có {n}/{d} {whom} ({p}%) có {what}.",
]
FORMATS = [
    lambda n: f"{n:,}".replace(",", "."),
    str,
    lambda n: f"{n:,}".replace(",", " ") if n >= 1000 else str(n),
]

wholes = st.integers(min_value=20, max_value=98_000)
fast = settings(max_examples=200, deadline=None, derandomize=True)


def percent_of(n: int, d: int, places: int) -> Decimal:
    return (Decimal(n) * 100 / Decimal(d)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def vi(number: Decimal) -> str:
    return str(number).replace(".", ",")


@st.composite
def shares(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    d = draw(wholes)
    n = draw(st.integers(min_value=1, max_value=d))
    what, whom, code = draw(st.sampled_from(SUBJECTS))
    write = draw(st.sampled_from(FORMATS))
    places = draw(st.integers(min_value=0, max_value=2))
    fields = {"n": write(n), "d": write(d), "what": what, "whom": whom, "p": vi(percent_of(n, d, places))}
    return draw(st.sampled_from(SHARES)), {**fields, "code": code, "numbers": (n, d, places)}


@given(shares())
@fast
def test_it_is_silent_about_a_correct_share(share: tuple[str, dict[str, object]]) -> None:
    template, fields = share
    reading = read(template.format(**fields))
    assert reading.findings == ()
    n, d, _ = fields["numbers"]
    figure = next(one for one in reading.figures if one.role == "value")
    assert (figure.numerator, figure.denominator, figure.percent is not None) == (n, d, True)


@given(shares(), st.integers(min_value=2, max_value=40), st.booleans())
@fast
def test_it_reports_a_wrong_percent(share: tuple[str, dict[str, object]], steps: int, up: bool) -> None:
    template, fields = share
    n, d, places = fields["numbers"]
    wrong = percent_of(n, d, places) + (steps if up else -steps) * Decimal(1).scaleb(-places)
    assume(0 < wrong <= 100)
    reading = read(template.format(**{**fields, "p": vi(wrong)}))
    assert [one.code for one in reading.findings] == ["percent_mismatch"]
    assert reading.findings[0].found == wrong


@given(wholes, st.data())
@fast
def test_it_checks_what_is_left(d: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(min_value=1, max_value=d - 1))
    off = data.draw(st.integers(min_value=-9, max_value=9).filter(bool))
    text = "Đã cấp chữ ký số cho {n}/{d} người. Số còn lại là {r} người đi làm ăn xa."
    assert read(text.format(n=n, d=d, r=d - n)).findings == ()
    wrong = d - n + off
    assume(wrong > 0 and wrong != n)
    assert [one.code for one in read(text.format(n=n, d=d, r=wrong)).findings] == ["remainder_mismatch"]


PAIRS = [
    "Tiếp nhận {w} hồ sơ, trong đó đã giải quyết {a} hồ sơ, đang giải quyết {b} hồ sơ.",
    "Tiếp nhận {w} hồ sơ (trực tuyến {a}, trực tiếp {b}).",
    "Trực tuyến {a} hồ sơ, trực tiếp {b} hồ sơ; tổng cộng {w} hồ sơ.",
    "Có {w} người dự, gồm nam {a}, nữ {b}.",
    "Hệ thống một cửa điện tử tiếp nhận {w} hồ sơ. Trong đó: một phần {a} hồ sơ; toàn trình {b} hồ sơ.",
    "Tiếp nhận {w} hồ sơ, trong đó:\n- Trực tuyến: {a} hồ sơ;\n- Trực tiếp: {b} hồ sơ.",
    "Tổng số {w} người: có mặt {a} người, vắng mặt {b} người.",
]


@given(
    st.sampled_from(PAIRS),
    st.integers(10, 40_000),
    st.integers(10, 40_000),
    st.integers(1, 900),
    st.booleans(),
)
@fast
def test_it_adds_the_parts(template: str, a: int, b: int, off: int, up: bool) -> None:
    assert read(template.format(w=a + b, a=a, b=b)).findings == ()
    wrong = a + b + (off if up else -off)
    assume(wrong > max(a, b))
    codes = [one.code for one in read(template.format(w=wrong, a=a, b=b)).findings]
    assert codes == ["parts_do_not_sum"]


@given(st.integers(100, 40_000), st.integers(20, 40_000))
@fast
def test_it_notices_a_part_added_to_its_whole(whole: int, part: int) -> None:
    assume(part < whole)
    text = "Toàn xã có {w} tài khoản định danh, trong đó đã kích hoạt {p} tài khoản; tổng cộng {t} tài khoản."
    codes = [one.code for one in read(text.format(w=whole, p=part, t=whole + part)).findings]
    assert codes == ["part_added_to_whole"]
    assert read(text.format(w=whole, p=part, t=whole + part + 7)).findings == ()


@given(st.lists(st.integers(1, 900), min_size=2, max_size=4), st.integers(0, 500))
@fast
def test_it_allows_lists_that_are_not_complete(parts: list[int], rest: int) -> None:
    kinds = ["hộ nghèo", "hộ cận nghèo", "hộ chính sách", "hộ kinh doanh"]
    listed = ", ".join(f"{count} {kind}" for count, kind in zip(parts, kinds, strict=False))
    assert read(f"Toàn xã có {sum(parts) + rest} hộ, trong đó {listed}.").findings == ()


ALPHABET = st.sampled_from(
    ["1", "12", "1.674", "2002", "61,62", "%", "/", " ", "\n", "(", ")", ";", ",", ".", ":", "-", "|", "\t", "người", "hồ sơ", "đạt",
     "trong đó", "còn lại", "tổng", "từ", "lên", "lần lượt", "xã A", "thôn 1", "chữ ký số", "nam", "nữ",
     "ngày", "0", "…", "khoảng", "e\u0301"]
)  # fmt: skip


@given(st.lists(ALPHABET, max_size=60))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_it_survives_any_text_and_keeps_its_offsets(pieces: list[str]) -> None:
    text = " ".join(pieces)
    reading = read(text)
    assert all(text[one.start : one.end] == one.text for one in reading.figures)
    ids = {one.id for one in reading.figures}
    assert all(set(one.figures) <= ids and one.message and one.message_en for one in reading.findings)


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_it_survives_any_characters(text: str) -> None:
    reading = read(text)
    assert all(text[one.start : one.end] == one.text for one in reading.figures)
