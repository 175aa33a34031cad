"""A messy workbook goes in whole, again without a change, and out again."""

from collections.abc import Callable
from datetime import datetime

import pytest

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.people.actions.importing import import_list
from bakhong.people.actions.outcomes import Outcome
from bakhong.people.actions.undoing import undo_import
from bakhong.people.models import Fact, Household, Person
from bakhong.people.queries.identity import national_id_of
from bakhong.people.reading import NoNames, read_list
from bakhong.people.tests import sheets
from bakhong.places.models import Unit


def take_in(
    data: bytes, commune: Unit, by: Actor, at: datetime, *, name: str = "ds.xlsx", dry_run: bool = False
) -> Outcome:
    residents = read_list(data, filename=name, today=day_of(at))
    return import_list(
        commune=commune, residents=residents, file_name=name, content=data, by=by, at=at, dry_run=dry_run
    )


@pytest.mark.parametrize("style", sheets.STYLES)
def test_it_takes_in_what_a_messy_workbook_says(
    style: str, thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None
) -> None:
    truth = sheets.population(7, 40)
    made = sheets.workbook(7, truth, style)
    outcome = take_in(made.data, thuong_xuan, actor, at)
    assert (outcome.rows, outcome.created, outcome.rejected) == (40, 40, 0)
    assert outcome.as_of == sheets.AS_OF
    people = {national_id_of(each): each for each in Person.objects.select_related("village")}
    for each in truth:
        found = people[each.national_id]
        said = (
            found.name,
            found.sex,
            f"{found.birth_year}-{found.birth_month:02d}-{found.birth_day:02d}",
            found.village.full_name,
        )
        assert said == (each.name, each.sex, each.birth, each.village)
        assert [phone.number for phone in found.phones.all()] == ([each.phone] if each.phone else [])
    assert Household.objects.count() == len({each.household for each in truth})


def test_the_same_file_again_changes_nothing(
    thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None
) -> None:
    data = sheets.workbook(3, sheets.population(3, 30), "two_rows").data
    take_in(data, thuong_xuan, actor, at)
    facts = Fact.objects.count()
    again = take_in(data, thuong_xuan, actor, at)
    assert (again.created, again.updated, again.unchanged, again.duplicates) == (0, 0, 30, 0)
    assert Fact.objects.count() == facts
    assert again.villages == []


def test_another_file_adds_only_what_is_new(
    thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None
) -> None:
    people = sheets.population(3, 30)
    take_in(sheets.workbook(3, people, "capitals").data, thuong_xuan, actor, at)
    moved = [
        people[0].__class__(**{**vars(each), "phone": "0911222333"}) if each is people[0] else each
        for each in people
    ]
    outcome = take_in(sheets.workbook(4, moved, "numbers").data, thuong_xuan, actor, at)
    assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 1, 29)


def test_a_dry_run_leaves_nothing(thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None) -> None:
    data = sheets.workbook(3, sheets.population(3, 20)).data
    events, units = Event.objects.count(), Unit.objects.count()
    outcome = take_in(data, thuong_xuan, actor, at, dry_run=True)
    assert outcome.created == 20
    assert Person.objects.count() == Fact.objects.count() == 0
    assert (Event.objects.count(), Unit.objects.count()) == (events, units)
    assert take_in(data, thuong_xuan, actor, at).counts() == outcome.counts()


def test_a_whole_import_can_be_undone(thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None) -> None:
    people = sheets.population(5, 20)
    take_in(sheets.workbook(5, people[:10]).data, thuong_xuan, actor, at)
    changed = [type(each)(**{**vars(each), "phone": "0911222333"}) for each in people[:10]]
    second = take_in(sheets.workbook(6, changed + people[10:]).data, thuong_xuan, actor, at)
    assert (second.created, second.updated) == (10, 10)
    undone = undo_import(import_id=second.import_id, by=actor, at=at)
    assert (undone["removed"], undone["restored"]) == (10, 10)
    seen = Person.objects.filter(is_known=True)
    assert {national_id_of(each) for each in seen} == {each.national_id for each in people[:10]}
    assert not Person.objects.filter(phones__number="0911222333", phones__is_current=True).exists()
    with pytest.raises(Conflict):
        undo_import(import_id=second.import_id, by=actor, at=at)
    assert take_in(sheets.workbook(6, changed + people[10:]).data, thuong_xuan, actor, at).created == 10


def test_one_event_a_person(thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None) -> None:
    take_in(sheets.workbook(3, sheets.population(3, 25)).data, thuong_xuan, actor, at)
    assert Event.objects.filter(deed="people.import_person").count() == 25
    assert Event.objects.filter(deed="people.import_list").count() == 1


