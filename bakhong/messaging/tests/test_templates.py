"""Whatever is written to people keeps the rules."""

import pytest

from bakhong.messaging.rules.templates import LONGEST, VALUES, fitting, lint, template, templates

ROW = {
    "code": "x",
    "audience": "resident",
    "call": "never",
    "needs": ["code"],
    "subject_vi": "Hồ sơ {code}",
    "body_vi": "Hồ sơ {code} đã có kết quả.",
    "subject_en": "Dossier {code}",
    "body_en": "Dossier {code} is ready.",
}


@pytest.mark.parametrize("code", list(templates()))
def test_every_template_keeps_the_rules(code: str) -> None:
    one = templates()[code]
    assert lint(one) == []
    assert one.audience in {"resident", "staff"}
    assert one.call in {"if_no_mail", "never"}
    longest = {name: "x" * most for name, most in VALUES.items()}
    for lang in ("vi", "en"):
        assert len(one.written(lang, longest)[1]) <= LONGEST
        assert "{" not in "".join(one.written(lang, longest))


@pytest.mark.parametrize(
    "body",
    [
        "Đăng nhập để xem hồ sơ {code}.",
        "Xem tại https://dichvucong.example/ hồ sơ {code}",
        "Xem tại bit.ly/3abc hồ sơ {code}",
        "Xem www.xa hồ sơ {code}",
        "Chuyển khoản 50.000 đ cho hồ sơ {code}",
        "Gửi mã OTP cho hồ sơ {code}",
        "Hồ sơ {code} của số {national_id}",
        "Hồ sơ {code}, {procedure}",
        "Hồ sơ {code}. " + "a" * 300,
    ],
)
def test_the_rules_find_what_must_not_be_written(body: str) -> None:
    """Negative control."""
    assert lint(template(ROW)) == []
    assert lint(template({**ROW, "body_vi": body}))


@pytest.mark.parametrize(
    "name",
    ["Bấm http://x.vn", "a\r\nBcc: x@example.vn", "x" * 500, "\x00", "vneid-gov.top", "Lê\u2028Thị"],
)
def test_a_value_stays_one_short_line_without_a_link(name: str) -> None:
    found = fitting("name", name)
    assert len(found) <= VALUES["name"]
    assert "\n" not in found
    assert "\r" not in found
    assert "://" not in found
    assert ".top" not in found


def test_what_has_no_value_is_left_out() -> None:
    assert (
        templates()["result_ready"]
        .written("vi", {"code": "1"})[1]
        .startswith("Kính gửi ông/bà. Hồ sơ 1 đã có")
    )
