"""What is typed about villages and groups beyond the forms of places."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bakhong.core.text import squeeze
from bakhong.places.forms import VILLAGE_KIND_CHOICES
from bakhong.places.models import Grouping, Unit
from bakhong.ui.forms import DayField

MOST_LINES = 60


class VillagesForm(forms.Form):
    """A commune enters its villages once, all together: one name a line."""

    kind = forms.ChoiceField(label=_("Loại"), choices=VILLAGE_KIND_CHOICES)
    names = forms.CharField(
        label=_("Tên, mỗi dòng một tên"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Chỉ ghi tên, không ghi lại loại. Ví dụ: Xuân Thành."),
    )
    valid_from = DayField(label=_("Có từ ngày"), help_text=_("Không nhớ thì ghi ngày xã được thành lập."))

    @classmethod
    def blank(cls, commune: Unit, on: date) -> "VillagesForm":
        return cls(initial={"valid_from": commune.valid_from or on})

    def clean_names(self) -> list[str]:
        names = [name for line in self.cleaned_data["names"].splitlines() if (name := squeeze(line))]
        if len(names) > MOST_LINES:
            raise forms.ValidationError(_("Mỗi lần nhập nhiều nhất 60 tên. Hãy chia làm nhiều lần."))
        return names

    def values(self) -> dict[str, Any]:
        """Keyword arguments of create_villages."""
        data = self.cleaned_data
        return {
            "villages": [(data["kind"], name) for name in data["names"]],
            "valid_from": data["valid_from"],
        }


class GroupsForm(forms.Form):
    """The day and the document by which many units change group at once; the choices stand in the table."""

    valid_from = DayField(label=_("Áp dụng từ ngày"))
    source = forms.CharField(
        label=_("Văn bản làm căn cứ"), max_length=300, help_text=_("Số, ngày và nơi ban hành.")
    )


def changed_groups(
    posted: Mapping[str, Any], units: Sequence[Unit], now: Mapping[int, str]
) -> list[tuple[Unit, str]]:
    """The units whose choice differs from the group they are in, with the chosen group."""
    chosen = [(unit, str(posted.get(f"group-{unit.uuid}", ""))) for unit in units]
    return [
        (unit, group) for unit, group in chosen if group in Grouping.values and group != now.get(unit.pk, "")
    ]
