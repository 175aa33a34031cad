"""What is typed about an office's days and hours, a time limit to explain, and how a commune does a procedure."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bakhong.core.days import VIET_NAM
from bakhong.core.ids import new_uuid
from bakhong.desk.forms.gatherings import HourField, PlannedForm
from bakhong.procedures.labels import CHANNELS
from bakhong.procedures.models import DayKind, ProcedureOffer
from bakhong.procedures.rules.catalogue import Procedure
from bakhong.procedures.rules.counting import FIRST, LAST
from bakhong.procedures.rules.deadlines import Limit, Pause
from bakhong.ui.forms import DayField

WEEKDAYS = (
    (0, _("Thứ Hai")),
    (1, _("Thứ Ba")),
    (2, _("Thứ Tư")),
    (3, _("Thứ Năm")),
    (4, _("Thứ Sáu")),
    (5, _("Thứ Bảy")),
    (6, _("Chủ nhật")),
)
UNITS = (
    ("working_days", _("ngày làm việc")),
    ("hours", _("giờ làm việc")),
    ("days", _("ngày theo lịch")),
    ("months", _("tháng")),
    ("same_day", _("trong ngày")),
)
SOURCE_HELP = _("Số, ngày và nơi ban hành. Ví dụ: Thông báo 12/TB-UBND ngày 05/01/2026.")


class DayForm(PlannedForm):
    on = DayField(label=_("Ngày"))
    kind = forms.ChoiceField(label=_("Ngày này"), choices=DayKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Vì sao"), max_length=120, help_text=_("Ví dụ: Nghỉ bù Giỗ Tổ Hùng Vương.")
    )
    source = forms.CharField(label=_("Văn bản làm căn cứ"), max_length=300, help_text=SOURCE_HELP)

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {"key": data.pop("client_key"), **data}


class HoursForm(PlannedForm):
    weekday = forms.TypedChoiceField(label=_("Ngày trong tuần"), choices=WEEKDAYS, coerce=int)
    spans = forms.CharField(
        label=_("Giờ làm việc"),
        max_length=60,
        required=False,
        help_text=_("Ví dụ: 07:30-11:30, 13:30-17:30. Để trống nếu đóng cửa."),
    )
    is_counted = forms.BooleanField(
        label=_("Tính là ngày làm việc của thời hạn"),
        required=False,
        help_text=_("Bỏ trống nếu chỉ mở cửa nhận hồ sơ, ví dụ sáng thứ Bảy."),
    )
    valid_from = DayField(label=_("Áp dụng từ ngày"))
    source = forms.CharField(label=_("Văn bản làm căn cứ"), max_length=300, help_text=SOURCE_HELP)

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {"key": data.pop("client_key"), **data}


class ExplainForm(forms.Form):
    """A moment of receipt and a time limit; sent by GET, so that an answer can be shown to somebody by its address."""

    day = DayField(label=_("Nhận ngày"))
    hour = HourField(label=_("Lúc mấy giờ"), help_text=_("Ví dụ: 14h30"))
    amount = forms.IntegerField(label=_("Thời hạn"), min_value=0, max_value=3660)
    measure = forms.ChoiceField(label=_("Tính bằng"), choices=UNITS)
    wait_from = DayField(label=_("Chờ người dân từ ngày"), required=False)
    wait_to = DayField(label=_("đến hết ngày"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("wait_from"), data.get("wait_to")
        if bool(first) != bool(last):
            self.add_error("wait_to", _("Ghi cả ngày đầu và ngày cuối, hoặc để trống cả hai."))
        elif first and last and last < first:
            self.add_error("wait_to", _("Ngày cuối phải sau ngày đầu."))
        for name in ("day", "wait_from", "wait_to"):
            if data.get(name) and not FIRST <= data[name].year < LAST:
                self.add_error(name, _("Năm phải từ 2000 đến 2099."))
        if not self.errors:
            amount = 0 if data["measure"] == "same_day" else data["amount"]
            try:
                data["limit"] = Limit(amount, data["measure"])
            except ValueError:
                self.add_error("amount", _("Thời hạn phải từ 1; theo tháng thì nhiều nhất 120."))
        return data

    def received(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"], VIET_NAM)

    def pauses(self) -> list[Pause]:
        first, last = self.cleaned_data["wait_from"], self.cleaned_data["wait_to"]
        return [Pause.of_days(first, last)] if first else []


class OfferForm(PlannedForm):
    """How the unit does one procedure from a day on."""

    is_offered = forms.TypedChoiceField(
        label=_("Đơn vị có làm thủ tục này không"),
        choices=(("yes", _("Có làm")), ("no", _("Không làm"))),
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
    )
    channels = forms.MultipleChoiceField(
        label=_("Nhận hồ sơ bằng cách nào"),
        choices=list(CHANNELS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Không chọn gì là như danh mục."),
    )
    amount = forms.IntegerField(
        label=_("Mức thu của địa phương (đồng)"),
        min_value=0,
        max_value=100_000_000,
        required=False,
        help_text=_("Để trống là như danh mục."),
    )
    zero_fee = forms.ChoiceField(
        label=_("Không thu phí"),
        choices=ProcedureOffer.ZeroFee.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    valid_from = DayField(label=_("Áp dụng từ ngày"))
    source = forms.CharField(
        label=_("Nghị quyết hoặc quyết định làm căn cứ"), max_length=300, help_text=SOURCE_HELP
    )

    def __init__(self, *args: Any, procedure: Procedure, **more: Any) -> None:
        super().__init__(*args, **more)
        if procedure.fee.kind not in ("fixed", "per_copy"):
            del self.fields["amount"]
        if procedure.fee.kind == "none":
            del self.fields["zero_fee"]

    @classmethod
    def for_procedure(cls, procedure: Procedure, **given: Any) -> "OfferForm":
        return cls(procedure=procedure, initial={"client_key": new_uuid(), **given})

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {"key": data.pop("client_key"), **data}


class OfficeCodeForm(forms.Form):
    """The first part of the codes of dossiers, from today or a later day on: what was given out keeps its code."""

    code = forms.CharField(
        label=_("Mã đơn vị do tỉnh cấp"),
        max_length=40,
        help_text=_("Ví dụ 000.17.22.H56. Hỏi Sở Khoa học và Công nghệ nếu chưa biết."),
    )
    valid_from = DayField(label=_("Áp dụng từ ngày"))

    def __init__(self, *args: Any, on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.on = on

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < self.on:
            raise forms.ValidationError(_("Chọn một ngày từ hôm nay trở đi."))
        return day
