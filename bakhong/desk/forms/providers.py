"""What is typed about providers: a provider, the list of a month, a customer code."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bakhong.desk.forms.list_file import ListFileField
from bakhong.payments.models import BillerKind
from bakhong.payments.queries.cashless import month_before, month_of
from bakhong.payments.rules.providers import LONGEST_CODE, providers
from bakhong.payments.rules.services import service_name, services
from bakhong.places.models import Unit
from bakhong.ui.figures import language

OTHER = ""


class ProviderForm(forms.Form):
    """One of those that ship with the program, or another with its own name and services."""

    known = forms.ChoiceField(label=_("Đơn vị"), required=False)
    name = forms.CharField(
        label=_("Tên đơn vị"),
        max_length=200,
        required=False,
        help_text=_("Chỉ ghi khi chọn “Đơn vị khác”. Ví dụ: Hợp tác xã nước sạch."),
    )
    services = forms.MultipleChoiceField(
        label=_("Thu tiền gì"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Chỉ chọn khi ghi đơn vị khác."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shipped = [(each.key, each.name) for each in providers().values()]
        self.fields["known"].choices = [*shipped, (OTHER, gettext("Đơn vị khác"))]  # type: ignore[attr-defined]
        self.fields["services"].choices = [  # type: ignore[attr-defined]
            (each.code, each.name(language())) for each in services().values()
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("known", OTHER) == OTHER:
            if not data.get("name", "").strip():
                self.add_error("name", gettext("Hãy ghi tên đơn vị, hoặc chọn một đơn vị có sẵn."))
            if not data.get("services"):
                self.add_error("services", gettext("Hãy chọn đơn vị thu tiền gì."))
        return data

    @property
    def _shipped(self) -> Any:
        return providers().get(self.cleaned_data["known"])

    @property
    def name_chosen(self) -> str:
        return str(self._shipped.name if self._shipped else self.cleaned_data["name"])

    @property
    def services_chosen(self) -> list[str]:
        return list(self._shipped.services if self._shipped else self.cleaned_data["services"])

    @property
    def kind(self) -> str:
        """The usual kind of who collects the first of the services."""
        usual = services()[self.services_chosen[0]].billers[0]
        return BillerKind.OTHER if usual == BillerKind.COMMUNE else usual


class ListForm(forms.Form):
    """The list of a month. `month` becomes its first day."""

    service = forms.ChoiceField(label=_("Tiền gì"))
    month = forms.TypedChoiceField(label=_("Của tháng nào"), coerce=date.fromisoformat)
    file = ListFileField(
        label=_("Tệp danh sách (.xlsx, .xls, .csv)"),
        max_length=200,
        error_messages={"required": _("Hãy chọn một tệp danh sách."), "empty": _("Tệp này trống.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv,.txt"}),
    )

    def __init__(self, *args: Any, services: Sequence[str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = recent_months(today)
        self.fields["service"].choices = [(code, service_name(code, language())) for code in services]  # type: ignore[attr-defined]
        self.fields["month"].choices = [(each.isoformat(), f"{each:%m/%Y}") for each in months]  # type: ignore[attr-defined]
        self.fields["month"].initial = months[1].isoformat()  # a list comes when its month is over


def recent_months(day: date, count: int = 24) -> list[date]:
    """This month and those before it, the latest first.

    >>> [str(each) for each in recent_months(date(2026, 1, 15), 3)]
    ['2026-01-01', '2025-12-01', '2025-11-01']
    """
    found = [month_of(day)]
    while len(found) < count:
        found.append(month_before(found[-1]))
    return found


class CustomerForm(forms.Form):
    """A customer of a provider, as the bill says."""

    service = forms.ChoiceField(label=_("Tiền gì"))
    code = forms.CharField(label=_("Mã khách hàng"), max_length=LONGEST_CODE)
    name = forms.CharField(label=_("Tên trên hoá đơn"), max_length=120, required=False)
    place = forms.ChoiceField(label=_("Ở đâu"))

    def __init__(self, *args: Any, services: Sequence[str], villages: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._villages = {str(each.uuid): each for each in villages}
        self.fields["service"].choices = [(code, service_name(code, language())) for code in services]  # type: ignore[attr-defined]
        self.fields["place"].choices = [(uuid, each.full_name) for uuid, each in self._villages.items()]  # type: ignore[attr-defined]

    @property
    def village(self) -> Unit:
        return self._villages[self.cleaned_data["place"]]
