"""Trainings, mobile sessions, announcements, tasks, lists of benefits and surveys, as they are typed."""

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bakhong.accounts.models import User
from bakhong.accounts.rules.roles import ROLES
from bakhong.core.days import VIET_NAM
from bakhong.core.ids import new_uuid
from bakhong.core.text import squeeze
from bakhong.outreach.models import BenefitKind, MobileSession, ProviderKind
from bakhong.outreach.rules.tasks import PARTNERS
from bakhong.people.rules.services import services
from bakhong.places.models import Unit
from bakhong.ui.figures import language
from bakhong.ui.forms import DayField

_HOUR = re.compile(r"(\d{1,2})\s*(?:h|g|:|giờ)?\s*(\d{2})?\s*(?:phút)?", re.IGNORECASE)
COUNTED_WORDS = {
    "person": _("người"),
    "household": _("hộ"),
    "subscription": _("thuê bao"),
    "organisation": _("hộ kinh doanh, doanh nghiệp"),
}


def parse_hour(text: str) -> time | None:
    """
    >>> [str(parse_hour(each)) for each in ("7h30", "07:30", "7 giờ", "730", "25h")]
    ['07:30:00', '07:30:00', '07:00:00', '07:30:00', 'None']
    """
    match = _HOUR.fullmatch(text.strip())
    if not match or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return None
    return time(int(match[1]), int(match[2] or 0))


class HourField(forms.Field):
    """An hour as people write it, given back as `datetime.time`."""

    widget = forms.TextInput(attrs={"class": "bk-day", "autocomplete": "off"})
    default_error_messages = {
        "invalid": _("Giờ này không đọc được. Gõ 7h30 hoặc 14h."),
        "required": _("Cần gõ giờ, ví dụ 7h30."),
    }

    def to_python(self, value: Any) -> time | None:
        if value in self.empty_values:
            return None
        hour = value if isinstance(value, time) else parse_hour(str(value))
        if hour is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return hour


def service_choices(*counted: str) -> list[tuple[str, str]]:
    """The services counted so (none: all), in the order of display."""
    return [
        (code, each.name(language()))
        for code, each in services().items()
        if not counted or each.counted in counted
    ]


