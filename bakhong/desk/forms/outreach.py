"""Teams, campaigns, conditions, plans, notices and claims, as they are typed."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.permissions import covered_ids, live
from bakhong.outreach.models import Campaign, MemberRole, PartOfDay, Road, Team, TeamMember
from bakhong.outreach.queries.needs import person_services
from bakhong.outreach.rules.allowances import allowances
from bakhong.outreach.rules.sweep import part_kinds
from bakhong.people.rules.services import services
from bakhong.places.models import Unit
from bakhong.ui.figures import language
from bakhong.ui.forms import DayField

SIGNAL = (
    ("", _("Chưa rõ")),
    ("0", _("0: không có sóng dữ liệu")),
    ("1", _("1: chỉ vài chỗ có")),
    ("2", _("2: yếu, hay mất")),
    ("3", _("3: đủ dùng")),
    ("4", _("4: tốt khắp nơi")),
)


def service_choices(codes: Sequence[str] = ()) -> list[tuple[str, str]]:
    return [(code, services()[code].name(language())) for code in person_services(codes)]


def unit_choices(units: Sequence[Unit]) -> list[tuple[str, str]]:
    return [(str(unit.uuid), unit.full_name) for unit in units]


def _set_choices(field: forms.Field, choices: Any) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class OfVillages(forms.Form):
    """A form in which villages of a commune are ticked."""

    villages = forms.MultipleChoiceField(
        label=_("Các thôn"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, places: Sequence[Unit] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = {str(unit.uuid): unit for unit in places}
        _set_choices(self.fields["villages"], unit_choices(places))

    def chosen_villages(self) -> list[Unit]:
        return [self.places[key] for key in self.cleaned_data["villages"]]


class TeamForm(OfVillages):
    name = forms.CharField(
        label=_("Tên tổ"), max_length=120, help_text=_("Ví dụ: Tổ công nghệ số cộng đồng thôn Xuân Thành.")
    )
    valid_from = DayField(label=_("Hoạt động từ ngày"))
    decision = forms.CharField(label=_("Quyết định thành lập"), max_length=120, required=False)
    continues = forms.ChoiceField(label=_("Tiếp nối tổ cũ nào (sau khi nhập xã)"), required=False)
    field_order = ("name", "villages", "valid_from", "decision", "continues")

    def __init__(self, *args: Any, teams: Sequence[Team] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.teams = {str(team.uuid): team for team in teams}
        choices = [(key, f"{team.name}, {team.unit.full_name}") for key, team in self.teams.items()]
        _set_choices(self.fields["continues"], [("", _("Tổ mới")), *choices])

    def values(self) -> dict[str, Any]:
        """Keyword arguments of make_team."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "valid_from": data["valid_from"],
            "decision": data["decision"],
            "villages": self.chosen_villages(),
            "continues": self.teams.get(data["continues"]),
        }


