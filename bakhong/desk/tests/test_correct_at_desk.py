"""A filled in value that is wrong is reported from the desk, and what nobody could be told of is said."""

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.casework import MARRIAGE, UNKNOWN, Enter, at, opened, stored, text
from bakhong.dossiers.models import Dossier
from bakhong.eforms.models import Answer
from bakhong.people import scope
from bakhong.people.models import CorrectionRequest, Person
from bakhong.places.models import Unit

pytestmark = pytest.mark.usefixtures("shipped_forms")


def correct_url(address: str, path: str) -> str:
    return f"{address}sai/{path}/"


def test_a_locked_value_is_reported_and_stays(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    assert correct_url(address, "birth") in text(officer.get(address))
    page = text(officer.get(correct_url(address, "birth")))
    assert "15/03/1990" in page
    sent = {"right-birth_0": "16", "right-birth_1": "3", "right-birth_2": "1990", "right-birth": "16/03/1990"}
    answer = officer.post(correct_url(address, "birth"), {**sent, "reason": "Giấy khai sinh"})
    assert answer.status_code == 302, text(answer)
    asked = stored(CorrectionRequest)
    assert [(each.key, each.reason) for each in asked] == [("person.birth", "Giấy khai sinh")]
    with scope.seeing(OPERATOR):
        row = Answer.objects.get(path="birth")
    assert (row.value, row.is_corrected) == ("1990-03-15", True)
    assert "đã báo sửa" in text(officer.get(address))


def test_a_choice_has_its_own_boxes(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    assert 'value="male"' in text(officer.get(correct_url(address, "sex")))
    answer = officer.post(correct_url(address, "sex"), {"right-sex": "male", "reason": "Thẻ ghi nam"})
    assert answer.status_code == 302, text(answer)
    assert [each.key for each in stored(CorrectionRequest)] == ["person.sex"]


@pytest.mark.parametrize(
    "sent", [{}, {"right-sex": "male"}, {"right-sex": "x", "reason": "y"}, {"reason": "y"}]
)
def test_what_is_missing_is_told(
    sent: dict[str, str], officer: Client, lady: Person, thuong_xuan: Unit
) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    answer = officer.post(correct_url(address, "sex"), sent)
    assert answer.status_code == 422
    assert stored(CorrectionRequest) == []


@pytest.mark.parametrize("path", ["purpose", "nothing", "full_name%00"])
def test_what_was_not_filled_in_has_no_such_page(
    path: str, officer: Client, lady: Person, thuong_xuan: Unit
) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    assert officer.get(correct_url(address, path)).status_code == 404


def test_numbers_stay_masked(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    assert "038190001234" not in text(officer.get(correct_url(address, "national_id")))


def test_of_another_commune_there_is_none(
    officer: Client, enter: Enter, lady: Person, thuong_xuan: Unit, other_commune: Unit
) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    draft = address.rstrip("/").split("/")[-1]
    there = reverse("desk:filling_correct", args=[other_commune.uuid, MARRIAGE, draft, "sex"])
    assert enter("one_stop_officer", other_commune).get(there).status_code == 404


def test_the_officer_sees_what_nobody_was_told(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    with scope.seeing(OPERATOR):
        Answer.objects.filter(path="sex").update(is_corrected=True)
    officer.post(correct_url(address, "birth"), {"right-birth": "16/03/1990", "reason": "Giấy khai sinh"})
    officer.post(address, {**UNKNOWN, "deed": "receive", "result_mode": "desk"})
    found = stored(Dossier)[0]
    assert text(officer.get(at("dossier", found))).count("chưa báo được") == 1  # the birth was told
    assert "chưa báo được" in text(officer.get(at("dossier", found)))