class PlannedForm(forms.Form):
    """`client_key` makes the form sent twice one thing."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    def blank(cls, **given: Any) -> Any:
        """The empty form. `places` and `people` are what there is to choose from, all else is filled in."""
        options = {name: given.pop(name) for name in ("places", "people") if name in given}
        return cls(**options, initial={"client_key": new_uuid(), **given})


class PlacedForm(PlannedForm):
    """Somewhere in the unit. With one place there is nothing to choose."""

    place = forms.ModelChoiceField(
        label=_("Ở thôn nào"), queryset=Unit.objects.none(), to_field_name="uuid", empty_label=None
    )

    def __init__(self, *args: Any, places: Sequence[Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["place"]
        field.queryset = Unit.objects.filter(pk__in=[each.pk for each in places])
        named = [(str(each.uuid), each.full_name) for each in places]
        field.choices = named if len(named) == 1 else [("", _("Chọn thôn")), *named]


class HeldForm(PlacedForm):
    """Something on a day between two hours."""

    venue = forms.CharField(label=_("Tại đâu"), max_length=200, help_text=_("Ví dụ: nhà văn hoá thôn."))
    day = DayField(label=_("Ngày"))
    starts = HourField(label=_("Từ mấy giờ"), help_text=_("Ví dụ: 7h30"))
    ends = HourField(label=_("Đến mấy giờ"), help_text=_("Ví dụ: 11h"))

    def held(self) -> dict[str, Any]:
        """place, venue, starts_at and ends_at."""
        data = self.cleaned_data
        return {
            "place": data["place"],
            "venue": data["venue"],
            "starts_at": datetime.combine(data["day"], data["starts"], VIET_NAM),
            "ends_at": datetime.combine(data["day"], data["ends"], VIET_NAM),
        }


class TrainingForm(HeldForm):
    title = forms.CharField(label=_("Tên buổi tập huấn"), max_length=200)
    trainer = forms.CharField(label=_("Người hướng dẫn"), max_length=120)
    services = forms.MultipleChoiceField(
        label=_("Hướng dẫn làm gì"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Kỹ năng số cơ bản luôn được tính. Chọn thêm dịch vụ để về sau biết buổi này có tác dụng không."
        ),
    )
    field_order = ("title", "place", "venue", "day", "starts", "ends", "trainer", "services")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["services"]
        field.choices = [each for each in service_choices("person") if each[0] != "digital_skills"]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return self.held() | {name: data[name] for name in ("title", "trainer", "services", "client_key")}


class SessionForm(HeldForm):
    provider_kind = forms.ChoiceField(
        label=_("Ai đến làm"), choices=ProviderKind.choices, widget=forms.RadioSelect
    )
    provider = forms.CharField(
        label=_("Tên đơn vị"),
        max_length=120,
        help_text=_("Ví dụ: Công an xã, Agribank chi nhánh Thường Xuân."),
    )
    services = forms.MultipleChoiceField(label=_("Làm những gì"), widget=forms.CheckboxSelectMultiple)
    capacity = forms.IntegerField(label=_("Làm được cho bao nhiêu người"), min_value=1, max_value=1000)
    bring = forms.CharField(
        label=_("Người dân cần mang gì"),
        max_length=300,
        required=False,
        help_text=_("Ví dụ: thẻ căn cước, điện thoại của mình."),
    )
    field_order = (
        "provider_kind",
        "provider",
        "services",
        "place",
        "venue",
        "day",
        "starts",
        "ends",
        "capacity",
        "bring",
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["services"]
        field.choices = service_choices()

    @classmethod
    def of(cls, session: MobileSession, *, places: Sequence[Unit]) -> "SessionForm":
        """The form as the session stands."""
        starts, ends = session.starts_at.astimezone(VIET_NAM), session.ends_at.astimezone(VIET_NAM)
        names = ("provider_kind", "provider", "services", "venue", "capacity", "bring", "client_key")
        stands = {name: getattr(session, name) for name in names}
        more = {
            "place": session.place.uuid,
            "day": starts.date(),
            "starts": f"{starts:%H:%M}",
            "ends": f"{ends:%H:%M}",
        }
        return cls(places=places, initial=stands | more)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = ("provider_kind", "provider", "services", "capacity", "bring", "client_key")
        return self.held() | {name: data[name] for name in names}


class AnnouncementForm(PlannedForm):
    title = forms.CharField(label=_("Tiêu đề"), max_length=120)
    body = forms.CharField(
        label=_("Nội dung"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Câu ngắn, nói rõ việc gì, ở đâu, khi nào, mang gì. Không ghi đường link, không hỏi mã OTP."
        ),
    )
    villages = forms.ModelMultipleChoiceField(
        label=_("Cho thôn nào"),
        queryset=Unit.objects.none(),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Không chọn thì cho cả địa bàn."),
    )
    starts_on = DayField(label=_("Từ ngày"))
    ends_on = DayField(label=_("Đến hết ngày"))

    def __init__(self, *args: Any, places: Sequence[Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["villages"]
        field.queryset = Unit.objects.filter(pk__in=[each.pk for each in places])
        field.choices = [(str(each.uuid), each.full_name) for each in places]

    def values(self) -> dict[str, Any]:
        return self.cleaned_data | {"villages": list(self.cleaned_data["villages"])}


class TaskForm(PlacedForm):
    title = forms.CharField(label=_("Việc cần làm"), max_length=200)
    who = forms.ChoiceField(label=_("Giao cho"))
    body = forms.CharField(
        label=_("Thay mặt tổ chức nào"), max_length=120, required=False, help_text=_("Ví dụ: Hội Phụ nữ.")
    )
    due_on = DayField(label=_("Hạn làm"))
    service = forms.ChoiceField(
        label=_("Đo bằng dịch vụ nào"), required=False, help_text=_("Phần mềm tự đếm từ danh sách người dân.")
    )
    wanted = forms.IntegerField(label=_("Cần có bao nhiêu"), required=False, min_value=1, max_value=1_000_000)
    detail = forms.CharField(
        label=_("Nói rõ thêm"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("title", "place", "who", "body", "due_on", "service", "wanted", "detail")

    def __init__(self, *args: Any, people: Sequence[User], **more: Any) -> None:
        super().__init__(*args, **more)
        self.people = {str(each.uuid): each for each in people}
        who: Any = self.fields["who"]
        who.choices = [
            ("", _("Chọn người hoặc vai trò")),
            (
                _("Tất cả người giữ vai trò"),
                [(f"role:{code}", ROLES[code].name(language())) for code in PARTNERS],
            ),
            (_("Một người"), [(key, str(each)) for key, each in self.people.items()]),
        ]
        service: Any = self.fields["service"]
        service.choices = [
            ("", _("Không đo được bằng số")),
            *(
                (code, f"{name} ({COUNTED_WORDS[services()[code].counted]})")
                for code, name in service_choices()
            ),
        ]

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        who = data.pop("who")
        role = who.removeprefix("role:") if who.startswith("role:") else ""
        return data | {"role": role, "assigned_to": self.people.get(who)}


class PasteForm(forms.Form):
    """A list as it is copied from a spreadsheet."""

    kind = forms.ChoiceField(label=_("Loại chế độ"), choices=BenefitKind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Danh sách, mỗi dòng một người"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "Chép từ Excel rồi dán vào đây: họ tên, năm sinh hoặc số định danh, nhận tiền mặt hay tài khoản."
        ),
    )
    paid_by = forms.CharField(
        label=_("Nơi chi trả"),
        max_length=120,
        required=False,
        help_text=_("Ví dụ: Bưu điện, Bảo hiểm xã hội."),
    )
    true_from = DayField(
        label=_("Danh sách đúng từ ngày"),
        required=False,
        help_text=_("Bỏ trống nếu không rõ. Ví dụ: 06/05/2025"),
    )


class SurveyForm(PlannedForm):
    title = forms.CharField(label=_("Tên khảo sát"), max_length=200)
    question = forms.CharField(
        label=_("Câu hỏi"), max_length=300, help_text=_("Một câu, hỏi được tại nhà và trả lời được ngay.")
    )
    choices = forms.CharField(
        label=_("Các câu trả lời, mỗi dòng một câu"),
        max_length=800,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Câu đầu tiên là câu được tính tỷ lệ."),
    )
    age_min = forms.IntegerField(label=_("Hỏi người từ bao nhiêu tuổi"), min_value=0, max_value=100)
    margin = forms.TypedChoiceField(
        label=_("Chấp nhận sai số"),
        coerce=int,
        choices=[(each, f"± {each}%") for each in (3, 5, 7, 10)],
        help_text=_("Sai số nhỏ thì phải hỏi nhiều người hơn."),
    )
    by_village = forms.BooleanField(label=_("Chia đều theo thôn"), required=False)

    def clean_choices(self) -> list[str]:
        return [found for each in self.cleaned_data["choices"].splitlines() if (found := squeeze(each))]

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return data | {"counted": data["choices"][0] if data["choices"] else ""}
