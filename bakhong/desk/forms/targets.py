"""A target as it is typed, and the parts it is split into. Nothing is stored here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.core.ids import new_uuid
from bakhong.desk.forms.periods import NotANumber, read_count, read_percent
from bakhong.indicators.actions import TargetEntry
from bakhong.indicators.queries.cascades import Share, rule_name
from bakhong.indicators.queries.shapes import UnitRef
from bakhong.indicators.queries.standings import Standing, asks_known
from bakhong.indicators.rules.asks import Ask
from bakhong.indicators.rules.definitions import registry
from bakhong.indicators.rules.measures import measures
from bakhong.places.models import Unit
from bakhong.ui.forms import DayField

_NUMBER = gettext_lazy("Chỉ gõ số, ví dụ 4.795.")


class TargetForm(forms.Form):
    """What is decided: of what, how much, by when. `client_key` makes the form sent twice one decision."""

    rule = forms.ChoiceField(label=gettext_lazy("Chỉ tiêu và cách tính"))
    value = forms.CharField(
        label=gettext_lazy("Phải đạt bao nhiêu (tính cả số đã có)"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    percent = forms.CharField(
        label=gettext_lazy("Hoặc phải đạt bao nhiêu phần trăm"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    by_date = DayField(label=gettext_lazy("Hạn phải đạt"))
    decision = forms.CharField(
        label=gettext_lazy("Số, ngày của quyết định giao"), required=False, max_length=200
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, unit: Unit, on: date, **options: Any) -> None:
        super().__init__(data, **options)
        self.on = on
        field = self.fields["rule"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = rule_choices(unit, on)

    @classmethod
    def blank(cls, *, unit: Unit, on: date) -> "TargetForm":
        return cls(unit=unit, on=on, initial={"client_key": new_uuid(), "by_date": date(on.year, 12, 31)})

    def clean_value(self) -> int | None:
        try:
            return read_count(self.cleaned_data["value"])
        except NotANumber:
            raise ValidationError(_NUMBER) from None

    def clean_percent(self) -> Decimal | None:
        try:
            percent = read_percent(self.cleaned_data["percent"])
        except NotANumber:
            raise ValidationError(_("Chỉ gõ số, ví dụ 80 hoặc 92,5.")) from None
        if percent is not None and percent > 100:
            raise ValidationError(_("Tỷ lệ phải từ 0 đến 100."))
        return percent

    def clean_by_date(self) -> date | None:
        day: date | None = self.cleaned_data["by_date"]
        if day is not None and day < self.on:
            raise ValidationError(_("Hạn phải từ hôm nay trở đi."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        told = [data.get(name) is not None for name in ("value", "percent")]
        if not self.errors and sum(told) != 1:
            self.add_error("value", _("Hãy ghi một trong hai: số phải đạt, hoặc tỷ lệ phần trăm."))
        return data

    @property
    def ask(self) -> Ask:
        return Ask.parse(self.cleaned_data["rule"])

    def entry(self) -> TargetEntry:
        data = self.cleaned_data
        return TargetEntry(
            indicator=self.ask.indicator,
            stage=self.ask.stage,
            population=self.ask.population,
            value=data["value"],
            percent=data["percent"],
            by_date=data["by_date"],
            decision=data["decision"],
            key=data["client_key"],
        )


def rule_choices(unit: Unit, on: date) -> list[tuple[str, str]]:
    """Rules that have figures first, then those the roll can count, then the usual rule of every other indicator."""
    asks = dict.fromkeys(
        ask for ask in [*asks_known(unit, on), *(Ask(*key) for key in measures())] if _may_be_split(ask, on)
    )
    for definition in registry():
        usual = Ask.usual(registry().version(definition.code, on))
        if _may_be_split(usual, on):
            asks[usual] = None
    return [(ask.key, _words(ask)) for ask in asks]


def _may_be_split(ask: Ask, on: date) -> bool:
    return ask.is_known(on) and ask.definition(on).direction == "higher" and not ask.is_percent_only


def _words(ask: Ask) -> str:
    name = rule_name(ask)
    return _("%(title)s, tính trên %(population)s") % {"title": name.title, "population": name.population}


@dataclass(frozen=True)
class PartLine:
    """One unit's part as it stands in the table: what was typed, and what was read from it (None: not a number)."""

    unit: UnitRef
    typed: str
    value: int | None
    standing: Standing | None
    flags: tuple[str, ...]
    error: str = ""

    @property
    def name(self) -> str:
        return f"part-{self.unit.uuid}"

    @property
    def add(self) -> int | None:
        if self.value is None or self.standing is None:
            return None
        return self.value - self.standing.done


def proposed_lines(shares: Sequence[Share]) -> list[PartLine]:
    return [
        PartLine(share.unit, str(share.value), share.value, share.standing, share.flags) for share in shares
    ]


def typed_lines(shares: Sequence[Share], posted: Mapping[str, Any]) -> list[PartLine]:
    """The parts as typed; a unit whose box did not come keeps its proposal. Flags are those of the number typed."""
    lines = []
    for line in proposed_lines(shares):
        typed = str(posted.get(line.name, line.typed))
        value, error = _read(typed)
        over = line.standing is not None and value is not None and value > line.standing.eligible
        flags = tuple(flag for flag in line.flags if flag != "over_eligible")
        lines.append(
            PartLine(
                line.unit,
                typed,
                value,
                line.standing,
                (*flags, "over_eligible") if over else flags,
                error,
            )
        )
    return lines


def _read(typed: str) -> tuple[int | None, str]:
    try:
        value = read_count(typed)
    except NotANumber:
        return None, str(_NUMBER)
    return (
        (value, "") if value is not None else (None, _("Hãy ghi một số; đơn vị không được giao thì ghi 0."))
    )
