"""What is typed about places, as the keyword arguments of the actions. Nothing is stored here."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bakhong.places.actions.villages import NAME_LENGTH
from bakhong.places.models import Unit
from bakhong.places.rules.naming import KINDS, VILLAGE_KINDS
from bakhong.ui.forms import DayField

VILLAGE_KIND_CHOICES = [(code, KINDS[code].vi) for code in VILLAGE_KINDS]


class _Named(forms.Form):
    kind = forms.ChoiceField(label=_("Loại"), choices=VILLAGE_KIND_CHOICES)
    name = forms.CharField(
        label=_("Tên"),
        max_length=NAME_LENGTH,
        help_text=_("Chỉ ghi tên, không ghi lại loại: “1”, “Xuân Thành”."),
    )


class RenameVillageForm(_Named):
    """A better name or kind for a village that stays the same."""


class MergeVillagesForm(_Named):
    """Two villages or more, of those given, become one."""

    villages = forms.MultipleChoiceField(
        label=_("Các thôn nhập làm một"), widget=forms.CheckboxSelectMultiple
    )
    on = DayField(label=_("Nhập từ ngày"))
    source = forms.CharField(
        label=_("Theo nghị quyết"), max_length=200, required=False, help_text=_("Ví dụ: NQ 12/NQ-HĐND.")
    )
    field_order = ("villages", "kind", "name", "on", "source")

    def __init__(self, data: Any = None, *, villages: Sequence[Unit], **options: Any) -> None:
        super().__init__(data, **options)
        self.units = {str(village.uuid): village for village in villages}
        field = self.fields["villages"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, village.full_name) for key, village in self.units.items()]

    def clean_villages(self) -> list[Unit]:
        chosen = [self.units[key] for key in self.cleaned_data["villages"]]
        if len(chosen) < 2:
            raise forms.ValidationError(_("Chọn ít nhất hai thôn để nhập làm một."))
        return chosen


class ContactForm(forms.Form):
    """The office residents call; shown on every public page."""

    phone = forms.CharField(
        label=_("Số điện thoại"), max_length=30, widget=forms.TextInput(attrs={"type": "tel"})
    )
    contact_name = forms.CharField(label=_("Người hoặc bộ phận nghe máy"), max_length=120, required=False)
    address = forms.CharField(label=_("Địa chỉ"), max_length=200, required=False)
    opening_hours = forms.CharField(
        label=_("Giờ làm việc"),
        max_length=300,
        required=False,
        help_text=_("Ví dụ: thứ Hai đến thứ Sáu, 7:30–11:30 và 13:30–17:30."),
    )
