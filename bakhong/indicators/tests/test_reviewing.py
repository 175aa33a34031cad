"""Mending while confirming, leaving out, taking up again."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed, NotFound, Refusal
from bakhong.indicators.actions import FigureEntry
from bakhong.indicators.actions.reviewing import confirm_mended, set_aside, take_up
from bakhong.indicators.models import Figure, Finding, Report, SetAside
from bakhong.indicators.tests.conftest import Clerk
from bakhong.places.models import Unit

TEXT = "An toàn thông tin: 2.660/3.798 thuê bao điện thoại thông minh, đạt 70,2%."


@pytest.fixture
def report(make_report: Callable[..., Report], thuong_xuan: Unit) -> Report:
    return make_report(thuong_xuan, text=TEXT, medium="text")


@pytest.fixture
def printed() -> FigureEntry:
    return FigureEntry(
        "basic_security_software",
        2660,
        3798,
        Decimal("70.2"),
        population="smartphone_subscriptions",
        start=19,
        end=len(TEXT) - 1,
        key=uuid.uuid4(),
    )


def test_it_keeps_what_was_printed_and_what_is_right(
    report: Report, printed: FigureEntry, actor: Actor, at: datetime
) -> None:
    mended = replace(printed, denominator=3789, key=uuid.uuid4())
    for _twice in range(2):
        figure = confirm_mended(
            report=report, printed=printed, mended=mended, reason="Đảo chữ số", by=actor, at=at
        )
    assert Figure.objects.count() == 2
    assert figure.corrects is not None
    assert (figure.corrects.denominator, figure.denominator, figure.note) == (3798, 3789, "Đảo chữ số")
    assert not Finding.objects.open().exists()


def test_it_asks_for_the_reason(report: Report, printed: FigureEntry, actor: Actor, at: datetime) -> None:
    with pytest.raises(Refusal, match="lý do"):
        confirm_mended(report=report, printed=printed, mended=printed, reason=" ", by=actor, at=at)
    assert not Figure.objects.exists()


def test_leaving_out_is_remembered_once(report: Report, actor: Actor, at: datetime) -> None:
    key = uuid.uuid4()
    assert set_aside(report=report, key=key, by=actor, at=at) == set_aside(
        report=report, key=key, by=actor, at=at
    )
    take_up(report=report, key=key, by=actor, at=at)
    assert not SetAside.objects.filter(withdrawn_at=None).exists()
    set_aside(report=report, key=key, by=actor, at=at)
    assert SetAside.objects.count() == 2
    deeds = list(Event.objects.filter(deed__endswith="aside").values_list("deed", flat=True))
    assert deeds == ["indicators.set_aside"] * 2


def test_taking_up_what_was_not_left_out(report: Report, actor: Actor, at: datetime) -> None:
    with pytest.raises(NotFound):
        take_up(report=report, key=uuid.uuid4(), by=actor, at=at)


def test_only_who_may_confirm_leaves_out(report: Report, at: datetime) -> None:
    clerk = Clerk(frozenset({"figures.enter"}), frozenset({report.unit_id}))
    with pytest.raises(NotAllowed):
        set_aside(report=report, key=uuid.uuid4(), by=clerk, at=at)
    with pytest.raises(NotAllowed):
        take_up(report=report, key=uuid.uuid4(), by=clerk, at=at)
    assert not SetAside.objects.exists()
