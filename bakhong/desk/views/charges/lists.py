"""A list of who owes how much, from Excel: sent, looked through with its columns and doubts, raised, withdrawn as a whole."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.desk.forms.charges import ChargeListForm
from bakhong.desk.frame import BadQuestion, now, page, sent_as, today, unit_page
from bakhong.desk.list_columns import NOT_USED, fields_said
from bakhong.desk.views.charges.listing import MOST_BILLS
from bakhong.desk.views.money.choosing import billers_here, chosen, switch
from bakhong.payments.actions.charge_lists import Asked, Judged, judge_list, raise_list, withdraw_list
from bakhong.payments.actions.list_again import may_go_on
from bakhong.payments.charge_files import FIELD_NAMES, ChargeFile, read_charge_file, sentence
from bakhong.payments.models import Biller, Charge, ChargeList, ChargeState
from bakhong.payments.permissions import CHARGE, VIEW, billers_for
from bakhong.payments.queries.providers import remembered_columns
from bakhong.payments.rules.services import service_name
from bakhong.people.uploads import Upload, keep, kept, new_upload
from bakhong.places.models import Unit
from bakhong.ui.figures import language

SHOWN = 300  # doubts on a page
SAMPLE = 10
TIMES = 40
DOUBLES = "with_doubles"  # in the answers kept with a file: equal rows are of different people


@unit_page(VIEW, post=CHARGE)
def new(request: StaffRequest, unit: Unit, biller: UUID | None = None) -> HttpResponseBase:
    """A file is sent here; nothing is charged before it is looked through. Below it, the lists that were raised."""
    one = chosen(request, unit, biller)
    form = None
    if one is not None:
        form = ChargeListForm(request.POST or None, request.FILES or None, biller=one, today=today())
        if request.method == "POST" and form.is_valid():
            try:
                return _receive(request, unit, one, form)
            except Refusal as refusal:
                form.add_error("file", str(refusal))
    return page(
        request,
        "desk/charges/list_new.html",
        unit=unit,
        active="charge_list_new",
        status=422 if form is not None and form.errors else 200,
        biller=one,
        billers=switch(request, unit, "desk:charge_list_new", one),
        form=form,
        lists=[_line(each) for each in _lists(one)[:TIMES]] if one else [],
    )


def _lists(biller: Biller) -> QuerySet[ChargeList]:
    paid = Q(charges__state=ChargeState.PAID)
    return (
        ChargeList.objects.filter(biller=biller)
        .annotate(paid=Count("charges", filter=paid), received=Sum("charges__amount", filter=paid))
        .order_by("-pk")
    )


def _line(batch: ChargeList) -> dict[str, Any]:
    return {"list": batch, "service": service_name(batch.service, language())}


def _receive(request: StaffRequest, unit: Unit, biller: Biller, form: ChargeListForm) -> HttpResponseBase:
    told = form.cleaned_data
    content, name = told["file"].read(), told["file"].name
    read_charge_file(content, filename=name)  # refused here, before anything is kept
    upload = new_upload(
        content=content, filename=name, commune_id=unit.pk, actor_id=request.actor.id, as_of=told["period"]
    )
    asked = {"service": told["service"], "title": told["title"]}
    if told["due_on"]:
        asked["due"] = told["due_on"].isoformat()
    where = reverse("desk:charge_list_check", args=[unit.uuid, biller.uuid, upload.uuid])
    return redirect(f"{where}?{urlencode(asked)}")


def _asked(request: StaffRequest, upload: Upload) -> Asked:
    """What the list is for, from the address. Raises: BadQuestion."""
    try:
        due = date.fromisoformat(request.GET["due"][:10]) if request.GET.get("due") else None
    except ValueError:
        raise BadQuestion(_("Hạn trả này không đọc được. Hãy gửi lại tệp.")) from None
    return Asked(request.GET.get("service", "")[:20], request.GET.get("title", "")[:120], upload.as_of, due)


def _read(biller: Biller, upload: Upload) -> ChargeFile:
    return read_charge_file(
        upload.content,
        filename=upload.filename,
        remembered=remembered_columns(biller),
        chosen=upload.fields,
        with_doubles=upload.meanings.get(DOUBLES, False),
    )


@unit_page(CHARGE, post=CHARGE)
def check(request: StaffRequest, unit: Unit, biller: UUID, upload: UUID) -> HttpResponseBase:
    """The columns as proposed, what would be charged, doubts by cell. POST `deed`: check (look again) or raise."""
    one = chosen(request, unit, biller, CHARGE)
    if one is None:
        raise Http404
    sent = kept(upload, commune_id=unit.pk, actor_id=request.actor.id)
    asked = _asked(request, sent)
    problem = ""
    if request.method == "POST":
        try:
            sent = keep(_chosen(request, one, sent))
            if request.POST.get("deed") == "raise":
                return _raise(request, unit, one, asked, sent)
        except NotAllowed:
            raise
        except Refusal as refusal:
            problem = str(refusal)
    return _check_page(request, unit, one, asked, sent, problem)


def _check_page(
    request: StaffRequest, unit: Unit, biller: Biller, asked: Asked, sent: Upload, problem: str
) -> HttpResponse:
    file = _read(biller, sent)
    judged: list[Judged] = []
    try:
        judged = judge_list(biller=biller, asked=asked, file=file, by=request.actor, at=now())
    except NotAllowed:
        raise
    except Refusal as refusal:
        problem = problem or str(refusal)
    good = [each for each in judged if each.owed is not None]
    problems = [*file.totals, *(each for one in judged for each in one.line.problems)]
    return page(
        request,
        "desk/charges/list_check.html",
        unit=unit,
        active="charge_list_new",
        status=422 if problem else 200,
        biller=biller,
        asked=asked,
        service=service_name(asked.service, language()),
        upload=sent,
        problem=problem,
        file=file,
        rows=len(file.lines),
        good=len(good),
        amount=sum(each.owed.amount for each in good if each.owed),
        matched=sum(each.is_matched for each in good),
        sample=good[:SAMPLE],
        with_doubles=sent.meanings.get(DOUBLES, False),
        has_doubles=any(each.code == "row_twice" for each in problems) or sent.meanings.get(DOUBLES, False),
        sheets=list(enumerate(file.layouts)),
        fields=[(code, str(name)) for code, name in FIELD_NAMES.items()],
        problems=[
            {"place": f"{each.sheet}!{each.cell}", "words": sentence(each)} for each in problems[:SHOWN]
        ],
        problem_count=len(problems),
    )


def _chosen(request: StaffRequest, biller: Biller, upload: Upload) -> Upload:
    """What the form says of the columns, and of equal rows."""
    fields = fields_said(request, _read(biller, upload).layouts, FIELD_NAMES, twice=NOT_USED)
    return upload.chosen(upload.as_of, fields, {DOUBLES: bool(request.POST.get(DOUBLES))})


def _raise(request: StaffRequest, unit: Unit, biller: Biller, asked: Asked, sent: Upload) -> HttpResponseBase:
    done = raise_list(
        biller=biller,
        asked=asked,
        file=_read(biller, sent),
        content=sent.content,
        name=sent.filename,
        key=sent_as(request) or new_uuid(),
        by=request.actor,
        at=now(),
    )
    messages.success(request, _("Đã lập %(count)s khoản thu.") % {"count": done.batch.rows})
    return redirect("desk:charge_list", unit=unit.uuid, batch=done.batch.uuid)


@unit_page(VIEW, post=CHARGE)
def one(request: StaffRequest, unit: Unit, batch: UUID) -> HttpResponseBase:
    """What became of a list. POST withdraws what of it is not paid, with `why`."""
    found = list_here(request, unit, batch)
    problem, status = "", 200
    if request.method == "POST":
        try:
            count = withdraw_list(batch=found, why=request.POST.get("why", ""), by=request.actor, at=now())
            messages.success(request, _("Đã huỷ %(count)s khoản chưa trả của danh sách.") % {"count": count})
            return redirect("desk:charge_list", unit=unit.uuid, batch=found.uuid)
        except NotAllowed:
            raise
        except Refusal as refusal:
            problem, status = str(refusal), refusal.status
    return page(
        request,
        "desk/charges/list.html",
        unit=unit,
        active="charge_list_new" if request.actor.may(CHARGE, unit.pk) else "charges",
        status=status,
        batch=found,
        biller=found.biller,
        service=service_name(found.service, language()),
        states=_states(found),
        parts=-(-found.rows // MOST_BILLS),
        may_go_on=may_go_on(found) and billers_for(request.actor, CHARGE).filter(pk=found.biller_id).exists(),
        problem=problem,
        typed=request.POST.get("why", "")[:200],
    )


def list_here(request: StaffRequest, unit: Unit, batch: UUID, permission: str = VIEW) -> ChargeList:
    """Raises: Http404."""
    rows = ChargeList.objects.filter(biller__in=billers_here(request, unit, permission), uuid=batch)
    found: ChargeList | None = rows.select_related("biller__unit").first()
    if found is None:
        raise Http404
    return found


def _states(batch: ChargeList) -> list[dict[str, Any]]:
    rows = Charge.objects.filter(batch=batch).values("state").annotate(number=Count("pk"), sum=Sum("amount"))
    told = {each["state"]: each for each in rows}
    return [
        {"state": state, "words": label, "number": told[state]["number"], "sum": told[state]["sum"]}
        for state, label in ChargeState.choices
        if state in told
    ]
