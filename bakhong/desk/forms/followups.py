"""A task as it is typed."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from bakhong.accounts.models import User
from bakhong.accounts.rules.roles import ROLES
from bakhong.core.ids import new_uuid
from bakhong.indicators.queries.followups import assignable, roles_at
from bakhong.indicators.queries.period_checks import lang
from bakhong.places.models import Unit
from bakhong.ui.forms import DayField


class FollowUpForm(forms.Form):
    """Who is to do what by when. `client_key` makes the form sent twice one task."""

    title = forms.CharField(label=_("Việc cần làm"), max_length=200)
    assigned_to = forms.ChoiceField(label=_("Giao cho"))
    due_on = DayField(label=_("Hạn làm"))
    detail = forms.CharField(
        label=_("Nói rõ thêm (không bắt buộc)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    indicator = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, unit: Unit, on: date, **options: Any) -> None:
        super().__init__(data, **options)
        self.people = {str(user.uuid): user for user in assignable(unit, on)}
        held = roles_at(unit, list(self.people.values()), on)
        choices = [(key, _person(user, held.get(user.pk, []))) for key, user in self.people.items()]
        field = self.fields["assigned_to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Chọn một người")), *choices]

    @classmethod
    def blank(cls, *, unit: Unit, on: date, **initial: Any) -> "FollowUpForm":
        return cls(unit=unit, on=on, initial={"client_key": new_uuid(), **initial})

    def values(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        data = dict(self.cleaned_data)
        user: User = self.people[data.pop("assigned_to")]
        key: UUID = data["client_key"]
        return {**data, "assigned_to": user, "client_key": key}


def _person(user: User, held: list[Any]) -> str:
    roles = [
        f"{ROLES[each.role].name(lang())}, {each.place.full_name}" for each in held if each.role in ROLES
    ]
    return f"{user} ({'; '.join(roles)})" if roles else str(user)
