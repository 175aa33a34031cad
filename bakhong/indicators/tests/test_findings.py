from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, NotFound, Refusal
from bakhong.indicators.actions import (
    FigureEntry,
    answer_finding,
    check_report,
    check_unit,
    confirm_figures,
    correct_figure,
    retract_figure,
    withdraw_answer,
)
from bakhong.indicators.models import Figure, Finding, FindingAnswer, Report
from bakhong.indicators.queries import dashboard, findings, report_detail
from bakhong.indicators.tests.conftest import Clerk
from bakhong.places.models import Unit

pytestmark = pytest.mark.django_db
DAY = date(2025, 5, 6)
TEXT = "Toàn xã có 2.660/3.798 thuê bao điện thoại thông minh cài phần mềm an toàn thông tin mạng cơ bản, đạt 70,2%."
ENTRY = FigureEntry(
    "basic_security_software",
    numerator=2660,
    denominator=3798,
    percent=Decimal("70.2"),
    population="smartphone_subscriptions",
    start=TEXT.index("2.660"),
    end=len(TEXT) - 1,
)


@pytest.fixture
def report(ngoc_phung: Unit, make_report: Callable[..., Report]) -> Report:
    return make_report(ngoc_phung, medium="text", text=TEXT, published_on=DAY)


@pytest.fixture
def figure(report: Report, actor: Actor, at: datetime) -> Figure:
    return confirm_figures(report=report, entries=[ENTRY], by=actor, at=at).figures[0]


@pytest.fixture
def finding(figure: Figure) -> Finding:
    return Finding.objects.get()


def test_confirming_runs_the_checks(finding: Finding, figure: Figure) -> None:
    assert (finding.code, finding.severity, finding.expected, finding.found) == (
        "percent_mismatch",
        "error",
        "70.04",
        "70.2",
    )
    assert list(finding.figures.all()) == [figure]
    assert finding.unit == figure.unit


def test_the_text_and_the_numbers_are_one_finding(
    finding: Finding, report: Report, actor: Actor, at: datetime
) -> None:
    """Found by the reader in the prose and by the check on numbers; checked again, it is not stored again."""
    assert not check_report(report=report, by=actor, at=at).new
    assert Finding.objects.count() == 1
    assert not check_unit(unit=report.unit, by=actor, at=at).new


def test_the_database_stores_a_finding_once(finding: Finding) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(
            key=finding.key, code="x", severity="error", unit=finding.unit, found_at=finding.found_at
        )


def test_what_the_clerk_did_not_confirm_is_not_held_against_the_report(
    report: Report, actor: Actor, at: datetime
) -> None:
    right = FigureEntry("basic_security_software", numerator=2660, denominator=3798, percent=Decimal("70.04"))
    confirm_figures(report=report, entries=[right], by=actor, at=at)
    assert not Finding.objects.exists()


def test_correcting_closes_the_finding(finding: Finding, figure: Figure, actor: Actor, at: datetime) -> None:
    right = FigureEntry("basic_security_software", numerator=2666, denominator=3798, percent=Decimal("70.2"))
    correct_figure(figure=figure, entry=right, reason="Sổ theo dõi ghi 2.666", by=actor, at=at)
    assert not Finding.objects.open().exists()
    assert Finding.objects.count() == 1


def test_correcting_to_another_error_finds_it(
    finding: Finding, figure: Figure, actor: Actor, at: datetime
) -> None:
    wrong = FigureEntry("basic_security_software", numerator=2000, denominator=3798, percent=Decimal("70.2"))
    new = correct_figure(figure=figure, entry=wrong, reason="Thử", by=actor, at=at)
    assert [list(each.figures.all()) for each in Finding.objects.open()] == [[new]]


