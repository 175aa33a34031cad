"""Sources as they are pasted or uploaded, and figures as a clerk confirms or corrects them. Nothing is stored here."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.core.ids import new_uuid
from bakhong.core.numbers import format_day, format_decimal, format_int
from bakhong.desk.forms.periods import NotANumber, read_count, read_percent
from bakhong.desk.nearby import Places
from bakhong.desk.review_items import FIGURE_ROLES, TARGET, Item
from bakhong.indicators.actions.entries import FigureEntry, TargetEntry
from bakhong.indicators.models import Qualifier, Role
from bakhong.indicators.queries.words import is_english
from bakhong.indicators.rules.definitions import PILLARS, STAGES, Definition, registry
from bakhong.places.models import Unit
from bakhong.ui.forms import DayField

MOST_FILES = 20
MISREAD, MISPRINTED = "misread", "misprinted"


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, given back as a list; what each holds is looked at by its reader."""

    widget = Files(attrs={"class": "bk-file"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [each for each in data or [] if each]
        if len(files) > MOST_FILES:
            raise ValidationError(
                _("Một lần gửi nhiều nhất %(most)s tệp, ở đây có %(count)s. Hãy gửi làm nhiều lần.")
                % {"most": MOST_FILES, "count": len(files)}
            )
        return files


class SourceForm(forms.Form):
    """A pasted text or files, with what is known of where they come from. `client_key` makes the form sent twice one source."""

    marks_optional = False

    uploads = FilesField(
        label=gettext_lazy("Tệp báo cáo"),
        required=False,
        help_text=gettext_lazy(
            "Word (.docx), Excel (.xlsx), PDF có chữ hoặc tệp chữ (.txt); nhiều tệp một lúc, mỗi tệp tối đa 20 MB"
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("Hoặc dán nội dung báo cáo"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    title = forms.CharField(
        label=gettext_lazy("Tên báo cáo"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Để trống thì lấy tên tệp hoặc dòng tên trong văn bản"),
    )
    source = forms.CharField(
        label=gettext_lazy("Nguồn"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Ví dụ: Báo cáo số 45/BC-UBND ngày 06/05/2025"),
    )
    published_on = DayField(label=gettext_lazy("Ngày đăng hoặc ngày ký"), required=False)
    reported_on = DayField(
        label=gettext_lazy("Số liệu tính đến ngày"),
        required=False,
        help_text=gettext_lazy("Chỉ điền khi nguồn nói rõ; ví dụ: 30/04/2025"),
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    def blank(cls) -> "SourceForm":
        return cls(initial={"client_key": new_uuid()})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "uploads" not in self.errors and not data.get("uploads") and not data.get("text", "").strip():
            raise ValidationError(_("Hãy chọn tệp báo cáo hoặc dán nội dung báo cáo."))
        return data


class CountField(forms.CharField):
    """A whole number as people type it (`4795`, `4.795`); None when left empty."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "bk-count"})

    def clean(self, value: Any) -> int | None:
        try:
            return read_count(super().clean(value))
        except NotANumber as error:
            raise ValidationError(
                _("“%(text)s” không phải số nguyên. Hãy gõ như 4795 hoặc 4.795.") % {"text": str(error)[:30]}
            ) from None


class PercentField(forms.CharField):
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "bk-count"})

    def clean(self, value: Any) -> Decimal | None:
        try:
            return read_percent(super().clean(value))
        except NotANumber as error:
            raise ValidationError(
                _("“%(text)s” không phải tỷ lệ. Hãy gõ như 92,1 hoặc 92,1%%.") % {"text": str(error)[:30]}
            ) from None


class FigureForm(forms.Form):
    """One figure as it is to be stored: to confirm what was read, or to correct what was stored."""

    marks_optional = False

    indicator = forms.ChoiceField(label=gettext_lazy("Chỉ tiêu"))
    numerator = CountField(label=gettext_lazy("Số đạt được"), required=False, max_length=30)
    denominator = CountField(label=gettext_lazy("Tổng số"), required=False, max_length=30)
    percent = PercentField(label=gettext_lazy("Tỷ lệ (%) như nguồn in"), required=False, max_length=30)
    qualifier = forms.ChoiceField(label=gettext_lazy("Mức độ"), required=False)
    role = forms.ChoiceField(label=gettext_lazy("Đây là"))
    stage = forms.ChoiceField(label=gettext_lazy("Giai đoạn"), required=False)
    population = forms.ChoiceField(label=gettext_lazy("Tổng số tính trên ai"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Đơn vị"))
    other_unit = forms.CharField(
        label=gettext_lazy("Đơn vị khác"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Gõ tên khi không có trong danh sách, ví dụ: xã Ngọc Phụng, huyện Thường Xuân"
        ),
    )
    scope = forms.CharField(
        label=gettext_lazy("Chỉ một phần của đơn vị"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Ví dụ: 5 đơn vị thí điểm. Để trống nếu là cả đơn vị"),
    )
    counted_from = DayField(label=gettext_lazy("Tính từ ngày"), required=False, help_text="")
    counted_to = DayField(label=gettext_lazy("Tính đến ngày"), required=False, help_text="")
    reason = forms.CharField(label=gettext_lazy("Lý do sửa"), required=False, max_length=300)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, places: Places, extra: Sequence[Unit] = (), **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.places = places
        units = list(dict.fromkeys([*extra, *places.near]))
        self.units = {str(unit.uuid): unit for unit in units}
        self._choose("indicator", [("", _("Chọn chỉ tiêu")), *indicator_choices()])
        self._choose("qualifier", [("", _("đúng số này")), *Qualifier.choices])
        self._choose("role", [*Role.choices, (TARGET, _("chỉ tiêu được giao"))])
        self._choose("stage", [("", _("nguồn không nói")), *stage_choices()])
        self._choose("population", [("", _("nguồn không nói")), *population_choices()])
        self._choose("unit", [(key, unit_label(unit)) for key, unit in self.units.items()])

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if name := data.get("other_unit", "").strip():
            found = self.places.find(name, data.get("counted_to") or self.places.today)
            if found is None:
                self.add_error(
                    "other_unit",
                    _("Không tìm thấy một đơn vị duy nhất tên “%(name)s”. Hãy ghi thêm huyện hoặc tỉnh.")
                    % {"name": name[:60]},
                )
            data["chosen_unit"] = found
        else:
            data["chosen_unit"] = self.units.get(data.get("unit", ""))
        if data.get("role") == TARGET and "counted_to" not in self.errors and not data.get("counted_to"):
            self.add_error("counted_to", _("Chỉ tiêu được giao cần ngày phải đạt, ví dụ 31/12/2025."))
        return data

    def numbers(self) -> tuple[int | None, int | None, Decimal | None]:
        data = self.cleaned_data
        return data["numerator"], data["denominator"], data["percent"]

    def entry(self, **place: Any) -> FigureEntry | TargetEntry:
        """What was typed, as the actions take it; `place` is where it stands in the source, and its key."""
        data = self.cleaned_data
        shared = {
            "indicator": data["indicator"],
            "percent": data["percent"],
            "stage": data["stage"],
            "population": data["population"],
            "unit": data["chosen_unit"],
            **place,
        }
        if data["role"] == TARGET:
            value = data["numerator"] if data["percent"] is None else None
            return TargetEntry(by_date=data["counted_to"], value=value, **shared)
        return FigureEntry(
            numerator=data["numerator"],
            denominator=data["denominator"],
            role=data["role"],
            qualifier=data["qualifier"],
            scope=data["scope"],
            counted_from=data["counted_from"],
            counted_to=data["counted_to"],
            **shared,
        )


class ReviewForm(FigureForm):
    """A figure that was read. Numbers other than the read ones need to say whether the reader or the source is wrong."""

    difference = forms.ChoiceField(
        label=gettext_lazy("Số bạn ghi khác số máy đọc. Vì sao?"),
        required=False,
        choices=[
            (MISREAD, gettext_lazy("Máy đọc nhầm: nguồn in đúng số tôi ghi")),
            (MISPRINTED, gettext_lazy("Nguồn in nhầm: lưu cả số nguồn in và số tôi sửa")),
        ],
        widget=forms.RadioSelect,
    )
    place = forms.CharField(widget=forms.HiddenInput, max_length=60)

    @classmethod
    def of(cls, item: Item, places: Places, filled: Mapping[str, str]) -> "ReviewForm":
        """The form with what was read; `filled` replaces numbers by those that would fit."""
        read = item.read
        initial = {
            "place": item.place,
            "key": new_uuid(),
            "indicator": read.indicator or "",
            "numerator": count_text(read.numerator),
            "denominator": count_text(read.denominator),
            "percent": percent_text(read.percent, read.percent_places),
            "qualifier": read.qualifier or "",
            "role": read.role if read.role in FIGURE_ROLES or read.role == TARGET else Role.VALUE.value,
            "stage": read.stage or "",
            "population": read.population or "",
            "unit": str((item.unit or places.unit).uuid),
            "scope": read.unit_name if item.unit is None else "",
            "counted_from": read.counted_from,
            "counted_to": read.counted_to,
            **filled,
        }
        if filled:
            initial |= {"difference": MISPRINTED, "reason": _("Sửa theo gợi ý để các số khớp nhau")}
        return cls(places=places, extra=[item.unit] if item.unit else [], initial=initial)

    def differs_from(self, item: Item) -> bool:
        return self.numbers() != (item.read.numerator, item.read.denominator, item.read.percent)

    def check_difference(self, item: Item) -> bool:
        """False, with the error said, where other numbers lack their explanation."""
        if not self.differs_from(item) or self.cleaned_data["role"] == TARGET:
            return True
        if self.cleaned_data["difference"] not in (MISREAD, MISPRINTED):
            self.add_error(
                "difference", _("Hãy chọn một trong hai, để người xem sau này biết nguồn in thế nào.")
            )
            return False
        if self.cleaned_data["difference"] == MISPRINTED and not self.cleaned_data["reason"].strip():
            self.add_error(
                "reason", _("Hãy ghi vì sao bạn biết nguồn in nhầm, ví dụ: đối chiếu sổ theo dõi.")
            )
            return False
        return True


def count_text(number: int | None) -> str:
    return "" if number is None else format_int(number)


def percent_text(percent: Decimal | None, places: int) -> str:
    """With the decimals that were printed.

    >>> percent_text(Decimal("70.0000"), 1), percent_text(None, 0)
    ('70,0', '')
    """
    if percent is None:
        return ""
    text = format_decimal(percent)
    decimals = len(text.split(",")[1]) if "," in text else 0
    if decimals < places:
        text += ("" if "," in text else ",") + "0" * (places - decimals)
    return text


def indicator_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every indicator under its heading: the criteria first."""
    return [
        (heading, [(each.code, indicator_label(each)) for each in found])
        for heading, found in groupby(registry(), key=_heading)
    ]


def indicator_label(definition: Definition) -> str:
    name = definition.name_en if is_english() else definition.name_vi
    return f"{definition.criterion}. {name}" if definition.criterion else name


def _heading(definition: Definition) -> str:
    if definition.criterion:
        return _("Tiêu chí của mô hình “3 không”")
    return PILLARS[definition.pillar][is_english()]


def stage_choices() -> list[tuple[str, str]]:
    return [(key, names[is_english()]) for key, names in STAGES.items()]


def population_choices() -> list[tuple[str, str]]:
    return [
        (key, each.name_en if is_english() else each.name_vi) for key, each in registry().populations.items()
    ]


def unit_label(unit: Unit) -> str:
    """A former unit says until when it stood."""
    if unit.valid_to is None:
        return unit.full_name
    return _("%(unit)s (đến trước %(day)s)") % {"unit": unit.full_name, "day": format_day(unit.valid_to)}
