"""What is typed about charges: who collects, into which account, a charge, a list of them."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bakhong.accounts.models import User
from bakhong.desk.forms.list_file import ListFileField
from bakhong.desk.forms.money import MoneyField
from bakhong.payments.models import Biller, BillerKind, Duty, Feed
from bakhong.payments.rules.banks import banks
from bakhong.payments.rules.services import services, services_of
from bakhong.people.rules import idcard, numbers
from bakhong.places.models import Unit
from bakhong.places.queries import children
from bakhong.ui.figures import language
from bakhong.ui.forms import DayField

MONTHS = 15  # offered: three to come, the rest gone by


def _choices(codes: Any = None) -> list[tuple[str, str]]:
    return [
        (each.code, each.name(language()))
        for each in services().values()
        if codes is None or each.code in codes
    ]


def months_around(today: date) -> list[tuple[str, str]]:
    """Months a charge may be for, the next ones first: ("2026-11-01", "11/2026")."""
    first = today.year * 12 + today.month - 1 + 3
    found = [date(each // 12, each % 12 + 1, 1) for each in range(first, first - MONTHS, -1)]
    return [(each.isoformat(), f"{each:%m/%Y}") for each in found]


class BillerForm(forms.Form):
    name = forms.CharField(label=_("Tên đơn vị"), max_length=200)
    kind = forms.ChoiceField(label=_("Là đơn vị nào"))
    services = forms.MultipleChoiceField(
        label=_("Thu những khoản gì"), widget=forms.CheckboxSelectMultiple, required=False
    )
    phone = forms.CharField(label=_("Số điện thoại khi người dân cần hỏi"), max_length=20, required=False)
    tax_code = forms.CharField(label=_("Mã số thuế"), max_length=14, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            each for each in BillerKind.choices if each[0] != BillerKind.COMMUNE
        ]
        self.fields["services"].choices = _choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Without a word about it, what such organisations usually collect."""
        data = super().clean() or {}
        if data.get("kind") and not data.get("services"):
            data["services"] = [each.code for each in services_of(data["kind"])] or ["other"]
        return data


