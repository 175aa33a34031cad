"""How this commune begins the codes of its dossiers, as the province gave it to them."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.forms.procedures import OfficeCodeForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.dossiers.actions.receiving import set_office_code
from bakhong.dossiers.queries.offices import entered_code, made_up_code
from bakhong.dossiers.queries.offices import office_code as code_of_office
from bakhong.dossiers.rules.codes import dossier_code
from bakhong.places.models import Level, Unit
from bakhong.procedures.permissions import MANAGE


@unit_page(MANAGE, post=MANAGE)
def office_code(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    if unit.level != Level.COMMUNE:
        raise NotFound("")
    posted = request.POST if request.method == "POST" else None
    form = OfficeCodeForm(posted, on=today(), initial=_standing(unit))
    if form.is_valid():
        try:
            made = set_office_code(unit=unit, by=request.actor, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            first = dossier_code(made.code, made.valid_from, 1)
            messages.success(request, _("Đã lưu. Hồ sơ đầu tiên theo mã mới: %(code)s.") % {"code": first})
            return redirect("desk:catalogue", unit=unit.uuid)
    return page(
        request,
        "desk/outreach/form.html",
        unit=unit,
        active="catalogue",
        status=422 if form.is_bound else 200,
        form=form,
        heading=_("Mã đơn vị trong mã hồ sơ"),
        intro=_("Hồ sơ đầu tiên của ngày mai sẽ mang mã %(code)s. Mã đã cấp không đổi.")
        % {"code": dossier_code(code_of_office(unit, today()), today() + timedelta(days=1), 1)},
        warnings=office_warnings(unit),
        button_label=_("Lưu mã đơn vị"),
        back_url=reverse("desk:catalogue", args=[unit.uuid]),
        back_label=_("Về danh sách thủ tục"),
    )


def office_warnings(unit: Unit) -> list[str]:
    """Said wherever codes are given, while nobody entered what is right."""
    if entered_code(unit, today()) is not None:
        return []
    return [
        _("Chưa ghi mã đơn vị do tỉnh cấp: mã hồ sơ đang bắt đầu bằng mã tạm %(code)s.")
        % {"code": made_up_code(unit, today())}
    ]


def _standing(unit: Unit) -> dict[str, object]:
    row = entered_code(unit, today())
    return {"code": row.code if row is not None else "", "valid_from": today()}
