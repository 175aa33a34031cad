"""Households, household businesses, enterprises and phone subscriptions: some services are counted for them, not for persons."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.permissions import covered_ids
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.forms.registers import EndForm, OrganisationForm, SubscriptionForm
from bakhong.desk.frame import BadQuestion, now, page, today, unit_page
from bakhong.desk.service_lines import lines_of
from bakhong.desk.views.people import is_uuid, places_below
from bakhong.people import actions as deeds
from bakhong.people.models import Household, Organisation, OrganisationKind, Person, PhoneSubscription
from bakhong.people.permissions import EDIT, VIEW
from bakhong.people.queries import registers
from bakhong.people.queries.identity import mask
from bakhong.people.queries.records import person_at
from bakhong.people.rules.services import Service, reached, services_for
from bakhong.places.models import Unit

PER_PAGE = 50


@unit_page(VIEW)
def organisations(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?q=` a name, `?village= &kind= &missing=` (a service's code) filter."""
    sought = _sought(request)
    found = registers.organisations(request.actor, unit, today(), sought)
    everything = registers.organisations(request.actor, unit, today(), registers.Sought())
    return _list(request, unit, "organisation", found, everything, sought, kinds=OrganisationKind.choices)


@unit_page(VIEW)
def subscriptions(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?q=` a holder's name, `?village= &missing=` filter. Numbers are masked."""
    sought = _sought(request)
    found = registers.subscriptions(request.actor, unit, today(), sought)
    everything = registers.subscriptions(request.actor, unit, today(), registers.Sought())
    return _list(request, unit, "subscription", found, everything, sought)


@unit_page(VIEW)
def households(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?q=` a member's name, `?village= &missing=` filter. Shown by the name of who heads them."""
    sought = _sought(request)
    found = registers.households(request.actor, unit, today(), sought)
    everything = registers.households(request.actor, unit, today(), registers.Sought())
    return _list(request, unit, "household", found, everything, sought, active="services")


def _sought(request: StaffRequest) -> registers.Sought:
    asked = {
        name: request.GET.get(name, "").strip()[:100].replace("\x00", "")
        for name in ("village", "kind", "missing")
    }
    if asked["village"] and not is_uuid(asked["village"]):
        raise BadQuestion(_("Không có địa bàn này trong danh sách."))
    return registers.Sought(text=request.GET.get("q", "").strip()[:100].replace("\x00", ""), **asked)


def _list(
    request: StaffRequest,
    unit: Unit,
    kind: Any,
    found: Any,
    everything: Any,
    sought: registers.Sought,
    *,
    active: str = "",
    **more: Any,
) -> HttpResponse:
    """Every line with the services counted for its kind; above, how many of all have each."""
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    counted = services_for(kind)
    states = registers.states_of(kind, [each.pk for each in shown], today())
    return page(
        request,
        f"desk/people/{kind}s.html",
        unit=unit,
        active=active or f"{kind}s",
        shown=shown,
        services=counted,
        lines=[(_told(each), _shown_name(each), _states(counted, states.get(each.pk, {}))) for each in shown],
        sums=_sums(kind, counted, everything),
        sought=sought,
        places=places_below(unit),
        may_edit=request.actor.may(EDIT, unit.pk),
        **more,
    )


def _told(row: Any) -> Any:
    """A subscription shows its number masked and its device in words."""
    if isinstance(row, PhoneSubscription):
        row.__dict__ |= {"masked": mask(row.number), "device_word": device_word(row)}
    return row


def _shown_name(row: Any) -> str:
    if isinstance(row, Organisation):
        return row.name
    if isinstance(row, Household):
        return str(row.head)  # type: ignore[attr-defined]  # annotated by the query
    holder = row.person or row.organisation
    return holder.name if holder else _("Chưa rõ của ai")


def _states(counted: Sequence[Service], states: dict[str, str]) -> list[tuple[Service, bool]]:
    return [(each, reached(states.get(each.code, ""), each.counts_from)) for each in counted]


def _sums(kind: Any, counted: Sequence[Service], everything: Any) -> list[tuple[Service, int, int]]:
    """(service, how many have it, of how many) among all of the unit, whatever is filtered."""
    ids = list(everything.values_list("pk", flat=True))
    states = registers.states_of(kind, ids, today())
    has = [pairs for pk in ids if (pairs := _states(counted, states.get(pk, {})))]
    return [
        (
            each,
            sum(1 for pairs in has for service, is_there in pairs if is_there and service is each),
            len(ids),
        )
        for each in counted
    ]


@unit_page(EDIT, post=EDIT)
def new_organisation(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """`?owner=` the uuid of the person who owns it, from their page."""
    owner = _person(request, unit, "owner")
    places = _places(unit, owner)
    form = OrganisationForm(request.POST if request.method == "POST" else None, places=places)
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.add_organisation(owner=owner, by=request.actor, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã thêm %(name)s.") % {"name": made.name})
            return redirect("desk:organisation", unit=unit.uuid, organisation=made.uuid)
    title = _("Thêm hộ kinh doanh, doanh nghiệp")
    if owner:
        title = _("Thêm hộ kinh doanh, doanh nghiệp của %(name)s") % {"name": owner.name}
    return _form_page(request, unit, form, title, _("Lưu"), "organisations")


@unit_page(EDIT, post=EDIT)
def new_subscription(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """`?person=` the uuid of who uses it, from their page."""
    person = _person(request, unit, "person")
    places = _places(unit, person)
    form = SubscriptionForm(request.POST if request.method == "POST" else None, places=places)
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.record_subscription(person=person, by=request.actor, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã ghi thuê bao."))
            return redirect("desk:subscription", unit=unit.uuid, subscription=made.uuid)
    title = _("Ghi một thuê bao điện thoại")
    if person:
        title = _("Ghi thuê bao điện thoại của %(name)s") % {"name": person.name}
    return _form_page(request, unit, form, title, _("Lưu thuê bao"), "subscriptions")


@unit_page(VIEW, post=EDIT)
def organisation(request: StaffRequest, unit: Unit, organisation: UUID) -> HttpResponseBase:
    """POST: it has ended from a day on."""
    found: Organisation = _row(request, unit, Organisation, organisation)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"ended_on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            deeds.close_organisation(
                organisation=found, ended_on=form.cleaned_data["ended_on"], by=request.actor, at=now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã ghi ngừng hoạt động."))
            return redirect("desk:organisations", unit=unit.uuid)
    rows = [
        {"key": _("Loại hình"), "value": found.get_kind_display()},
        {"key": _("Thôn"), "value": found.village.full_name},
        {"key": _("Chủ"), "value": found.owner.name if found.owner else _("chưa rõ")},
        {"key": _("Mã số thuế"), "value": found.tax_code or _("chưa rõ")},
    ]
    return _subject_page(request, unit, "organisation", found, found.name, rows, form)


@unit_page(VIEW, post=EDIT)
def subscription(request: StaffRequest, unit: Unit, subscription: UUID) -> HttpResponseBase:
    """POST: it is no longer in use from a day on."""
    found: PhoneSubscription = _row(request, unit, PhoneSubscription, subscription)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"ended_on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            deeds.end_subscription(
                subscription=found, ended_on=form.cleaned_data["ended_on"], by=request.actor, at=now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã ghi ngừng dùng."))
            return redirect("desk:subscriptions", unit=unit.uuid)
    rows = [
        {"key": _("Thôn"), "value": found.village.full_name},
        {"key": _("Của ai"), "value": _shown_name(found)},
        {"key": _("Dùng với máy gì"), "value": device_word(found)},
    ]
    title = _("Thuê bao %(number)s") % {"number": mask(found.number)}
    return _subject_page(request, unit, "subscription", found, title, rows, form)


def device_word(row: PhoneSubscription) -> str:
    if row.is_smartphone is None:
        return _("chưa rõ")
    return _("điện thoại thông minh") if row.is_smartphone else _("điện thoại thường")


def _row(request: StaffRequest, unit: Unit, model: Any, uuid: UUID) -> Any:
    """Raises: NotFound when it is not there, or elsewhere."""
    found = model.objects.for_user(request.actor).filter(uuid=uuid).select_related("village").first()
    if found is None or found.village_id not in covered_ids([unit.pk], today()):
        raise NotFound("")
    return found


def _person(request: StaffRequest, unit: Unit, name: str) -> Person | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    if not is_uuid(text):
        raise BadQuestion(_("Không có người này."))
    return person_at(request.actor, unit, today(), UUID(text))


def _places(unit: Unit, person: Person | None) -> list[Unit]:
    return [person.village] if person else places_below(unit)


def _subject_page(
    request: StaffRequest, unit: Unit, kind: str, found: Any, title: str, rows: Any, form: EndForm
) -> HttpResponse:
    states = registers.states_of(kind, [found.pk], today()).get(found.pk, {})
    return page(
        request,
        "desk/people/subject.html",
        unit=unit,
        active=f"{kind}s",
        status=422 if form.is_bound else 200,
        subject=found,
        kind=kind,
        title=title,
        rows=rows,
        states=_states(services_for(kind), states),  # type: ignore[arg-type]
        end_form=form,
        service_lines=lines_of(found, today(), request.actor.id),
        may_edit=request.actor.may(EDIT, found.village_id),
    )


def _form_page(
    request: StaffRequest, unit: Unit, form: Any, title: str, button: str, active: str
) -> HttpResponse:
    return page(
        request,
        "desk/people/register_form.html",
        unit=unit,
        active=active,
        status=422 if form.is_bound else 200,
        form=form,
        heading=title,
        button_label=button,
        back=f"desk:{active}",
    )
