"""What is typed for a daily report."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.indicators.rules.daily import LONGEST_PLAN
from bakhong.ui.forms import DayField


class DailyForm(forms.Form):
    """`client_key` makes the form sent twice one report."""

    day = DayField(label=_("Báo cáo của ngày"))
    plan = forms.CharField(
        label=_("Ngày mai làm gì"),
        help_text=_(
            "Một hai câu, không ghi tên người dân. Lịch hẹn và buổi lưu động đã có sẵn trong báo cáo."
        ),
        required=False,
        max_length=LONGEST_PLAN,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    def blank(cls, day: date) -> "DailyForm":
        return cls(initial={"client_key": new_uuid(), "day": day})

    def values(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        return dict(self.cleaned_data)
