"""What is typed about markets, stalls, their accounts, and what was found on a card."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bakhong.desk.forms.money import MoneyField
from bakhong.desk.forms.registers import PlacedForm
from bakhong.payments.models import Biller, Market
from bakhong.payments.rules.banks import banks
from bakhong.ui.forms import DayField

_NONE_CHOSEN = _("Hãy chọn một hộ kinh doanh trong danh sách.")


class MarketForm(forms.Form):
    name = forms.CharField(label=_("Tên chợ"), max_length=120, help_text=_("Ví dụ: Chợ Bái Thượng."))
    address = forms.CharField(label=_("Ở đâu"), max_length=200, required=False)
    biller = forms.ModelChoiceField(
        label=_("Ai thu phí chợ"), queryset=Biller.objects.none(), to_field_name="uuid", required=False
    )

    def __init__(self, *args: Any, billers: list[Biller], is_new: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["biller"]
        field.queryset = Biller.objects.filter(pk__in=[each.pk for each in billers])
        field.choices = [("", _("Chưa rõ"))] + [(str(each.uuid), each.name) for each in billers]
        if not is_new:
            del self.fields["name"]


class StallForm(PlacedForm):
    market = forms.ModelChoiceField(
        label=_("Chợ"), queryset=Market.objects.none(), to_field_name="uuid", required=False
    )
    code = forms.CharField(label=_("Số điểm bán"), max_length=20, help_text=_("Số ghi ở sạp. Ví dụ: A12."))
    owner_name = forms.CharField(label=_("Tên người bán"), max_length=120)
    name = forms.CharField(
        label=_("Tên điểm bán"), max_length=120, required=False, help_text=_("Ví dụ: Tạp hoá Hoa Mai.")
    )
    trade = forms.CharField(label=_("Bán gì"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Số điện thoại"),
        max_length=20,
        required=False,
        help_text=_("Để báo khi mã QR bị thay, hoặc khi có người muốn đổi tài khoản."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    monthly_fee = MoneyField(
        label=_("Phí mỗi tháng, đồng"),
        required=False,
        help_text=_("Không thu thì bỏ trống. Ví dụ: 60.000"),
    )

    whose = forms.CharField(
        label=_("Điểm bán này của hộ kinh doanh nào?"),
        max_length=400,
        required=False,
        help_text=_("Tên hộ, mã số thuế, số định danh của chủ, hoặc quét thẻ căn cước"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-scan": ""}),
    )
    business = forms.ChoiceField(
        label=_("Chọn hộ kinh doanh"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _NONE_CHOSEN},
    )

    def __init__(
        self,
        *args: Any,
        markets: list[Market],
        businesses: Sequence[tuple[str, str]] = (),
        is_new: bool = True,
        **more: Any,
    ) -> None:
        """`businesses`: (uuid, words) of those that fit what was typed as `whose`."""
        super().__init__(*args, **more)
        field: Any = self.fields["market"]
        field.queryset = Market.objects.filter(pk__in=[each.pk for each in markets])
        field.choices = [("", _("Không ở chợ nào"))] + [(str(each.uuid), each.name) for each in markets]
        choice: Any = self.fields["business"]
        choice.choices = list(businesses)
        if not businesses:
            del self.fields["business"]
        if not is_new:
            del self.fields["village"], self.fields["whose"]

    def clean(self) -> dict[str, Any]:
        """Whose it is, once somebody has said so, is one of those found: names do not identify."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("whose") and "business" not in self.fields:
            missed = _(
                "Không thấy hộ kinh doanh nào khác khớp. Tìm bằng tên khác, mã số thuế hoặc thẻ của chủ."
            )
            self.add_error("whose", missed)
        elif told.get("whose") and not told.get("business") and not self.has_error("business"):
            self.add_error("business", _NONE_CHOSEN)
        return told


class AccountForm(forms.Form):
    bank_bin = forms.ChoiceField(label=_("Ngân hàng"))
    account = forms.CharField(
        label=_("Số tài khoản"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    holder = forms.CharField(
        label=_("Tên chủ tài khoản"), max_length=120, help_text=_("Đúng như ứng dụng ngân hàng hiện.")
    )
    why = forms.CharField(
        label=_("Vì sao đổi, ai đã gặp chủ hàng"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, is_first: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["bank_bin"]
        field.choices = [("", _("Chọn ngân hàng"))] + [(each.bin, each.short) for each in banks().values()]
        if is_first:
            del self.fields["why"]


class ListForm(PlacedForm):
    """A list of stalls, pasted; a file that is sent takes the place of the text."""

    text = forms.CharField(
        label=_("Dán các dòng từ Excel"),
        required=False,
        strip=False,
        max_length=400_000,
        help_text=_("Chép cả dòng tiêu đề: số điểm bán, người bán, phí, ngân hàng, số tài khoản…"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )


class NoteForm(forms.Form):
    """Why, or how something was seen to."""

    note = forms.CharField(max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, label: Any, help_text: Any = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["note"].label, self.fields["note"].help_text = label, help_text


class MonthForm(forms.Form):
    """The month (`2026-12`) that is charged, and by when it is to be paid."""

    month = forms.RegexField(r"\d{4}-\d{2}", widget=forms.HiddenInput)
    due_on = DayField(label=_("Hạn trả"), help_text=_("Ví dụ: 20/12/2026"))
    with_withdrawn = forms.BooleanField(label=_("Lập lại cả khoản đã huỷ của tháng"), required=False)

    def clean_month(self) -> date:
        try:
            return date.fromisoformat(f"{self.cleaned_data['month']}-01")
        except ValueError:
            raise ValidationError(_("Không có tháng này.")) from None
