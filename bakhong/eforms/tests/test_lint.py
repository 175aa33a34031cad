"""Questions as authors really write them: which known fact each asks for, or none."""

from typing import Any

import pytest

from bakhong.eforms.rules.lint import likely_key, lint
from bakhong.eforms.rules.spec import read_spec
from bakhong.people.rules.dictionary import dictionary

# Labels of paper forms of communes, and what people type in their stead.
ASKED = {
    "Họ và tên": "person.full_name",
    "Họ tên:": "person.full_name",
    "HỌ, CHỮ ĐỆM, TÊN": "person.full_name",
    "Họ, chữ đệm, tên người yêu cầu": "person.full_name",
    "Họ và tên (viết chữ in hoa, đầy đủ)": "person.full_name",
    "Họ tên người làm đơn": "person.full_name",
    "Tôi tên là": "person.full_name",
    "Ngày sinh": "person.birth",
    "Ngày tháng năm sinh": "person.birth",
    "Ngày, tháng, năm sinh": "person.birth",
    "Năm sinh": "person.birth",
    "Sinh năm": "person.birth",
    "Sinh ngày:": "person.birth",
    "Giới tính": "person.sex",
    "Nam/Nữ": "person.sex",
    "Số CCCD": "person.national_id",
    "CCCD/CMND": "person.national_id",
    "Số CMND/CCCD": "person.national_id",
    "Số thẻ căn cước": "person.national_id",
    "Số định danh cá nhân": "person.national_id",
    "Số căn cước công dân (nếu có)": "person.national_id",
    "Giấy tờ tùy thân số": "person.national_id",
    "Ngày cấp": "person.id_issued_on",
    "Ngày cấp CCCD": "person.id_issued_on",
    "Nơi cấp": "person.id_issued_by",
    "Địa chỉ": "person.address",
    "Địa chỉ thường trú": "person.address",
    "Nơi thường trú": "person.address",
    "Hộ khẩu thường trú": "person.address",
    "Nơi cư trú": "person.address",
    "Nơi ở hiện nay": "person.current_address",
    "Chỗ ở hiện tại": "person.current_address",
    "Nơi tạm trú": "person.current_address",
    "Điện thoại": "person.phone",
    "Điện thoại liên hệ": "person.phone",
    "SĐT": "person.phone",
    "Số điện thoại (Zalo)": "person.phone",
    "Email": "person.email",
    "Dân tộc": "person.ethnicity",
    "Tôn giáo": "person.religion",
    "Quốc tịch": "person.nationality",
    "Nghề nghiệp": "person.occupation",
    "Nơi sinh": "person.birth_place",
    "Quê quán": "person.home_town",
    "Nguyên quán": "person.home_town",
    "Họ tên cha": "family.father_name",
    "Họ và tên bố": "family.father_name",
    "Họ tên mẹ": "family.mother_name",
    "Họ tên vợ": "family.spouse_name",
    "Họ và tên vợ/chồng": "family.spouse_name",
    "Ngày sinh của vợ": "family.spouse_birth",
    "Số CCCD của chồng": "family.spouse_national_id",
    "Họ tên chủ hộ": "household.head_name",
    "Chủ hộ": "household.head_name",
    "Số hộ khẩu": "household.code",
    "Tình trạng hôn nhân": "marriage.status",
    "Mã số BHXH": "insurance.social_code",
    "Số thẻ bảo hiểm y tế": "insurance.health_code",
    "Mã thẻ BHYT": "insurance.health_code",
    "Nơi đăng ký khám chữa bệnh ban đầu": "insurance.health_facility",
    "Số sổ đỏ": "land.certificate_no",
    "Số tài khoản": "bank.account",
    "Tại ngân hàng": "bank.bank_name",
    "Dạng khuyết tật": "disability.kind",
    "Mức độ khuyết tật": "disability.level",
    "Hộ nghèo": "poverty.status",
    "Thuộc hộ nghèo hay cận nghèo?": "poverty.status",
    # somebody else's, or what only the applicant knows
    "Họ tên người giám hộ": "",
    "Họ tên con": "",
    "Ngày sinh của con": "",
    "Họ và tên người đã mất": "",
    "Điện thoại của người thân": "",
    "Số CCCD của người được uỷ quyền": "",
    "Họ tên người bảo lãnh": "",
    "Ngày tổ chức": "",
    "Ngày cưới": "",
    "Địa chỉ nơi tổ chức": "",
    "Tên doanh nghiệp": "",
    "Lý do xin cấp": "",
    "Số người tham dự": "",
    "Số lượng bản sao": "",
    "Nghề nghiệp của cha": "",
    "Nội dung yêu cầu": "",
    "Mục đích sử dụng": "",
}  # fmt: skip


@pytest.mark.parametrize(("label", "key"), ASKED.items())
def test_a_label_tells_what_it_asks_for(label: str, key: str) -> None:
    assert likely_key(label, "text", dictionary()) == key


@pytest.mark.parametrize(
    ("label", "kind", "key"),
    [
        ("Số trên thẻ", "national_id", "person.national_id"),
        ("Số của vợ", "national_id", "family.spouse_national_id"),
        ("Số của con", "national_id", ""),
        ("Gọi cho bạn theo số nào?", "phone", "person.phone"),
        ("Số của người đại diện", "phone", ""),
        ("Gọi cho bạn theo số nào?", "text", ""),
    ],
)
def test_so_does_the_kind_of_answer(label: str, kind: str, key: str) -> None:
    assert likely_key(label, kind, dictionary()) == key


def _codes(*questions: dict[str, Any]) -> set[tuple[str, str]]:
    pages = [{"code": "p", "title": "P", "questions": list(questions)}]
    spec = read_spec({"code": "a", "title": "A", "pages": pages})
    return {(each.code, each.place) for each in lint(spec, dictionary())} - {
        (code, place) for code in ("no_english",) for place in ("x", "g", "g.x")
    }


def test_a_household_asked_for_again_is_told_its_rows_are_not() -> None:
    row = {"code": "x", "label": "Họ và tên", "type": "person_name"}
    assert _codes({"code": "g", "label": "Người trong hộ", "questions": [row]}) == {("asks_known_fact", "g")}
    assert _codes({"code": "g", "label": "Các con", "questions": [row]}) == set()


def test_what_needs_words_of_help_is_told() -> None:
    photo: dict[str, Any] = {"code": "x", "label": "Ảnh", "type": "file"}
    coded: dict[str, Any] = {"code": "x", "label": "Mã lô", "type": "text", "rules": {"pattern": "[A-Z]{2}"}}
    for question in (photo, coded):
        assert ("no_help", "x") in _codes(question)
        assert ("no_help", "x") not in _codes(question | {"help": "Chụp cả tờ."})
