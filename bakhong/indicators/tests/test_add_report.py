import unicodedata
import uuid
from collections.abc import Callable
from datetime import date, datetime

import pytest

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.indicators.actions import add_report
from bakhong.indicators.models import Report
from bakhong.indicators.tests.conftest import Clerk
from bakhong.places.models import Unit

pytestmark = pytest.mark.django_db
KEY = uuid.UUID("018f0000-0000-7000-8000-000000000001")


def _add(unit: Unit, by: Actor, at: datetime, **fields: object) -> Report:
    given = {"title": "Báo cáo tháng 5", "medium": "text", "text": "Đạt 92,1%.", "client_key": KEY, **fields}
    return add_report(unit=unit, by=by, at=at, **given)  # type: ignore[arg-type]


def test_it_keeps_the_text_composed(ngoc_phung: Unit, actor: Actor, at: datetime) -> None:
    text = unicodedata.normalize("NFD", "Tỷ lệ đạt 92,1%")
    report = _add(ngoc_phung, actor, at, text=text)
    assert report.text == "Tỷ lệ đạt 92,1%" != text


def test_it_leaves_a_trace_without_the_text(ngoc_phung: Unit, actor: Actor, at: datetime) -> None:
    report = _add(ngoc_phung, actor, at)
    event = Event.objects.get(deed="indicators.add_report")
    assert (event.actor_id, event.object_id, event.place_id) == (actor.id, str(report.uuid), ngoc_phung.pk)
    assert "92,1" not in str(event.details)


def test_it_is_done_once_for_one_key(ngoc_phung: Unit, actor: Actor, at: datetime) -> None:
    first = _add(ngoc_phung, actor, at)
    again = _add(ngoc_phung, actor, at, text="Một văn bản khác")
    assert again == first
    assert again.text == "Đạt 92,1%."
    assert Event.objects.filter(deed="indicators.add_report").count() == 1


def test_it_refuses_a_key_of_another_unit(
    ngoc_phung: Unit, old_units: Callable[[str], Unit], actor: Actor, at: datetime
) -> None:
    _add(ngoc_phung, actor, at)
    with pytest.raises(Conflict):
        _add(old_units("15472"), actor, at)


def test_it_refuses_who_may_not_there(
    ngoc_phung: Unit, old_units: Callable[[str], Unit], at: datetime
) -> None:
    elsewhere = Clerk(frozenset({"figures.enter"}), frozenset({old_units("15472").pk}))
    with pytest.raises(NotAllowed, match="Ngọc Phụng"):
        _add(ngoc_phung, elsewhere, at)
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "  \n\x00"}, "không có chữ nào"),
        ({"text": "a" * 500_001}, "dài 500.001 ký tự"),
        ({"title": " "}, "đặt tên"),
        ({"title": "x" * 301}, "dài quá 300"),
        ({"published_on": date(2026, 11, 23)}, "chưa tới"),
        ({"medium": "fax"}, "không có trong danh mục"),
    ],
)
def test_it_refuses_bad_input_in_plain_words(
    fields: dict[str, object], words: str, ngoc_phung: Unit, actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal, match=words):
        _add(ngoc_phung, actor, at, **fields)
    assert not Report.objects.exists()
