"""Who may act for a resident: written down at the desk, with the resident there or a paper of theirs, and ended."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.frame import now, page, sent_as, today, unit_page
from bakhong.people import looks
from bakhong.people.actions.residents import end_mandate, give_mandate
from bakhong.people.models import MandateHow, MandateScope, Person, Reason
from bakhong.people.permissions import EDIT
from bakhong.people.queries.records import person_at
from bakhong.people.queries.residents import is_live, mandates_given
from bakhong.places.models import Unit
from bakhong.procedures.queries.local import catalogue
from bakhong.ui.figures import language
from bakhong.ui.forms import DayField

HOW = [choice for choice in MandateHow.choices if choice[0] != MandateHow.ONLINE]


class MandateForm(forms.Form):
    agent_name = forms.CharField(label=gettext_lazy("Họ và tên người làm thay"), max_length=120)
    agent_number = forms.CharField(
        label=gettext_lazy("Số định danh của người đó"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    relation = forms.CharField(label=gettext_lazy("Quan hệ"), max_length=60, required=False)
    how = forms.ChoiceField(label=gettext_lazy("Căn cứ"), choices=HOW, widget=forms.RadioSelect)
    evidence = forms.CharField(
        label=gettext_lazy("Giấy tờ đã xem"),
        help_text=gettext_lazy(
            "Loại giấy, số, ngày, nơi cấp. Bắt buộc khi có văn bản uỷ quyền hoặc là người giám hộ."
        ),
        max_length=200,
        required=False,
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Làm thay việc gì"), choices=MandateScope.choices, widget=forms.RadioSelect
    )
    procedures = forms.MultipleChoiceField(
        label=gettext_lazy("Những thủ tục nào"), required=False, widget=forms.CheckboxSelectMultiple
    )
    last_day = DayField(label=gettext_lazy("Đến hết ngày"))

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["procedures"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = [(each.code, each.title(language())) for each in catalogue(unit, today()).values()]


@unit_page(EDIT, post=EDIT)
def index(request: StaffRequest, unit: Unit, person: UUID) -> HttpResponseBase:
    found = person_at(request.actor, unit, today(), person)
    form = MandateForm(request.POST if request.method == "POST" else None, unit=unit)
    if request.method == "POST" and form.is_valid() and _given(request, found, form):
        messages.success(request, _("Đã ghi. Người đó đăng nhập bằng định danh của họ để làm thay."))
        return redirect("desk:person_mandates", unit=unit.uuid, person=found.uuid)
    looks.note(request, found, reason=Reason.AT_DESK)
    return page(
        request,
        "desk/people/mandates.html",
        unit=unit,
        active="residents",
        status=422 if form.is_bound else 200,
        person=found,
        form=form,
        given=[(each, is_live(each, today())) for each in mandates_given(found)],
    )


@unit_page(EDIT, post=EDIT)
def end(request: StaffRequest, unit: Unit, person: UUID, mandate: UUID) -> HttpResponseBase:
    found = person_at(request.actor, unit, today(), person)
    row = mandates_given(found).filter(uuid=mandate).first()
    if row is None:
        raise NotFound("")
    if request.method == "POST":
        end_mandate(mandate=row, by=request.actor, at=now())
        messages.success(request, _("Đã kết thúc."))
    return redirect("desk:person_mandates", unit=unit.uuid, person=found.uuid)


def _given(request: StaffRequest, person: Person, form: MandateForm) -> bool:
    said = form.cleaned_data
    try:
        give_mandate(
            principal=person,
            agent_name=said["agent_name"],
            agent_number="".join(char for char in said["agent_number"] if char in "0123456789"),
            relation=said["relation"],
            scope=said["scope"],
            procedures=said["procedures"],
            valid_to=said["last_day"] + timedelta(days=1),
            how=said["how"],
            evidence=said["evidence"],
            by=request.actor,
            at=now(),
            key=sent_as(request),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
