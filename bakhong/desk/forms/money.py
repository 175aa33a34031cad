"""Money going back, as it is typed."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bakhong.core.numbers import format_int
from bakhong.payments.rules.banks import banks
from bakhong.payments.rules.cells import money_in

_ACCOUNT = re.compile(r"[0-9A-Z]{5,19}")


class MoneyField(forms.Field):
    """An amount in đồng as people write it (1.234.567 đ; 150.000,00), given back as an integer of at most thirteen digits.

    A fraction of a đồng, or a sign, is refused: never read as a hundred times as much.
    """

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "bk-day", "autocomplete": "off"})
    default_error_messages = {
        "invalid": _("Số tiền này không đọc được. Gõ số đồng, ví dụ 150.000."),
        "required": _("Cần gõ số tiền, ví dụ 150.000."),
    }

    def prepare_value(self, value: Any) -> Any:
        return format_int(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        amount = money_in(str(value).strip())
        if amount is None or amount < 1:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return amount


class DepositForm(forms.Form):
    """Cash that is taken to the bank; `accounts`: (uuid, words) of the biller's open ones."""

    account = forms.ChoiceField(label=_("Nộp vào tài khoản"))
    amount = MoneyField(label=_("Số tiền mang đi"))

    def __init__(self, data: Any = None, *, accounts: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["account"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = accounts
        self.has_accounts = bool(accounts)


class RefundForm(forms.Form):
    """To whom the money goes back, and why. Of a line all of it; of a payment all or a part (`most` đồng)."""

    amount = MoneyField(label=_("Số tiền trả lại"))
    to_name = forms.CharField(label=_("Trả lại cho ai"), max_length=120)
    to_bank_bin = forms.ChoiceField(
        label=_("Ngân hàng của người nhận"),
        required=False,
        help_text=_("Trả bằng tiền mặt tại quầy thì bỏ trống ngân hàng và số tài khoản."),
    )
    to_account = forms.CharField(
        label=_("Số tài khoản của người nhận"),
        max_length=30,
        required=False,
        help_text=_("Hỏi chính người đã chuyển tiền; không lấy số người khác nhắn hộ."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )
    why = forms.CharField(label=_("Vì sao trả lại"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, most: int, is_whole: bool, **options: Any) -> None:
        super().__init__(data, **options)
        self.most = most
        field = self.fields["to_bank_bin"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Tiền mặt tại quầy")), *((each.bin, each.short) for each in banks().values())]
        if is_whole:
            del self.fields["amount"]

    def clean_amount(self) -> int:
        amount = int(self.cleaned_data["amount"])
        if amount > self.most:
            raise ValidationError(_("Số tiền trả lại lớn hơn số đã trả. Hãy xem lại."))
        return amount

    def clean_to_account(self) -> str:
        text = re.sub(r"[\s.-]", "", str(self.cleaned_data["to_account"])).upper()
        if text and not _ACCOUNT.fullmatch(text):
            raise ValidationError(_("Số tài khoản có 5 đến 19 chữ số. Hãy xem lại."))
        return text

    def values(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        return {"amount": self.most, **self.cleaned_data}
