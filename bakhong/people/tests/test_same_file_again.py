"""The same file again is answered from memory only while a real run would say the same."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.core.errors import NotAllowed
from bakhong.people.actions import record_fact, taking_in
from bakhong.people.actions.importing import import_list
from bakhong.people.actions.merging import merge_people
from bakhong.people.actions.recording import add_person
from bakhong.people.actions.taking_in import Taken, take_in
from bakhong.people.actions.undoing import undo_import
from bakhong.people.models import Import, Person, Source
from bakhong.people.reading import read_list
from bakhong.people.tests import sheets
from bakhong.places.models import Unit

Send = Callable[..., Taken]


@pytest.fixture
def send(
    thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None, settings: Any, tmp_path: Path
) -> Send:
    settings.DATA = tmp_path

    def sent(data: bytes, *, day: int = 0, by: Actor = actor, **options: Any) -> Taken:
        return take_in(
            content=data,
            filename=options.pop("name", "ds.xlsx"),
            commune=thuong_xuan,
            where="15646",
            by=by,
            at=at + timedelta(days=day),
            **options,
        )

    return sent


def _data(seed: int = 3, size: int = 30, style: str = "capitals") -> bytes:
    return sheets.workbook(seed, sheets.population(seed, size), style).data


def _is_from_memory(taken: Taken) -> bool:
    return taken.residents is None


def _said(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "import_id"}


@pytest.mark.parametrize("style", sheets.STYLES)
def test_it_says_what_a_real_run_says(
    style: str, send: Send, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    data = _data(7, 40, style)
    assert not _is_from_memory(send(data))
    known = send(data)
    assert _is_from_memory(known)
    residents = read_list(data, filename="ds.xlsx", today=day_of(at))
    real = import_list(
        commune=thuong_xuan, residents=residents, file_name="ds.xlsx", content=data, by=actor, at=at
    )
    assert _said(known.outcome.as_json()) == _said(real.as_json())
    assert known.outcome.counts()["unchanged"] == 40
    assert known.columns == taking_in._columns(residents)


def test_it_is_an_import_of_its_own_in_the_list_and_in_the_trail(send: Send) -> None:
    data = _data()
    first, again = send(data), send(data)
    assert _is_from_memory(again)
    assert first.outcome.import_id != again.outcome.import_id
    batch = Import.objects.get(uuid=again.outcome.import_id)
    assert batch.counts["unchanged"] == 30
    event = Event.objects.get(deed="people.import_list", object_id=str(batch.uuid))
    assert event.details["unchanged"] == 30
    trial = send(data, dry_run=True)
    assert trial.outcome.dry_run
    assert not Import.objects.filter(uuid=trial.outcome.import_id).exists()


def _correct(send: Send, actor: Actor, at: datetime, first: Taken) -> None:
    person = Person.objects.order_by("pk")[3]
    record_fact(person=person, values={"note": "x"}, source=Source.OFFICER, by=actor, at=at)


def _undo(send: Send, actor: Actor, at: datetime, first: Taken) -> None:
    undo_import(import_id=first.outcome.import_id, by=actor, at=at)


def _send_another(send: Send, actor: Actor, at: datetime, first: Taken) -> None:
    send(_data(4))


def _merge(send: Send, actor: Actor, at: datetime, first: Taken) -> None:
    one, other = Person.objects.order_by("pk")[:2]
    merge_people(keep=one, double=other, by=actor, at=at)


def _add(send: Send, actor: Actor, at: datetime, first: Taken) -> None:
    village = Person.objects.select_related("village").order_by("pk")[0].village
    add_person(village=village, values={"name": "Lê Thị Mới"}, source=Source.OFFICER, by=actor, at=at)


def _rename(send: Send, actor: Actor, at: datetime, first: Taken) -> None:
    village = Person.objects.select_related("village").order_by("pk")[0].village
    Unit.objects.filter(pk=village.pk).update(full_name="Thôn Khác", name="Khác")


@pytest.mark.parametrize("deed", [_correct, _undo, _send_another, _merge, _add, _rename])
def test_whatever_is_said_since_makes_it_read_again(
    deed: Callable[..., None], send: Send, actor: Actor, at: datetime
) -> None:
    data = _data()
    first = send(data)
    assert _is_from_memory(send(data))  # negative control: without the deed it is known
    deed(send, actor, at, first)
    assert not _is_from_memory(send(data))


def test_after_taking_back_everybody_comes_in_anew(send: Send, actor: Actor, at: datetime) -> None:
    data = _data()
    first = send(data)
    _undo(send, actor, at, first)
    assert send(data).outcome.created == 30


def test_without_the_watermark_it_would_lie(
    send: Send, actor: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the guard itself."""
    monkeypatch.setattr(taking_in, "watermark", lambda area: [])
    data = _data()
    _undo(send, actor, at, send(data))
    assert send(data).outcome.counts()["unchanged"] == 30


def test_another_day_choice_name_or_person_is_read_again(send: Send) -> None:
    data = _data()
    send(data)
    assert not _is_from_memory(send(data, day=1))
    assert not _is_from_memory(send(data, name="khac.xlsx"))
    assert not _is_from_memory(send(data, meanings={"Đã KH": True}))
    assert not _is_from_memory(send(data, by=OPERATOR))


def test_rows_that_were_not_taken_in_are_read_again_for_the_workbook_to_mend(send: Send) -> None:
    text = (
        "STT;Họ và tên;Ngày sinh;Số CCCD;Thôn\n1;Lê Văn An;31/02/1990;;Thôn 1\n2;Lê Văn Bình;1990;;Thôn 1\n"
    )
    for _time in range(2):
        taken = send(text.encode(), name="ds.csv")
        assert not _is_from_memory(taken)
        assert taken.outcome.rejected == 1


def test_two_people_a_row_may_mean_are_looked_at_once_more(send: Send) -> None:
    """Two of one name in one village and no number: the first run makes them, only the next is what every later one says."""
    text = "STT;Họ và tên;Ngày sinh;Thôn\n1;Lê Văn An;1990;Thôn 1\n2;Lê Văn An;1990;Thôn 1\n"
    first, second, third = [send(text.encode(), name="ds.csv") for _time in range(3)]
    assert {each.code for each in first.outcome.problems} >= {"maybe_double"}
    assert not _is_from_memory(second)
    assert second.outcome.unchanged == 2
    assert _is_from_memory(third)
    assert _said(third.outcome.as_json()) == _said(second.outcome.as_json())


def test_who_may_not_import_learns_nothing(send: Send, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    data = _data()
    send(data)
    monkeypatch.setattr(type(actor), "may", lambda *given: False)
    with pytest.raises(NotAllowed):
        send(data)


def test_a_list_kept_is_sealed(send: Send, tmp_path: Path) -> None:
    send(_data())
    (kept,) = (tmp_path / "imports").glob("same-*")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert b"Danh" not in kept.read_bytes()
    assert b"watermark" not in kept.read_bytes()
