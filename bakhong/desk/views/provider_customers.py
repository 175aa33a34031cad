"""Whose the customer codes of a provider are."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.desk.forms.providers import CustomerForm
from bakhong.desk.frame import now, page, sent_as, today, unit_page
from bakhong.desk.views.providers import PER_PAGE, provider_here, sent_form
from bakhong.payments import scope
from bakhong.payments.actions.providers import (
    Whose,
    end_customer_code,
    give_customer_code,
    record_customer_code,
)
from bakhong.payments.models import Biller, CustomerCode
from bakhong.payments.permissions import CHARGE
from bakhong.payments.queries.providers import customers_of, likely_organisations, likely_owners
from bakhong.payments.rules.providers import provider_of
from bakhong.payments.rules.services import service_name
from bakhong.people import scope as people_scope
from bakhong.places.models import Unit
from bakhong.places.queries import children
from bakhong.ui.figures import language


@unit_page(CHARGE, post=CHARGE)
def customers(request: StaffRequest, unit: Unit, biller: UUID) -> HttpResponseBase:
    """Everybody the provider has a code for; POST writes one down."""
    found = provider_here(request, unit, biller)
    villages = [unit, *children(unit, today())]
    form = CustomerForm(sent_form(request), services=found.services, villages=villages)
    if request.method == "POST" and form.is_valid():
        try:
            _record(request, found, form)
            messages.success(request, _("Đã ghi mã khách hàng."))
            return redirect("desk:provider_customers", unit=unit.uuid, biller=found.uuid)
        except Refusal as refusal:
            form.add_error("code", str(refusal))
    words = request.GET.get("q", "").strip()[:60]
    with scope.seeing([found.pk]):
        every = customers_of(found)
        every = (
            (every.filter(code__icontains=words) | every.filter(name__icontains=words)) if words else every
        )
        shown = Paginator(every, PER_PAGE).get_page(request.GET.get("page"))
        rows = list(shown.object_list)
    return page(
        request,
        "desk/providers/customers.html",
        unit=unit,
        active="providers",
        status=422 if form.errors else 200,
        biller=found,
        shipped=provider_of(found.name),
        form=form,
        rows=[(each, service_name(each.service, language())) for each in rows],
        shown=shown,
        words=words,
    )


def _record(request: StaffRequest, biller: Biller, form: CustomerForm) -> None:
    key = sent_as(request)
    if key is None:
        raise Refusal(_("Trang này đã cũ. Hãy mở lại rồi ghi lại."))
    record_customer_code(
        biller=biller,
        service=form.cleaned_data["service"],
        code=form.cleaned_data["code"],
        name=form.cleaned_data["name"],
        village=form.village,
        whose=Whose(),
        key=key,
        by=request.actor,
        at=now(),
    )


@unit_page(CHARGE, post=CHARGE)
def customer(request: StaffRequest, unit: Unit, biller: UUID, customer: UUID) -> HttpResponseBase:
    """Whose the code is. POST `deed`: give (with `person`), take, end."""
    found = provider_here(request, unit, biller)
    with scope.seeing([found.pk]), people_scope.seeing(request.actor):
        held = customers_of(found).filter(uuid=customer).first()
        if held is None:
            raise Http404
        likely = _likely(request, held)
        if request.method == "POST":
            return _deed(request, unit, found, held, likely)
    return page(
        request,
        "desk/providers/customer.html",
        unit=unit,
        active="providers",
        biller=found,
        customer=held,
        service=service_name(held.service, language()),
        likely=[(key, words) for key, (words, _whose) in likely.items()],
    )


def _likely(request: StaffRequest, held: CustomerCode) -> dict[str, tuple[str, Whose]]:
    """What is sent → (what is read beside it, whose the code would be): a person, their household, a business of that name."""
    found: dict[str, tuple[str, Whose]] = {}
    for person in likely_owners(request.actor, held):
        found[str(person.uuid)] = (person.name, Whose(person=person))
        home = person.household
        if home is not None:
            words = _("Cả hộ của %(name)s") % {"name": person.name}
            found[str(home.uuid)] = (words, Whose(household=home))
    for business in likely_organisations(request.actor, held):
        found[str(business.uuid)] = (
            f"{business.get_kind_display()} {business.name}",
            Whose(organisation=business),
        )
    return found


def _deed(
    request: StaffRequest,
    unit: Unit,
    biller: Biller,
    held: CustomerCode,
    likely: dict[str, tuple[str, Whose]],
) -> HttpResponseBase:
    deed = request.POST.get("deed", "")
    if deed == "end":
        end_customer_code(customer=held, by=request.actor, at=now())
        messages.success(request, _("Đã ngừng mã khách hàng. Hoá đơn các tháng trước vẫn giữ."))
        return redirect("desk:provider_customers", unit=unit.uuid, biller=biller.uuid)
    _words, whose = likely.get(request.POST.get("person", ""), ("", Whose()))
    if deed == "give" and whose == Whose():
        raise Refusal(_("Hãy chọn một người, một hộ hoặc một cơ sở trong danh sách."))
    give_customer_code(customer=held, whose=whose if deed == "give" else Whose(), by=request.actor, at=now())
    messages.success(request, _("Đã ghi mã khách hàng là của ai."))
    return redirect("desk:provider_customer", unit=unit.uuid, biller=biller.uuid, customer=held.uuid)
