"""Forms look right and are accessible by themselves; days are read as people type them."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.template import Context, Template

from bakhong.ui.forms import DayField, PartialDay, PartialDayField
from bakhong.ui.samples import SampleForm


def _render(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_every_control_has_a_label_and_its_class() -> None:
    html = str(SampleForm())
    for name in ("name", "phone", "born", "village", "note", "picture", "agrees"):
        assert f'for="id_{name}"' in html
    assert html.count("<legend") == 2
    for kind in (
        "govuk-input",
        "govuk-select",
        "govuk-textarea",
        "govuk-radios__input",
        "govuk-checkboxes__input",
    ):
        assert kind in html


def test_an_error_is_tied_to_its_control() -> None:
    html = str(SampleForm({"name": ""}))
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_the_summary_leads_to_every_wrong_control() -> None:
    form = SampleForm({"name": "A", "born": "31/02/1990"})
    html = _render("{% error_summary form %}", form=form)
    assert 'href="#id_born"' in html
    assert 'href="#id_way_0"' in html  # a group of radios: its first
    assert 'id="id_way_0"' in str(form)
    assert "Số điện thoại:" in html
    assert 'href="#id_name"' not in html


def test_the_summary_is_silent_when_nothing_is_wrong() -> None:
    assert _render("{% error_summary form %}", form=SampleForm()).strip() == ""


def test_general_errors_are_shown_once_in_the_summary_and_once_in_the_form() -> None:
    form = SampleForm({})
    form.full_clean()
    form.add_error(None, "Hai số không khớp.")
    assert "Hai số không khớp." in _render("{% error_summary form %}", form=form)
    assert "Hai số không khớp." in str(form)


def test_what_was_typed_is_escaped() -> None:
    html = str(SampleForm({"name": '"><script>', "note": "</textarea><script>"}))
    assert "<script>" not in html


def test_optional_fields_say_so_unless_the_form_says_not() -> None:
    assert "(không bắt buộc)" in str(SampleForm())

    class Filter(SampleForm):
        marks_optional = False

    assert "(không bắt buộc)" not in str(Filter())


class Days(forms.Form):
    whole = DayField(required=False)
    part = PartialDayField(required=False)


@pytest.mark.parametrize("text", ["06/05/2025", "6/5/2025", "06052025", "2025-05-06", " 6.5.2025 "])
def test_it_reads_a_day(text: str) -> None:
    form = Days({"whole": text})
    assert form.is_valid()
    assert form.cleaned_data["whole"] == date(2025, 5, 6)


@pytest.mark.parametrize("text", ["31/02/2025", "mai", "2025", "0/1/2025", "\x00", "9" * 5000])
def test_it_refuses_what_is_no_day(text: str) -> None:
    form = Days({"whole": text})
    assert "ví dụ 06/05/2025" in str(form.errors["whole"]) or "Null" in str(form.errors["whole"])


@pytest.mark.parametrize(
    ("text", "day"),
    [("1941", PartialDay(1941)), ("3/1941", PartialDay(1941, 3)), ("01/03/1941", PartialDay(1941, 3, 1))],
)
def test_it_reads_a_part_of_a_day(text: str, day: PartialDay) -> None:
    form = Days({"part": text})
    assert form.is_valid()
    assert form.cleaned_data["part"] == day


@pytest.mark.parametrize(
    "text", ["13/1941", "0000", "41", "1/1/41", "1941a", "1899", "1/1/1899", "2100", "9999"]
)
def test_it_refuses_what_is_no_part_of_a_day(text: str) -> None:
    assert "part" in Days({"part": text}).errors


def test_a_day_is_shown_as_it_is_typed() -> None:
    assert 'value="06/05/2025"' in str(Days(initial={"whole": date(2025, 5, 6)}))
    assert 'value="03/1941"' in str(Days(initial={"part": PartialDay(1941, 3)}))
