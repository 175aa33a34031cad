"""Who belongs to a household: joining, leaving, another head. What was before stays in the history of each person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.text import name_key, nfc
from bakhong.desk.forms.people import MembersForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.people import actions as deeds
from bakhong.people.models import Household, Person
from bakhong.people.permissions import EDIT
from bakhong.people.queries import roll
from bakhong.people.queries.records import members_of
from bakhong.places.models import Unit

MOST_FOUND = 15


@unit_page(EDIT, post=EDIT)
def members(request: StaffRequest, unit: Unit, household: UUID) -> HttpResponseBase:
    """`?q=` looks for people of the village to take in; they stand in the same form as the members."""
    found, present = _household(request, unit, household)
    text = request.GET.get("q", "").strip()[:100].replace("\x00", "")
    others = _found(request, unit, found, text)
    form = MembersForm(request.POST if request.method == "POST" else None, members=present, others=others)
    if request.method == "POST" and form.is_valid():
        try:
            changed = deeds.set_members(
                household=found,
                members=form.members(),
                true_from=form.cleaned_data["true_from"],
                by=request.actor,
                at=now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell(request, len(changed))
            return redirect("desk:household", unit=unit.uuid, household=found.uuid)
    return page(
        request,
        "desk/people/members.html",
        unit=unit,
        active="residents",
        status=422 if form.is_bound else 200,
        form=form,
        household=found,
        sought=text,
        others=others,
    )


def _tell(request: StaffRequest, count: int) -> None:
    if count:
        text = ngettext("Đã ghi thay đổi cho %(count)s người.", "Đã ghi thay đổi cho %(count)s người.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("Không có gì khác với trước, nên không ghi thêm."))


def _household(request: StaffRequest, unit: Unit, uuid: UUID) -> tuple[Household, list[Person]]:
    """The household and its members. Raises: NotFound."""
    found = Household.objects.for_user(request.actor).filter(uuid=uuid).select_related("village").first()
    present = members_of(found, request.actor) if found else []
    area = roll.residents(request.actor, unit, today()).filter(pk__in=[each.pk for each in present])
    if found is None or not area.exists():
        raise NotFound("")
    return found, present


def _found(request: StaffRequest, unit: Unit, household: Household, text: str) -> list[Person]:
    """People of the same village with such a name who are not in it; those without a household first."""
    words: Any = name_key(nfc(text)).split()
    if not words:
        return []
    wanted = roll.Wanted(text=text, village=str(household.village.uuid))
    found = roll.listed(request.actor, unit, today(), wanted).exclude(household=household)
    return sorted(found[:MOST_FOUND], key=lambda each: each.household_id is not None)
