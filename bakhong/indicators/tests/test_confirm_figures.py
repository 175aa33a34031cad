import uuid
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.indicators.actions import FigureEntry, TargetEntry, confirm_figures
from bakhong.indicators.models import Figure, Report, Target
from bakhong.indicators.tests.conftest import Clerk
from bakhong.places.models import Unit

pytestmark = pytest.mark.django_db
TEXT = "Toàn xã có 4.795/5.205 người trưởng thành có tài khoản, đạt 92,1%."


@pytest.fixture
def report(ngoc_phung: Unit, make_report: Callable[..., Report]) -> Report:
    return make_report(ngoc_phung, published_on=date(2025, 5, 6), text=TEXT)


def _entry(**fields: Any) -> FigureEntry:
    given = {
        "indicator": "eid_accounts",
        "population": "adults",
        "numerator": 4795,
        "denominator": 5205,
        **fields,
    }
    return FigureEntry(**given)


def _confirm(report: Report, by: Actor, at: datetime, *entries: FigureEntry | TargetEntry) -> Figure:
    return confirm_figures(report=report, entries=entries, by=by, at=at, check=False).figures[0]


def test_it_stores_what_was_printed_and_where(report: Report, actor: Actor, at: datetime) -> None:
    figure = _confirm(report, actor, at, _entry(percent=Decimal("92.1"), start=11, end=22))
    figure.refresh_from_db()
    assert (figure.numerator, figure.denominator, figure.percent, figure.percent_places) == (
        4795,
        5205,
        Decimal("92.1"),
        1,
    )
    assert figure.excerpt == "4.795/5.205"
    assert (figure.unit, figure.definition_version, figure.effective_on) == (report.unit, 1, date(2025, 5, 6))
    assert (figure.entered_by, figure.entered_at) == (actor.id, at)


def test_it_stores_targets_apart(report: Report, actor: Actor, at: datetime) -> None:
    target = TargetEntry("payment_account", date(2024, 12, 31), percent=Decimal(80), population="aged_15_up")
    confirmed = confirm_figures(report=report, entries=[target], by=actor, at=at)
    assert not confirmed.figures
    assert Target.objects.get() == confirmed.targets[0]


def test_it_leaves_a_trace(report: Report, actor: Actor, at: datetime) -> None:
    figure = _confirm(report, actor, at, _entry())
    event = Event.objects.get(deed="indicators.confirm_figures")
    assert event.details["figures"] == [str(figure.uuid)]


def test_it_is_done_once_for_one_key(report: Report, actor: Actor, at: datetime) -> None:
    entry = _entry(key=uuid.uuid4())
    assert _confirm(report, actor, at, entry) == _confirm(report, actor, at, entry)
    assert Figure.objects.count() == 1
    assert Event.objects.filter(deed="indicators.confirm_figures").count() == 1


def test_it_refuses_a_key_of_another_report(
    report: Report, make_report: Callable[..., Report], actor: Actor, at: datetime
) -> None:
    entry = _entry(key=uuid.uuid4())
    _confirm(report, actor, at, entry)
    with pytest.raises(Conflict):
        _confirm(make_report(report.unit), actor, at, entry)


def test_it_asks_for_the_right_at_every_unit(
    report: Report, old_units: Callable[[str], Unit], at: datetime
) -> None:
    clerk = Clerk(frozenset({"figures.confirm"}), frozenset({report.unit_id}))
    assert _confirm(report, clerk, at, _entry())
    with pytest.raises(NotAllowed, match="Định Hưng"):
        _confirm(report, clerk, at, _entry(), _entry(unit=old_units("15472")))
    with pytest.raises(NotAllowed):
        _confirm(report, Clerk(frozenset({"figures.enter"}), frozenset({report.unit_id})), at, _entry())
    assert Figure.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"indicator": "happiness"}, "Không có chỉ tiêu"),
        ({"numerator": None, "denominator": None}, "hãy ghi số đạt được hoặc tỷ lệ"),
        ({"numerator": None}, "có tổng số mà chưa có số đạt được"),
        ({"denominator": 0}, "lớn hơn 0"),
        ({"numerator": -1}, "số nguyên từ 0"),
        ({"numerator": 10**13}, "số nguyên từ 0"),
        ({"percent": Decimal("NaN")}, "không âm"),
        ({"stage": "dreamt"}, "Giai đoạn"),
        ({"stage": "received"}, "không có giai đoạn"),
        ({"population": "cats"}, "Nhóm người"),
        ({"role": "joke"}, "Loại số liệu"),
        ({"start": 0, "end": 4000}, "nằm ngoài văn bản"),
        ({"counted_to": date(2026, 12, 1)}, "chưa tới"),
        ({"counted_to": date(2025, 7, 1)}, "đã sắp xếp lại từ ngày 01/07/2025"),
        ({"counted_from": date(2025, 2, 2), "counted_to": date(2025, 2, 1)}, "sau ngày cuối kỳ"),
    ],
)
def test_it_refuses_nonsense_in_plain_words(
    fields: dict[str, Any], words: str, report: Report, actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal, match=words):
        _confirm(report, actor, at, _entry(**fields))
    assert not Figure.objects.exists()


def test_it_refuses_a_day_before_the_commune_existed(
    new_units: Callable[[str], Unit], make_report: Callable[..., Report], actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal, match="có từ ngày 01/07/2025"):
        _confirm(make_report(new_units("15646")), actor, at, _entry(counted_to=date(2025, 6, 30)))


def test_the_database_refuses_what_the_action_would(report: Report, actor: Actor, at: datetime) -> None:
    """Negative control of the constraints: rows made behind the action's back."""
    figure = _confirm(report, actor, at, _entry())
    for change in (
        {"denominator": 0},
        {"numerator": None},
        {"numerator": -1},
        {"counted_from": date(2025, 1, 2)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Figure.objects.filter(pk=figure.pk).update(**change)