def test_rows_are_rejected_whole_and_named_by_their_cell(
    thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None
) -> None:
    text = (
        "STT;Họ và tên;Ngày sinh;Số CCCD;Thôn\n"
        "1;Lê Văn An;31/02/1990;;Thôn 1\n"
        "2;Lê Văn Bình;1990;0381900123456;Thôn 1\n"
        "3;;1990;038090012345;Thôn 1\n"
        "4;Lê Văn Dũng;01/01/2099;;Thôn 1\n"
        "5;Lê Văn Giang;1906;038006012345;Thôn 1\n"
        "Tổng cộng;5;;;\n"
    )
    outcome = take_in(text.encode(), thuong_xuan, actor, at, name="ds.csv")
    assert (outcome.rows, outcome.created, outcome.rejected) == (5, 1, 4)
    named = {(each.cell, each.code) for each in outcome.problems}
    assert {
        ("C2", "birth_date_invalid"),
        ("D3", "id_not_12_digits"),
        ("B4", "name_missing"),
        ("C5", "birth_date_future"),
        ("C6", "age_unlikely"),
    } <= named
    # negative control: nobody of the rejected is there
    assert list(Person.objects.values_list("name", flat=True)) == ["Lê Văn Giang"]


def test_the_same_person_twice_in_a_file(
    thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None
) -> None:
    text = (
        "STT\tHọ và tên\tNgày sinh\tSố CCCD\tThôn\tSĐT\n"
        "1\tLê Văn An\t15/3/1990\t038090012345\tThôn 1\t\n"
        "2\tLê Văn An\t1990\t038090012345\tThôn 2\t0912345678\n"
        "3\tTrần Thị Tư\t1990\t038090012345\tThôn 2\t\n"
    )
    outcome = take_in(text.encode(), thuong_xuan, actor, at, name="ds.csv")
    assert (outcome.created, outcome.duplicates) == (2, 1)
    codes = {each.code for each in outcome.problems}
    assert {"met_twice", "village_conflict", "id_shared"} <= codes
    an = Person.objects.get(name="Lê Văn An")
    assert an.village.full_name == "Thôn 1"
    assert an.phones.get().number == "0912345678"
    assert Person.objects.get(name="Trần Thị Tư").national_id is None


def test_two_files_of_former_communes_meet_in_one_person(
    thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None
) -> None:
    truth = sheets.population(9, 10, ("Thôn 1",))
    take_in(sheets.workbook(9, truth).data, thuong_xuan, actor, at)
    moved = [type(each)(**{**vars(each), "village": "Thôn 9"}) for each in truth[:1]]
    outcome = take_in(sheets.workbook(9, moved).data, thuong_xuan, actor, at)
    assert (outcome.created, outcome.updated) == (0, 1)
    assert "village_differs" in {each.code for each in outcome.problems}


def test_a_file_without_names_is_refused(
    thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None
) -> None:
    with pytest.raises(NoNames):
        take_in(b"a;b;c\n1;2;3\n", thuong_xuan, actor, at, name="x.csv")


def test_it_needs_the_permission(
    thuong_xuan: Unit, staff: Callable[[str, Unit], Actor], at: datetime, everybody: None
) -> None:
    with pytest.raises(NotAllowed):
        take_in(
            sheets.workbook(1, sheets.population(1, 5)).data, thuong_xuan, staff("chair", thuong_xuan), at
        )
    assert Person.objects.count() == 0


@pytest.mark.parametrize("block", range(4))
def test_bad_cells_are_all_named(
    block: int, thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None
) -> None:
    found = wanted = 0
    for seed in range(block * 40, block * 40 + 40):
        made = sheets.bad_workbook(seed)
        residents = read_list(made.data, filename="ds.xlsx", today=day_of(at))
        named = {(each.sheet, each.cell, each.code) for each in residents.all_problems}
        wanted += len(made.bad)
        found += len(named & set(made.bad))
        if seed % 10 == 0:
            outcome = take_in(made.data, thuong_xuan, actor, at)
            assert outcome.rows == 10
    assert found / wanted >= 0.99


def test_broken_files_are_refused_and_leave_nothing(
    thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None
) -> None:
    data = sheets.workbook(1, sheets.population(1, 12)).data
    answers = [_answer(sheets.broken(seed, data), thuong_xuan, actor, at) for seed in range(60)]
    refused = [each for each in answers if isinstance(each, str)]
    assert len(refused) > 30
    assert all(refused)


def _answer(data: bytes, commune: Unit, actor: Actor, at: datetime) -> str | Outcome:
    """What was refused, in its sentence; anything else that is raised is a bug."""
    before = Person.objects.count(), Fact.objects.count()
    try:
        return take_in(data, commune, actor, at)
    except Refusal as refusal:
        assert (Person.objects.count(), Fact.objects.count()) == before
        return str(refusal)