def test_an_answer_closes_it_and_taking_it_back_opens_it(
    finding: Finding, actor: Actor, at: datetime
) -> None:
    answer_finding(finding=finding, kind="as_printed", text="Báo in như vậy", by=actor, at=at)
    assert not Finding.objects.open().exists()
    (row,) = findings([finding.unit_id], open_only=False)
    assert row.answer is not None
    assert (row.is_open, row.answer.kind, row.answer.text, row.answer.by) == (
        False,
        "as_printed",
        "Báo in như vậy",
        "test",
    )
    withdraw_answer(finding=finding, by=actor, at=at)
    assert Finding.objects.open().count() == 1
    assert FindingAnswer.objects.count() == 1
    assert {event.deed for event in Event.objects.filter(object_kind="finding")} == {
        "indicators.answer_finding",
        "indicators.withdraw_answer",
    }


def test_it_is_answered_once(finding: Finding, actor: Actor, at: datetime) -> None:
    answer_finding(finding=finding, kind="false_alarm", text="", by=actor, at=at)
    with pytest.raises(Conflict, match="đã có người trả lời"):
        answer_finding(finding=finding, kind="as_printed", text="", by=actor, at=at)


@pytest.mark.parametrize(
    ("kind", "text", "words"), [("maybe", "", "chọn một cách"), ("explained", " ", "lý do")]
)
def test_it_refuses_half_an_answer(
    kind: str, text: str, words: str, finding: Finding, actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal, match=words):
        answer_finding(finding=finding, kind=kind, text=text, by=actor, at=at)


def test_only_who_may_answers(finding: Finding, old_units: Callable[[str], Unit], at: datetime) -> None:
    for clerk in (
        Clerk(frozenset({"figures.answer_finding"}), frozenset({old_units("15472").pk})),
        Clerk(frozenset({"figures.view"}), frozenset({finding.unit_id})),
    ):
        with pytest.raises(NotAllowed):
            answer_finding(finding=finding, kind="false_alarm", text="", by=clerk, at=at)


def test_nothing_to_take_back(finding: Finding, actor: Actor, at: datetime) -> None:
    with pytest.raises(NotFound):
        withdraw_answer(finding=finding, by=actor, at=at)


class TestAcrossReports:
    def test_another_report_of_the_same_day_says_otherwise(
        self, ngoc_phung: Unit, put: Callable[..., Figure], actor: Actor, at: datetime
    ) -> None:
        first, second = put(ngoc_phung, 4795, 5205, DAY), put(ngoc_phung, 4100, 5205, DAY)
        (found,) = check_report(report=second.report, by=actor, at=at).new
        assert (found.code, found.severity) == ("contradicts_earlier", "warning")
        assert set(found.figures.all()) == {first, second}
        assert "4.795/5.205" in found.message
        assert "4,795/5,205" in found.message_en
        assert not check_report(report=first.report, by=actor, at=at).new

    def test_different_wholes_are_explained(
        self, ngoc_phung: Unit, put: Callable[..., Figure], actor: Actor, at: datetime
    ) -> None:
        put(ngoc_phung, 4795, 5205, DAY)
        second = put(ngoc_phung, 4795, 5648, DAY)
        (found,) = check_report(report=second.report, by=actor, at=at).new
        assert "Tổng số cũng khác (5.205 – 5.648)" in found.message

    @pytest.mark.parametrize(
        "fields",
        [
            {"population": "aged_15_up", "denominator": 5648},
            {"stage": "registered"},
            {"counted_to": date(2025, 5, 7)},
            {"counted_to": None},
            {"counted_to": None, "published_on": DAY},
            {"scope": "2 thôn"},
            {"role": "before"},
            {"numerator": 4795},
            {"indicator": "payment_account"},
        ],
    )
    def test_it_is_silent_where_both_can_be_right(
        self,
        fields: dict[str, object],
        ngoc_phung: Unit,
        put: Callable[..., Figure],
        actor: Actor,
        at: datetime,
    ) -> None:
        put(ngoc_phung, 4795, 5205, DAY)
        given = {"numerator": 4100, "denominator": 5205, "on": DAY, **fields}
        day = given.pop("counted_to", given.pop("on"))
        given.pop("on", None)
        second = put(ngoc_phung, given.pop("numerator"), given.pop("denominator"), day, **given)
        assert not check_report(report=second.report, by=actor, at=at).new

    def test_retracting_one_side_closes_it(
        self, ngoc_phung: Unit, put: Callable[..., Figure], actor: Actor, at: datetime
    ) -> None:
        first, second = put(ngoc_phung, 4795, 5205, DAY), put(ngoc_phung, 4100, 5205, DAY)
        check_report(report=second.report, by=actor, at=at)
        retract_figure(figure=first, reason="Nhầm", by=actor, at=at)
        assert not Finding.objects.open().exists()


