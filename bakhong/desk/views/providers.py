"""Providers of essential services: set up, their lists of a month taken in and taken back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.desk.forms.providers import ListForm, ProviderForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.list_columns import NOT_TAKEN, fields_said
from bakhong.desk.views.cashless import month_words
from bakhong.payments import scope
from bakhong.payments.actions.billers import open_biller
from bakhong.payments.actions.providers import (
    Taken,
    take_provider_list,
    undo_provider_list,
)
from bakhong.payments.models import Biller, BillState, ProviderList
from bakhong.payments.permissions import CHARGE, MANAGE
from bakhong.payments.provider_files import FIELD_NAMES, ProviderFile, read_provider_file, sentence
from bakhong.payments.queries.cashless import month_of
from bakhong.payments.queries.providers import (
    bills_of,
    current_list,
    lists_of,
    providers_at,
    remembered_columns,
)
from bakhong.payments.rules.providers import provider_of
from bakhong.payments.rules.services import service_name
from bakhong.people.uploads import Upload, keep, kept, new_upload
from bakhong.places.models import Level, Unit
from bakhong.ui.figures import language

SHOWN = 300  # doubts on a page
PER_PAGE = 50
TIMES = 40  # earlier lists on a page


@unit_page(CHARGE, post=MANAGE)
def index(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """The commune's providers with the last month each sent; POST sets one up."""
    _check_commune(unit)
    form = ProviderForm(sent_form(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = open_biller(
                unit=unit,
                kind=form.kind,
                name=form.name_chosen,
                services=form.services_chosen,
                keeps_ledger=False,
                by=request.actor,
                at=now(),
            )
            return redirect("desk:provider", unit=unit.uuid, biller=made.uuid)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
    return page(
        request,
        "desk/providers/index.html",
        unit=unit,
        active="providers",
        status=422 if form.errors else 200,
        form=form,
        may_open=request.actor.may(MANAGE, unit.pk),
        providers=[(each, _services(each), _last(each)) for each in providers_at(request.actor, unit)],
    )


def sent_form(request: StaffRequest) -> Any:
    """What was sent, even where that is nothing; None where the page is only read."""
    return request.POST if request.method == "POST" else None


def _services(biller: Biller) -> str:
    return ", ".join(service_name(code, language()) for code in biller.services)


def _last(biller: Biller) -> ProviderList | None:
    return lists_of(biller).filter(undone_at=None).first()


@unit_page(CHARGE, post=CHARGE)
def provider(request: StaffRequest, unit: Unit, biller: UUID) -> HttpResponseBase:
    """One provider: the lists it sent. POST receives a file, which is looked through before anything is stored."""
    found = provider_here(request, unit, biller)
    form = ListForm(sent_form(request), request.FILES or None, services=found.services, today=today())
    if request.method == "POST" and form.is_valid():
        try:
            return _receive(request, unit, found, form)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
    lists = list(lists_of(found)[:TIMES])
    return page(
        request,
        "desk/providers/provider.html",
        unit=unit,
        active="providers",
        status=422 if form.errors else 200,
        biller=found,
        services=_services(found),
        shipped=provider_of(found.name),
        form=form,
        lists=[_list_line(each) for each in lists],
    )


def _list_line(each: ProviderList) -> dict[str, Any]:
    stands = current_list(each.biller, each.service, each.period)
    state = "undone" if each.undone_at else "counts" if stands == each else "replaced"
    return {
        "list": each,
        "service": service_name(each.service, language()),
        "month": month_words(each.period),
        "state": state,
    }


def _receive(request: StaffRequest, unit: Unit, biller: Biller, form: ListForm) -> HttpResponseBase:
    file = form.cleaned_data["file"]
    content = file.read()
    _read(biller, content, file.name, {})  # refused here, before anything is kept
    upload = new_upload(
        content=content,
        filename=file.name,
        commune_id=unit.pk,
        actor_id=request.actor.id,
        as_of=form.cleaned_data["month"],
    )
    return redirect(
        "desk:provider_list_check",
        unit=unit.uuid,
        biller=biller.uuid,
        service=form.cleaned_data["service"],
        upload=upload.uuid,
    )


def _read(biller: Biller, content: bytes, name: str, chosen: dict[tuple[str, int], str]) -> ProviderFile:
    return read_provider_file(
        content,
        filename=name,
        until=today(),
        remembered=remembered_columns(biller),
        chosen=chosen,
        provider=provider_of(biller.name),
    )


@unit_page(CHARGE, post=CHARGE)
def check(request: StaffRequest, unit: Unit, biller: UUID, service: str, upload: UUID) -> HttpResponseBase:
    """The columns as proposed, totals, doubts by cell. POST `deed`: check (look again) or import."""
    found = provider_here(request, unit, biller)
    if service not in found.services:
        raise Http404
    sent = kept(upload, commune_id=unit.pk, actor_id=request.actor.id)
    problem = ""
    if request.method == "POST":
        try:
            sent = keep(_chosen(request, found, sent))
            if request.POST.get("deed") == "import":
                return _import(request, unit, found, service, sent)
        except Refusal as refusal:
            problem = str(refusal)
    file = _read(found, sent.content, sent.filename, sent.fields)
    period = month_of(sent.as_of or today())
    stands = current_list(found, service, period)
    return page(
        request,
        "desk/providers/check.html",
        unit=unit,
        active="providers",
        status=422 if problem else 200,
        biller=found,
        service=service_name(service, language()),
        month=month_words(period),
        upload=sent,
        problem=problem,
        file=file,
        rejected=len(file.lines) - len(file.good),
        states=_states(file),
        stands=stands,
        is_clear=any(each.has("code", "amount") for each in file.layouts),
        sheets=list(enumerate(file.layouts)),
        fields=[(code, str(name)) for code, name in FIELD_NAMES.items()],
        problems=[
            {"place": f"{each.sheet}!{each.cell}", "words": sentence(each)} for each in file.problems[:SHOWN]
        ],
        problem_count=len(file.problems),
    )


def _states(file: ProviderFile) -> list[tuple[str, int, int]]:
    """(words, how many, đồng) of each way of having been paid."""
    return [
        (
            str(BillState(code).label),
            file.count(code),
            sum(each.amount for each in file.good if each.state == code),
        )
        for code in BillState.values
    ]


def _chosen(request: StaffRequest, biller: Biller, upload: Upload) -> Upload:
    """What the form says of the columns."""
    layouts = _read(biller, upload.content, upload.filename, {}).layouts
    fields = fields_said(request, layouts, FIELD_NAMES, twice=NOT_TAKEN)
    return upload.chosen(upload.as_of, fields, {})


def _import(
    request: StaffRequest, unit: Unit, biller: Biller, service: str, upload: Upload
) -> HttpResponseBase:
    done = take_provider_list(
        biller=biller,
        service=service,
        period=month_of(upload.as_of or today()),
        file=_read(biller, upload.content, upload.filename, upload.fields),
        file_name=upload.filename,
        content=upload.content,
        by=request.actor,
        at=now(),
    )
    messages.success(request, _words(done))
    return redirect("desk:provider_list", unit=unit.uuid, biller=biller.uuid, taken=done.batch.uuid)


def _words(done: Taken) -> str:
    return (
        _("Đã nhập %(rows)s dòng, %(customers)s khách hàng mới; %(rejected)s dòng không nhập được.")
        % done.counts()
    )


@unit_page(CHARGE)
def taken(request: StaffRequest, unit: Unit, biller: UUID, taken: UUID) -> HttpResponse:
    """The rows of a list as they were taken in."""
    found = provider_here(request, unit, biller)
    batch = _list(found, taken)
    with scope.seeing([found.pk]):
        shown = Paginator(bills_of(batch), PER_PAGE).get_page(request.GET.get("page"))
        rows = list(shown.object_list)
    return page(
        request,
        "desk/providers/list.html",
        unit=unit,
        active="providers",
        biller=found,
        line=_list_line(batch),
        rows=rows,
        shown=shown,
        cashless=f"thang={batch.period:%m/%Y}&dich-vu={batch.service}",
    )


@unit_page(CHARGE, post=CHARGE)
def undo(request: StaffRequest, unit: Unit, biller: UUID, taken: UUID) -> HttpResponseBase:
    """POST takes a list back; the earlier one of the month counts again."""
    found = provider_here(request, unit, biller)
    batch = _list(found, taken)
    if request.method == "POST":
        back = undo_provider_list(taken=batch, by=request.actor, at=now())
        messages.success(
            request,
            _("Đã thu hồi danh sách. Danh sách trước đó của tháng lại được tính.")
            if back
            else _("Đã thu hồi danh sách. Tháng này chưa có danh sách nào khác."),
        )
    return redirect("desk:provider", unit=unit.uuid, biller=found.uuid)


def provider_here(request: StaffRequest, unit: Unit, uuid: UUID) -> Biller:
    """Raises: Http404 for another's, as for one that does not exist."""
    _check_commune(unit)
    found = providers_at(request.actor, unit).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _list(biller: Biller, uuid: UUID) -> ProviderList:
    found = lists_of(biller).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _check_commune(unit: Unit) -> None:
    if unit.level != Level.COMMUNE:
        raise Http404
