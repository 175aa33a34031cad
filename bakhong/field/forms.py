"""What is typed at the entrance."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bakhong.accounts.rules.phones import pin_digits
from bakhong.accounts.rules.tokens import card_code


def _pin(label: Any, autocomplete: str, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=20,
        widget=forms.PasswordInput(
            attrs={"autocomplete": autocomplete, "inputmode": "numeric", "class": "bk-day"}
        ),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("16 ký tự dưới hình trên thẻ"),
        max_length=40,
        help_text=_("Gõ chữ thường hay chữ hoa đều được."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        code = card_code(str(self.cleaned_data["code"]))
        if not code:
            raise ValidationError(_("Mã trên thẻ có 16 ký tự, xếp thành bốn nhóm. Hãy xem lại thẻ."))
        return code


class PinForm(forms.Form):
    phone = forms.CharField(
        label=_("Số điện thoại"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "username", "inputmode": "tel"}),
    )
    pin = _pin(_("Mã PIN 6 chữ số"), "current-password")


class NewPinForm(forms.Form):
    pin1 = _pin(
        _("Tự đặt mã PIN 6 chữ số"), "new-password", _("Đừng dùng ngày sinh, năm sinh hay số điện thoại.")
    )
    pin2 = _pin(_("Gõ lại mã PIN"), "new-password")

    def clean_pin1(self) -> str:
        return pin_digits(str(self.cleaned_data["pin1"]))

    def clean_pin2(self) -> str:
        again = pin_digits(str(self.cleaned_data["pin2"]))
        if self.cleaned_data.get("pin1") != again:
            raise ValidationError(_("Hai lần gõ không giống nhau. Hãy gõ lại."))
        return again
