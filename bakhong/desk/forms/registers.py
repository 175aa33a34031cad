"""What is typed about a household business, an enterprise or a phone subscription."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bakhong.people.models import OrganisationKind
from bakhong.places.models import Unit
from bakhong.ui.forms import DayField

SMART = [("", _("Chưa rõ")), ("yes", _("Điện thoại thông minh")), ("no", _("Điện thoại thường"))]


class PlacedForm(forms.Form):
    """A form with a village; nothing is chosen for them where there are several."""

    village = forms.ModelChoiceField(
        label=_("Thôn"), queryset=Unit.objects.none(), to_field_name="uuid", empty_label=None
    )

    def __init__(self, *args: Any, places: list[Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["village"]
        field.queryset = Unit.objects.filter(pk__in=[each.pk for each in places])
        named = [(str(each.uuid), each.full_name) for each in places]
        field.choices = named if len(named) == 1 else [("", _("Chọn thôn")), *named]


class OrganisationForm(PlacedForm):
    kind = forms.ChoiceField(label=_("Loại hình"), choices=OrganisationKind.choices)
    name = forms.CharField(
        label=_("Tên"), max_length=200, help_text=_("Ví dụ: Tạp hoá Hoa Mai, Công ty TNHH Xuân Lợi.")
    )
    tax_code = forms.CharField(label=_("Mã số thuế"), max_length=20, required=False)
    valid_from = DayField(
        label=_("Hoạt động từ ngày"), required=False, help_text=_("Bỏ trống nếu không rõ. Ví dụ: 06/05/2025")
    )


class SubscriptionForm(PlacedForm):
    number = forms.CharField(label=_("Số điện thoại"), max_length=20)
    is_smartphone = forms.ChoiceField(label=_("Dùng với máy gì"), choices=SMART, required=False)
    valid_from = DayField(
        label=_("Dùng từ ngày"), required=False, help_text=_("Bỏ trống nếu không rõ. Ví dụ: 06/05/2025")
    )

    def clean_is_smartphone(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["is_smartphone"])


class EndForm(forms.Form):
    ended_on = DayField(label=_("Ngừng từ ngày"), help_text=_("Ví dụ: 06/05/2025"))
