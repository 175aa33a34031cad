"""What is typed when somebody says that a service is there, or why it is not."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.desk.forms.people import SOURCES
from bakhong.desk.service_lines import state_word
from bakhong.people.actions import Adopted
from bakhong.people.models import Source, Subject
from bakhong.people.rules.services import Service
from bakhong.people.why_not import reason_choices
from bakhong.ui.figures import language
from bakhong.ui.forms import DayField

ELSEWHERE = _("Nơi khác")
# Only these are given for a time.
_EXPIRING = frozenset({"digital_signature", "identity_card"})


class ServiceForm(forms.Form):
    """`client_key` makes a page sent twice count once."""

    state = forms.ChoiceField(label=_("Tình trạng"), widget=forms.RadioSelect)
    happened_on = DayField(
        label=_("Từ ngày"), required=False, help_text=_("Bỏ trống nếu không rõ. Ví dụ: 06/05/2025")
    )
    expires_on = DayField(label=_("Hết hạn ngày"), required=False)
    provider = forms.ChoiceField(label=_("Nơi cung cấp"), required=False)
    reason = forms.ChoiceField(label=_("Nếu chưa có, vì sao"), required=False)
    evidence = forms.CharField(
        label=_("Thấy gì làm căn cứ"),
        max_length=200,
        required=False,
        help_text=_(
            "Ví dụ: mở ứng dụng cho xem, tin nhắn của ngân hàng. Không ghi mã xác nhận, mật khẩu, số tài khoản."
        ),
    )
    source = forms.ChoiceField(
        label=_("Biết từ đâu"), choices=[(each.value, each.label) for each in SOURCES], initial=Source.OFFICER
    )
    is_verified = forms.BooleanField(
        label=_("Đã tự kiểm tra"),
        required=False,
        help_text=_("Cần chọn khi ghi là không còn điều đã kích hoạt."),
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, service: Service, **more: Any) -> None:
        more.setdefault("initial", {})
        more["initial"] = {"client_key": new_uuid()} | more["initial"]
        super().__init__(*args, **more)
        self.service = service
        self._choose("state", [(each, state_word(service, each)) for each in service.states()])
        self._choose("reason", [("", _("Không ghi")), *reason_choices(language())])
        providers = [(each, each) for each in service.providers]
        self._choose("provider", [("", _("Chưa rõ")), *providers, (str(ELSEWHERE), ELSEWHERE)])
        if not service.providers:
            del self.fields["provider"]
        if service.code not in _EXPIRING:
            del self.fields["expires_on"]

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def entry(self, kind: str, subject: Subject) -> Adopted:
        """What the form says, for `record_adoptions`."""
        said: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name != "source"}
        said[kind] = subject
        return Adopted(service=self.service.code, **said)