class ChangeForm(forms.Form):
    services = forms.MultipleChoiceField(label=_("Thu những khoản gì"), widget=forms.CheckboxSelectMultiple)
    phone = forms.CharField(label=_("Số điện thoại khi người dân cần hỏi"), max_length=20, required=False)
    tax_code = forms.CharField(label=_("Mã số thuế"), max_length=14, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"].choices = _choices()  # type: ignore[attr-defined]


class AccountForm(forms.Form):
    """As on the bank's papers. The code made of it is tried before anybody pays by it."""

    bank_bin = forms.ChoiceField(label=_("Ngân hàng, Kho bạc mở tại"))
    number = forms.CharField(
        label=_("Số tài khoản"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )
    holder = forms.CharField(
        label=_("Tên chủ tài khoản"), max_length=120, help_text=_("Ghi đúng như ngân hàng ghi, không dấu.")
    )
    services = forms.MultipleChoiceField(
        label=_("Chỉ dùng thu"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Không đánh dấu: dùng thu mọi khoản."),
    )

    def __init__(self, *args: Any, biller: Biller, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank_bin"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Chọn ngân hàng")),
            *((each.bin, f"{each.short} – {each.name}") for each in banks().values()),
        ]
        self.fields["services"].choices = _choices(biller.services)  # type: ignore[attr-defined]


class FeedForm(forms.Form):
    feed = forms.ChoiceField(label=_("Biết tiền vào bằng cách nào"), choices=Feed.choices)
    secret = forms.CharField(
        label=_("Khoá của nhà cung cấp"),
        max_length=200,
        required=False,
        help_text=_(
            "payOS: dán khoá kiểm tra (checksum key). SePay: để trống, phần mềm tạo khoá mới cho bạn."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("feed") == Feed.PAYOS and not data.get("secret"):
            self.add_error("secret", gettext("Dán khoá kiểm tra của payOS."))
        return data


class MemberForm(forms.Form):
    """Staff of the commune whose role lets them do the duty."""

    staff = forms.ModelChoiceField(
        label=_("Người"), queryset=User.objects.none(), to_field_name="uuid", empty_label=_("Chọn người")
    )
    duty = forms.ChoiceField(label=_("Làm việc gì"), choices=Duty.choices)
    villages = forms.MultipleChoiceField(
        label=_("Thu ở những thôn nào"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Chỉ với người thu. Không đánh dấu: thu ở mọi thôn."),
    )

    def __init__(self, *args: Any, unit: Unit, on: date, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = staff  # type: ignore[attr-defined]
        self.fields["villages"].choices = [  # type: ignore[attr-defined]
            (str(each.pk), each.full_name) for each in children(unit, on)
        ]


class _ForForm(forms.Form):
    """What money is asked for."""

    service = forms.ChoiceField(label=_("Thu khoản gì"))
    title = forms.CharField(
        label=_("Nội dung thu"),
        max_length=120,
        help_text=_("Người trả đọc dòng này, ví dụ: Tiền nước tháng 11/2026."),
    )
    period = forms.ChoiceField(label=_("Của tháng"), required=False)
    due_on = DayField(label=_("Hạn trả"), required=False)

    def __init__(self, *args: Any, biller: Biller, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["service"].choices = _choices(biller.services)  # type: ignore[attr-defined]
        self.fields["period"].choices = [("", gettext("không theo tháng")), *months_around(today)]  # type: ignore[attr-defined]

    def clean_period(self) -> date | None:
        said = self.cleaned_data["period"]
        return date.fromisoformat(said) if said else None

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        if day is not None and day < self.today:
            raise forms.ValidationError(gettext("Hạn trả đã qua. Ghi một ngày từ hôm nay trở đi."))
        return day


class ChargeForm(_ForForm):
    """`payer`: a national id, or the text of a card's code, which says the name too. Neither is kept; `national_id` says whom to find."""

    payer = forms.CharField(
        label=_("Số định danh của người trả, hoặc quét thẻ căn cước"),
        help_text=_("Có số thì khoản thu hiện ở trang của người trả. Không có thì bỏ trống."),
        max_length=400,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-scan-own": ""}),
    )
    payer_name = forms.CharField(label=_("Ai trả"), max_length=120)
    amount = MoneyField(label=_("Số tiền"))
    village = forms.ChoiceField(label=_("Ở thôn nào"), required=False)
    customer_code = forms.CharField(label=_("Mã khách hàng, mã hộ"), max_length=30, required=False)
    payer_phone = forms.CharField(label=_("Số điện thoại"), max_length=20, required=False)
    field_order = ("payer", "payer_name", "village", "service", "title", "amount", "period", "due_on")

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.villages = {str(each.uuid): each for each in children(unit, self.today)}
        self.fields["village"].choices = [  # type: ignore[attr-defined]
            ("", gettext("chưa rõ thôn")),
            *((key, each.full_name) for key, each in self.villages.items()),
        ]
        if self.is_bound:
            self._name_from_card()

    def _name_from_card(self) -> None:
        """The name of a card stands where none was typed."""
        card = idcard.parse(str(self.data.get("payer", ""))[:400])
        if card is not None and card.full_name and not str(self.data.get("payer_name", "")).strip():
            self.data = {**dict(self.data.items()), "payer_name": card.full_name}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        said = data.get("payer", "")
        card = idcard.parse(said) if said else None
        number = numbers.national_id((card and card.national_id) or said).value if said else None
        if said and number is None:
            self.add_error("payer", gettext("Số định danh có 12 chữ số. Gõ lại hoặc quét lại thẻ."))
        data["national_id"] = number or ""
        return data


class NextMonthForm(_ForForm):
    """The same list for another month: what for stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["service"]
        self.fields["period"].choices = months_around(self.today)  # type: ignore[attr-defined]
        self.fields["period"].required = True


class ChargeListForm(_ForForm):
    file = ListFileField(
        label=_("Tệp danh sách"),
        help_text=_(
            "Excel hoặc .csv, cần có cột họ tên và cột số tiền; có thêm thôn, mã khách hàng, số định danh thì tốt."
        ),
    )
    field_order = ("file",)
