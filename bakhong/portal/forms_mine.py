"""What residents type on their own pages."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from bakhong.core.text import nfc, squeeze
from bakhong.people.known_words import CHOICE_WORDS
from bakhong.people.models import MandateScope, Sex
from bakhong.people.rules.dictionary import Entry, fits
from bakhong.portal.own import iso_of
from bakhong.ui.forms import DayInput

_PERIODS = {"1": 31, "3": 92, "12": 365}  # months → days


class CorrectionForm(forms.Form):
    """What is right instead, in the box that fits the thing, and why."""

    reason = forms.CharField(
        label=_lazy("Vì sao bạn biết là sai?"),
        help_text=_lazy("Ví dụ: trên giấy khai sinh ghi khác. Không ghi mật khẩu, mã OTP."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, entry: Entry, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry
        self.fields["wanted"] = _field(entry, _("Ghi đúng là"))
        self.order_fields(["wanted", "reason"])
        self.label = label

    def clean_wanted(self) -> str:
        value = _read(self.entry, squeeze(nfc(str(self.cleaned_data["wanted"]).replace("\x00", ""))))
        if not fits(self.entry, value):
            raise forms.ValidationError(_("Ghi chưa đúng dạng. Hãy ghi như trên giấy tờ."))
        return value


class ConsentForm(forms.Form):
    """Nothing is ticked: a page opened and sent agrees to nothing."""

    is_agreed = forms.BooleanField(
        label=_lazy("Tôi đồng ý"),
        error_messages={"required": _lazy("Đánh dấu vào ô “Tôi đồng ý” rồi bấm lại.")},
    )


class MandateForm(forms.Form):
    agent_name = forms.CharField(label=_lazy("Họ và tên người được nhờ"), max_length=120)
    agent_number = forms.CharField(
        label=_lazy("Số căn cước của người đó"),
        help_text=_lazy("12 số ghi trên thẻ."),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    relation = forms.CharField(
        label=_lazy("Là gì của bạn?"),
        help_text=_lazy("Ví dụ: con gái, hàng xóm."),
        max_length=60,
        required=False,
    )
    scope = forms.ChoiceField(
        label=_lazy("Nhờ làm việc gì?"), choices=MandateScope.choices, widget=forms.RadioSelect
    )
    procedures = forms.MultipleChoiceField(
        label=_lazy("Những thủ tục nào?"),
        help_text=_lazy("Chỉ cần chọn khi không nhờ mọi thủ tục."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    months = forms.ChoiceField(
        label=_lazy("Trong bao lâu?"),
        choices=[("1", _lazy("1 tháng")), ("3", _lazy("3 tháng")), ("12", _lazy("1 năm"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, procedures: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["procedures"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = procedures

    def clean_agent_number(self) -> str:
        digits = "".join(char for char in self.cleaned_data["agent_number"] if char in "0123456789")
        if len(digits) != 12:
            raise forms.ValidationError(_("Số căn cước gồm 12 chữ số. Hãy xem lại số vừa gõ."))
        return digits

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("scope") == MandateScope.PROCEDURES and not found.get("procedures"):
            self.add_error("procedures", _("Chọn ít nhất một thủ tục."))
        return found

    def last_day(self, today: date) -> date:
        """The first day on which the mandate no longer holds."""
        return today + timedelta(days=_PERIODS[self.cleaned_data["months"]])


def _field(entry: Entry, label: str) -> forms.Field:
    if entry.type == "sex":
        return forms.ChoiceField(label=label, choices=Sex.choices, widget=forms.RadioSelect)
    if entry.type == "choice":
        choices = [(each, CHOICE_WORDS.get(each, each)) for each in entry.choices]
        return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
    hints = {
        "date": _("Ví dụ: 06/05/1990. Nếu chỉ nhớ năm thì gõ năm."),
        "national_id": _("12 số ghi trên thẻ."),
        "phone": _("Ví dụ: 0912 345 678"),
    }
    is_digits = entry.type in ("national_id", "phone", "number")
    widget = (
        DayInput() if entry.type == "date" else forms.TextInput({"inputmode": "numeric"} if is_digits else {})
    )
    return forms.CharField(label=label, help_text=hints.get(entry.type, ""), max_length=300, widget=widget)


def _read(entry: Entry, text: str) -> str:
    """As the dictionary writes it; what cannot be read stays as typed, and does not fit."""
    if entry.type == "date":
        return iso_of(text) or text
    if entry.type in ("national_id", "phone", "number"):
        return "".join(char for char in text if char not in " .-")
    return text
