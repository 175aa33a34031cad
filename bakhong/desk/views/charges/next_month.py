"""A list once more, for the next month: looked through first, then raised."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.desk.forms.charges import NextMonthForm
from bakhong.desk.frame import now, page, sent_as, today, unit_page
from bakhong.desk.views.charges.lists import SAMPLE, list_here
from bakhong.payments.actions.list_again import look_again, may_go_on, raise_again
from bakhong.payments.models import ChargeList
from bakhong.payments.permissions import CHARGE
from bakhong.payments.rules.months import in_month, month_after, same_day_next_month
from bakhong.payments.rules.services import service_name
from bakhong.places.models import Unit
from bakhong.ui.figures import language


@unit_page(CHARGE, post=CHARGE)
def next_month(request: StaffRequest, unit: Unit, batch: UUID) -> HttpResponseBase:
    """POST `deed`: check (look again with what was typed) or raise. The same form sent twice is one list."""
    found = list_here(request, unit, batch, CHARGE)
    if not may_go_on(found):
        raise Http404
    said = request.POST if request.method == "POST" else _following(found)
    form = NextMonthForm(said, biller=found.biller, today=today())
    looked = None
    if form.is_valid():
        try:
            if request.POST.get("deed") == "raise":
                return _raise(request, unit, found, form)
            looked = look_again(batch=found, by=request.actor, at=now(), **form.cleaned_data)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return page(
        request,
        "desk/charges/list_next.html",
        unit=unit,
        active="charge_list_new",
        status=422 if request.method == "POST" and form.errors else 200,
        batch=found,
        biller=found.biller,
        service=service_name(found.service, language()),
        form=form,
        sample=[each for _row, each in looked.owed[:SAMPLE]] if looked else [],
        looked=looked,
    )


def _raise(request: StaffRequest, unit: Unit, found: ChargeList, form: NextMonthForm) -> HttpResponseBase:
    """Raises: Refusal."""
    key = sent_as(request) or new_uuid()
    made = raise_again(batch=found, key=key, by=request.actor, at=now(), **form.cleaned_data)
    messages.success(request, _("Đã lập %(count)s khoản thu.") % {"count": made.rows})
    return redirect("desk:charge_list", unit=unit.uuid, batch=made.uuid)


def _following(batch: ChargeList) -> dict[str, Any]:
    """What the form says before anybody typed: the month after, its words, the same day a month later where that is to come."""
    assert batch.period is not None
    month = month_after(batch.period)
    due = same_day_next_month(batch.due_on) if batch.due_on else None
    return {
        "title": in_month(batch.title, batch.period, month)[:120],
        "period": month.isoformat(),
        "due_on": f"{due:%d/%m/%Y}" if due and due >= today() else "",
    }
