"""A correction or a withdrawal of a figure, as typed."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.numbers import format_day, format_decimal
from bakhong.desk.forms.periods import NotANumber, read_count, read_percent
from bakhong.indicators.actions import FigureEntry
from bakhong.indicators.models import Figure, Qualifier
from bakhong.indicators.queries.rows import rule_of
from bakhong.indicators.queries.words import definition_of, population_name, stage_name
from bakhong.indicators.rules.definitions import registry
from bakhong.ui.forms import DayField


class CountField(forms.CharField):
    """A whole number as people type it: 4795 or 4.795."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "bk-day"})
        super().__init__(required=False, max_length=20, widget=widget, **options)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            return read_count(text)
        except NotANumber as error:
            raise forms.ValidationError(_("Gõ số nguyên như 4795 hoặc 4.795.")) from error


class PercentField(forms.CharField):
    """A percentage as printed: 92,1."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "bk-day"})
        super().__init__(required=False, max_length=12, widget=widget, **options)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        try:
            return read_percent(text)
        except NotANumber as error:
            raise forms.ValidationError(_("Gõ tỷ lệ như 92,1.")) from error


class CorrectionForm(forms.Form):
    """What the figure should say, and why. Without a change it is refused."""

    numerator = CountField(label=_("Số đạt được"))
    denominator = CountField(label=_("Tổng số"))
    percent = PercentField(label=_("Tỷ lệ in trong nguồn (%)"))
    qualifier = forms.ChoiceField(
        label=_("Từ chỉ mức độ"), required=False, choices=[("", _("đúng bằng")), *Qualifier.choices]
    )
    stage = forms.ChoiceField(label=_("Giai đoạn"), required=False)
    population = forms.ChoiceField(label=_("Tính trên ai"), required=False)
    counted_to = DayField(label=_("Số liệu đến ngày"), required=False)
    reason = forms.CharField(
        label=_("Vì sao sửa"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Người xem sau này đọc được lý do này trong lịch sử."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    marks_optional = False

    def __init__(self, data: Any = None, *, figure: Figure) -> None:
        self.figure = figure
        super().__init__(data, initial={**typed(figure), "key": new_uuid()})
        definition = definition_of(rule_of(figure))
        stages = [(code, stage_name(code)) for code in definition.stages]
        known = {each.key: each for each in definition.populations}
        if figure.population and figure.population not in known:
            known[figure.population] = registry().populations[figure.population]
        populations = [(key, population_name(key)) for key in known]
        self._choose("stage", [("", _("nguồn không nói")), *stages])
        self._choose("population", [("", _("nguồn không nói")), *populations])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        old = typed(self.figure)
        is_same = all(_as_typed(data.get(name)) == old[name] for name in old if name != "counted_to")
        if not self.errors and is_same and data.get("counted_to") in (None, self.figure.counted_to):
            raise forms.ValidationError(_("Chưa có gì thay đổi. Hãy sửa ít nhất một ô."))
        return data

    def entry(self) -> FigureEntry:
        """The new figure; what the form does not ask stays as it was."""
        data, old = self.cleaned_data, self.figure
        key: UUID = data["key"]
        entry = FigureEntry(
            indicator=old.indicator,
            numerator=data["numerator"],
            denominator=data["denominator"],
            percent=data["percent"],
            stage=data["stage"],
            population=data["population"],
            population_text=old.population_text,
            role=old.role,
            qualifier=data["qualifier"],
            scope=old.scope,
            unit=old.unit,
            key=key,
        )
        if data["percent"] is not None and data["percent"] == old.percent:
            entry = replace(entry, percent_places=old.percent_places)
        if data["counted_to"] is None or data["counted_to"] == old.counted_to:
            return replace(entry, counted_from=old.counted_from, counted_to=old.counted_to)
        return replace(entry, counted_from=data["counted_to"], counted_to=data["counted_to"])


class ReasonForm(forms.Form):
    """Why a figure is withdrawn."""

    reason = forms.CharField(
        label=_("Vì sao rút số liệu này"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Người xem sau này đọc được lý do này trong lịch sử."),
    )
    marks_optional = False


def typed(figure: Figure) -> dict[str, str]:
    """A figure as it would be typed into the form."""
    return {
        "numerator": _as_typed(figure.numerator),
        "denominator": _as_typed(figure.denominator),
        "percent": _as_typed(figure.percent),
        "qualifier": figure.qualifier,
        "stage": figure.stage,
        "population": figure.population,
        "counted_to": format_day(figure.counted_to) if figure.counted_to else "",
    }


def _as_typed(value: Any) -> str:
    if value is None:
        return ""
    return format_decimal(value) if isinstance(value, Decimal) else str(value)
