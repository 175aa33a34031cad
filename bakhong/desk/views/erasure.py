"""Blanking everything personal about one resident. It cannot be taken back, so it has a page of its own that says what happens."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.people import actions as deeds
from bakhong.people.permissions import ERASE
from bakhong.people.queries.records import person_at
from bakhong.places.models import Unit


class ErasureForm(forms.Form):
    ground = forms.ChoiceField(
        label=gettext_lazy("Vì sao xoá"), choices=deeds.ErasureGround.choices, widget=forms.RadioSelect
    )
    is_sure = forms.BooleanField(
        label=gettext_lazy("Tôi đã đọc những điều trên. Xoá rồi không lấy lại được.")
    )


@unit_page(ERASE, post=ERASE)
def erase(request: StaffRequest, unit: Unit, person: UUID) -> HttpResponseBase:
    found = person_at(request.actor, unit, today(), person)
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.erase_person(person=found, ground=form.cleaned_data["ground"], by=request.actor, at=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã xoá dữ liệu của người này. Nhật ký chỉ còn ghi là có việc xoá."))
            return redirect("desk:residents", unit=unit.uuid)
    status = 422 if form.is_bound else 200
    return page(
        request,
        "desk/people/erase.html",
        unit=unit,
        active="residents",
        status=status,
        form=form,
        person=found,
    )