class MemberForm(forms.Form):
    user = forms.ChoiceField(
        label=_("Người đã có tài khoản"),
        required=False,
        help_text=_("Không có thì ghi họ tên và số điện thoại."),
    )
    name = forms.CharField(label=_("Họ và tên"), max_length=120, required=False)
    phone = forms.CharField(label=_("Số điện thoại"), max_length=20, required=False)
    role = forms.ChoiceField(label=_("Trong tổ là"), choices=MemberRole.choices, initial=MemberRole.MEMBER)
    position = forms.CharField(
        label=_("Đang làm gì ở thôn"),
        max_length=120,
        required=False,
        help_text=_("Trưởng thôn, đoàn thanh niên, phụ nữ…"),
    )
    valid_from = DayField(label=_("Tham gia từ ngày"))
    substitutes = forms.ChoiceField(label=_("Thay cho ai"), required=False)
    valid_to = DayField(
        label=_("Thôi tham gia từ ngày"), required=False, help_text=_("Chỉ ghi khi thay một thời gian.")
    )

    def __init__(
        self, *args: Any, users: Sequence[User] = (), members: Sequence[TeamMember] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.users = {str(user.uuid): user for user in users}
        self.members = {str(member.uuid): member for member in members}
        _set_choices(
            self.fields["user"], [("", "–"), *((key, str(user)) for key, user in self.users.items())]
        )
        _set_choices(
            self.fields["substitutes"],
            [("", "–"), *((key, member.name) for key, member in self.members.items())],
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("user") and not data.get("name"):
            self.add_error("name", _("Ghi họ và tên, hoặc chọn người đã có tài khoản."))
        return data

    def values(self) -> dict[str, Any]:
        """Keyword arguments of add_member."""
        data = dict(self.cleaned_data)
        return data | {
            "user": self.users.get(data["user"]),
            "substitutes": self.members.get(data["substitutes"]),
        }


def staff_of(unit: Unit, on: date) -> list[User]:
    """Whoever holds a role at the unit or below it that day, by name."""
    held = Assignment.objects.filter(live(on), place__in=covered_ids([unit.pk], on)).values("user")
    return list(User.objects.filter(pk__in=held, is_active=True).order_by("name", "pk"))


class CampaignForm(OfVillages):
    name = forms.CharField(
        label=_("Tên đợt ra quân"), max_length=200, help_text=_("Ví dụ: 30 ngày đêm kích hoạt VNeID.")
    )
    services = forms.MultipleChoiceField(label=_("Các dịch vụ"), widget=forms.CheckboxSelectMultiple)
    starts_on = DayField(label=_("Từ ngày"))
    ends_on = DayField(label=_("Đến hết ngày"))
    decision = forms.CharField(label=_("Theo kế hoạch, quyết định nào"), max_length=200, required=False)
    field_order = ("name", "services", "villages", "starts_on", "ends_on", "decision")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _set_choices(self.fields["services"], service_choices())

    def values(self) -> dict[str, Any]:
        """Keyword arguments of open_campaign."""
        return dict(self.cleaned_data) | {"villages": self.chosen_villages()}


class ConditionForm(forms.Form):
    village = forms.ChoiceField(label=_("Thôn"))
    on = DayField(label=_("Thấy vào ngày"))
    signal = forms.ChoiceField(label=_("Sóng di động"), choices=SIGNAL, required=False)
    distance_km = forms.CharField(label=_("Cách trung tâm xã (km)"), max_length=8, required=False)
    base_stations = forms.IntegerField(
        label=_("Số trạm phát sóng"), required=False, min_value=0, max_value=1000
    )
    road = forms.ChoiceField(
        label=_("Đường vào"), choices=[("", _("Chưa rõ")), *Road.choices], required=False
    )
    source = forms.CharField(label=_("Biết từ đâu"), max_length=200, required=False)
    note = forms.CharField(label=_("Ghi chú"), max_length=300, required=False)

    def __init__(self, *args: Any, places: Sequence[Unit] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = {str(unit.uuid): unit for unit in places}
        _set_choices(self.fields["village"], unit_choices(places))

    def clean_distance_km(self) -> Decimal | None:
        text = self.cleaned_data["distance_km"].strip().replace(",", ".")
        if not text:
            return None
        if not re.fullmatch(r"\d{1,3}(\.\d)?", text):
            raise ValidationError(_("Ghi số ki-lô-mét, ví dụ 12 hoặc 12,5."))
        return Decimal(text)

    def values(self) -> dict[str, Any]:
        """Keyword arguments of record_condition."""
        data = dict(self.cleaned_data)
        return data | {
            "village": self.places[data["village"]],
            "signal": int(data["signal"]) if data["signal"] else None,
        }


class PlanForm(forms.Form):
    """For which campaign, and with which weights; the usual ones are filled in."""

    campaign = forms.ChoiceField(label=_("Cho đợt ra quân"), required=False)

    def __init__(self, *args: Any, campaigns: Sequence[Campaign] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.campaigns = {str(each.uuid): each for each in campaigns}
        choices = [(key, each.name) for key, each in self.campaigns.items()]
        _set_choices(self.fields["campaign"], [*choices, ("", _("Mọi dịch vụ, cả xã"))])
        for code, kind in part_kinds().items():
            self.fields[f"weight_{code}"] = forms.IntegerField(
                label=kind.en if language() == "en" else kind.vi,
                min_value=0,
                max_value=100,
                initial=kind.weight,
            )

    def values(self) -> dict[str, Any]:
        """Keyword arguments of plan_sweep."""
        data = self.cleaned_data
        return {
            "campaign": self.campaigns.get(data["campaign"]),
            "weights": {code: data[f"weight_{code}"] for code in part_kinds()},
        }

    @property
    def weights(self) -> list[forms.BoundField]:
        return [self[f"weight_{code}"] for code in part_kinds()]


class NoticeForm(forms.Form):
    team = forms.ChoiceField(label=_("Tổ sẽ đến"))
    planned_on = DayField(label=_("Ngày đến"))
    part_of_day = forms.ChoiceField(label=_("Buổi"), choices=PartOfDay.choices)

    def __init__(self, *args: Any, teams: Sequence[Team] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.teams = {str(team.uuid): team for team in teams}
        _set_choices(self.fields["team"], [(key, team.name) for key, team in self.teams.items()])

    def values(self) -> dict[str, Any]:
        """Keyword arguments of make_notice."""
        return dict(self.cleaned_data) | {"team": self.teams[self.cleaned_data["team"]]}


def _amount(text: str) -> int:
    digits = re.sub(r"[\s.đĐ]", "", text)
    if not re.fullmatch(r"\d{1,9}", digits):
        raise ValidationError(_("Ghi số đồng, ví dụ 300.000."))
    return int(digits)


class ClaimForm(forms.Form):
    team = forms.ChoiceField(label=_("Tổ"))
    month = forms.CharField(label=_("Tháng"), max_length=7, help_text=_("Ví dụ: 11/2026."))
    team_amount = forms.CharField(label=_("Cho tổ, mỗi tháng (đồng)"), max_length=12)
    day_amount = forms.CharField(label=_("Cho mỗi người, mỗi ngày đi (đồng)"), max_length=12)
    basis = forms.CharField(
        label=_("Căn cứ của mức chi"),
        max_length=300,
        help_text=_("Số, ngày và nơi ban hành của nghị quyết, quyết định."),
    )

    def __init__(self, *args: Any, teams: Sequence[Team] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.teams = {str(team.uuid): team for team in teams}
        _set_choices(self.fields["team"], [(key, team.name) for key, team in self.teams.items()])

    @staticmethod
    def preset(code: str) -> dict[str, str]:
        """What a known allowance fills in; nothing where it is not known."""
        known = allowances().get(code)
        if known is None:
            return {}
        return {
            "team_amount": f"{known.team_amount:,}".replace(",", "."),
            "day_amount": f"{known.day_amount:,}".replace(",", "."),
            "basis": known.vi,
        }

    def clean_month(self) -> date:
        match = re.fullmatch(r"\s*(\d{1,2})\s*[/.\-]\s*(\d{4})\s*", self.cleaned_data["month"])
        if not match or not 1 <= int(match[1]) <= 12 or not 2020 <= int(match[2]) < 2100:
            raise ValidationError(_("Ghi tháng và năm, ví dụ 11/2026."))
        return date(int(match[2]), int(match[1]), 1)

    def clean_team_amount(self) -> int:
        return _amount(self.cleaned_data["team_amount"])

    def clean_day_amount(self) -> int:
        return _amount(self.cleaned_data["day_amount"])

    def values(self) -> dict[str, Any]:
        """Keyword arguments of draft_claim."""
        return dict(self.cleaned_data) | {"team": self.teams[self.cleaned_data["team"]]}
