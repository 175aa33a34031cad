"""Columns of services in a list become dated facts about who uses them."""

from datetime import date, datetime

import pytest

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.people.actions.importing import import_list
from bakhong.people.actions.outcomes import Outcome
from bakhong.people.actions.undoing import undo_import
from bakhong.people.models import Adoption, Holding
from bakhong.people.reading import read_list
from bakhong.places.models import Unit

LIST = """Danh sách, số liệu đến ngày 06/05/2025
STT;Họ và tên;Ngày sinh;Thôn;VNeID mức 1;VNeID mức 2 (thu nhận);VNeID mức 2 (kích hoạt);Chữ ký số;Tài khoản ngân hàng;Mã QR
1;Lê Văn An;15/03/1980;Xuân Thành;x;12/01/2025;x;SmartCA;Agribank;x
2;Trần Thị Bé;1985;Xuân Thành;Đã KH;;;chưa;19034567890123;
3;Phạm Thị Cúc;20/10/2015;Xuân Thành;x;;;;;
4;Lê Thị Dung;1990;Xuân Thành;x;;;già yếu;;
"""
AS_OF = date(2025, 5, 6)


@pytest.fixture
def take_in(thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None):  # type: ignore[no-untyped-def]
    def run(text: str = LIST, **more) -> tuple[Outcome, list[str]]:  # type: ignore[no-untyped-def]
        residents = read_list(text.encode(), filename="ds.csv", today=day_of(at), **more)
        outcome = import_list(
            commune=thuong_xuan,
            residents=residents,
            file_name="ds.csv",
            content=text.encode(),
            by=actor,
            at=at,
        )
        return outcome, [each.mark for each in residents.questions]

    return run


def stands(name: str) -> set[tuple[str, str, date | None]]:
    rows = Holding.objects.filter(person__name=name, valid_to=None)
    return set(rows.values_list("service", "state", "valid_from"))


def test_marks_words_days_and_providers(take_in) -> None:  # type: ignore[no-untyped-def]
    outcome, asked = take_in()
    assert (outcome.created, outcome.rejected) == (4, 0)
    assert stands("Lê Văn An") == {
        ("eid_level1", "activated", AS_OF),
        ("eid_level2", "activated", AS_OF),
        ("digital_signature", "activated", AS_OF),
        ("payment_account", "activated", AS_OF),
    }
    registered = Holding.objects.get(person__name="Lê Văn An", state="registered")
    assert (registered.valid_from, registered.valid_to) == (date(2025, 1, 12), AS_OF)
    assert set(Adoption.objects.exclude(provider="").values_list("provider", flat=True)) == {
        "VNPT SmartCA",
        "Agribank",
    }
    assert stands("Trần Thị Bé") == {
        ("digital_signature", "none", AS_OF),
        ("payment_account", "activated", AS_OF),
    }
    assert "19034567890123" not in "".join(map(str, Adoption.objects.values_list()))
    assert Adoption.objects.get(reason="elderly").state == "none"
    assert asked == ["Đã KH"]


def test_an_answer_decides_the_state(take_in) -> None:  # type: ignore[no-untyped-def]
    take_in(meanings={"Đã KH": True})
    assert ("eid_level1", "activated", AS_OF) in stands("Trần Thị Bé")


def test_a_child_is_reported_and_not_counted(take_in) -> None:  # type: ignore[no-untyped-def]
    outcome, _asked = take_in()
    assert stands("Phạm Thị Cúc") == set()
    codes = [each.code for each in outcome.problems]
    assert codes.count("service_too_young") == 1
    assert [each.value for each in outcome.problems if each.code == "column_unused"] == ["Mã QR"]


def test_the_same_file_again_adds_nothing(take_in) -> None:  # type: ignore[no-untyped-def]
    take_in()
    facts = Adoption.objects.count()
    again, _asked = take_in()
    assert (again.created, again.updated, again.unchanged) == (0, 0, 4)
    assert Adoption.objects.count() == facts
    later, _asked = take_in(
        LIST.replace("4;Lê Thị Dung;1990;Xuân Thành;x;;;", "4;Lê Thị Dung;1990;Xuân Thành;x;;x;")
    )
    assert (later.updated, later.unchanged) == (1, 3)  # negative control


def test_undoing_the_import_takes_them_back(take_in, actor: Actor, at: datetime) -> None:  # type: ignore[no-untyped-def]
    outcome, _asked = take_in()
    undo_import(import_id=outcome.import_id, by=actor, at=at)
    assert not Holding.objects.exists()
    again, _asked = take_in()
    assert again.rows == 4
    assert ("eid_level2", "activated", AS_OF) in stands("Lê Văn An")