def test_the_screens_show_it(finding: Finding, figure: Figure, report: Report) -> None:
    board = dashboard(report.unit, on=date(2025, 5, 16))
    (series,) = next(row.series for row in board.rows if row.code == "basic_security_software")
    assert (board.findings.errors, series.findings.errors) == (1, 1)
    detail = report_detail(report)
    (span,) = detail.spans
    assert (span.start, span.end, span.is_error) == (figure.start, figure.end, True)
    assert detail.text[span.start : span.end].startswith("2.660/3.798")
    with translation.override("en"):
        (row,) = findings([report.unit_id], severity="error")
        assert row.message == finding.message_en
    assert findings([report.unit_id], severity="warning") == ()


BOTH = "Toàn xã có 600/750 nam, 700/800 nữ đã được cấp tài khoản định danh điện tử, đạt 83,87%."


def of_both(**more: int) -> FigureEntry:
    return FigureEntry("eid_accounts", numerator=700, denominator=800, percent=Decimal("83.87"), **more)


def test_what_the_reader_understood_is_not_contradicted_by_numbers_alone(
    ngoc_phung: Unit, make_report: Callable[..., Report], actor: Actor, at: datetime
) -> None:
    report = make_report(ngoc_phung, medium="text", text=BOTH, published_on=DAY)
    entry = of_both(start=BOTH.index("700"), end=len(BOTH) - 1)
    confirm_figures(report=report, entries=[entry], by=actor, at=at)
    assert not Finding.objects.exists()


def test_the_same_numbers_without_their_text_are_found(
    ngoc_phung: Unit, make_report: Callable[..., Report], actor: Actor, at: datetime
) -> None:
    """Negative control."""
    report = make_report(ngoc_phung, medium="text", text=BOTH, published_on=DAY)
    confirm_figures(report=report, entries=[of_both()], by=actor, at=at)
    assert [each.code for each in Finding.objects.all()] == ["percent_mismatch"]


def test_numbers_without_prose_come_with_the_smallest_repairs(
    ngoc_phung: Unit, make_report: Callable[..., Report], actor: Actor, at: datetime
) -> None:
    entry = replace(ENTRY, start=None, end=None)
    confirm_figures(report=make_report(ngoc_phung), entries=[entry], by=actor, at=at)
    (finding,) = Finding.objects.all()
    assert "3.798 → 3.789" in finding.repairs
    assert "3.789 thay vì 3.798" in finding.message


def test_a_sum_stays_found_though_one_part_has_no_indicator(
    ngoc_phung: Unit, make_report: Callable[..., Report], actor: Actor, at: datetime
) -> None:
    text = "Năm 2024 tiếp nhận 1.200 hồ sơ, trong đó trực tuyến 1.080 hồ sơ, trực tiếp 130 hồ sơ."
    report = make_report(ngoc_phung, medium="text", text=text, published_on=DAY)
    whole = FigureEntry(
        "dossiers_received",
        numerator=1200,
        stage="received",
        start=text.index("1.200"),
        end=text.index("1.200") + 5,
    )
    confirm_figures(report=report, entries=[whole], by=actor, at=at)
    assert (
        not Finding.objects.open().exists()
    )  # the online part may still be corrected: nothing is held against it
    online = replace(
        whole,
        indicator="dossiers_online",
        numerator=1080,
        start=text.index("1.080"),
        end=text.index("1.080") + 5,
    )
    confirm_figures(report=report, entries=[online], by=actor, at=at)
    assert [each.code for each in Finding.objects.open()] == ["parts_do_not_sum"]
