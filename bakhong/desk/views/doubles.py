"""Two records that may be one person: looked at side by side, made one or kept apart, and taken apart again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.person import LABELS
from bakhong.people import actions as deeds
from bakhong.people import looks
from bakhong.people.models import Fact, Person, PhoneNumber, Reason
from bakhong.people.permissions import MERGE
from bakhong.people.queries import roll
from bakhong.people.queries.duplicates import judged_apart, suspected_pairs, with_people
from bakhong.people.queries.identity import mask, masked_id
from bakhong.people.queries.records import person_at
from bakhong.people.rules.matching import Pair
from bakhong.places.models import Unit
from bakhong.ui.forms import PartialDay

PER_PAGE = 20
SURE = 0.9
KEPT_FOR = 600  # seconds; a further fact makes the list anew at once


@dataclass(frozen=True)
class Row:
    """One attribute of both records, in words."""

    label: Any
    one: str
    other: str

    @property
    def is_different(self) -> bool:
        return bool(self.one and self.other and self.one != self.other)


@unit_page(MERGE)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """Pairs nobody has judged yet, the surest first."""
    shown = Paginator(_pairs(request, unit), PER_PAGE).get_page(request.GET.get("page"))
    pairs = with_people(list(shown))
    former = roll.former_communes({each.village_id for pair in pairs for each in (pair.a, pair.b)})
    lines = [
        {
            "pair": pair,
            "people": [(each, _born(each), former.get(each.village_id)) for each in (pair.a, pair.b)],
            "is_sure": pair.score >= SURE,
        }
        for pair in pairs
    ]
    return page(request, "desk/people/doubles.html", unit=unit, active="doubles", shown=shown, lines=lines)


def _pairs(request: StaffRequest, unit: Unit) -> list[Pair]:
    """Comparing a whole commune takes seconds: the pairs are kept until somebody says something further."""
    newest = Fact.objects.for_user(request.actor).aggregate(newest=Max("pk"))["newest"]
    key = f"doubles:{request.actor.id}:{unit.pk}:{today()}:{newest}"
    pairs: list[Pair] | None = cache.get(key)
    if pairs is None:
        pairs = suspected_pairs(unit, today(), request.actor)
        cache.set(key, pairs, KEPT_FOR)
    return pairs


@unit_page(MERGE, post=MERGE)
def compare(request: StaffRequest, unit: Unit, one: UUID, other: UUID) -> HttpResponseBase:
    """`deed`: "merge" with `keep` (the uuid of the record that stays), or "apart"."""
    first, second = (person_at(request.actor, unit, today(), each) for each in (one, other))
    if first.pk == second.pk:
        messages.info(request, _("Hai bản ghi này đã là một người."))
        return redirect("desk:person", unit=unit.uuid, person=first.uuid)
    problem = ""
    if request.method == "POST":
        try:
            return _judge(request, unit, first, second)
        except Refusal as refusal:
            problem = str(refusal)
    for each in (first, second):
        looks.note(request, each, reason=Reason.CHECK)
    return page(
        request,
        "desk/people/double.html",
        unit=unit,
        active="doubles",
        status=422 if problem else 200,
        problem=problem,
        people=(first, second),
        rows=_rows(first, second),
        apart=judged_apart(first, second),
    )


def _judge(request: StaffRequest, unit: Unit, first: Person, second: Person) -> HttpResponseBase:
    if request.POST.get("deed") == "apart":
        deeds.keep_apart(one=first, other=second, by=request.actor, at=now())
        messages.success(request, _("Đã ghi là hai người khác nhau; cặp này không hiện lại nữa."))
        return redirect("desk:doubles", unit=unit.uuid)
    by_uuid = {str(first.uuid): (first, second), str(second.uuid): (second, first)}
    if request.POST.get("keep") not in by_uuid:
        raise Refusal(_("Chọn bản ghi giữ lại."))
    keep, double = by_uuid[request.POST["keep"]]
    deeds.merge_people(keep=keep, double=double, by=request.actor, at=now())
    messages.success(request, _("Đã gộp thành một người. Nếu nhầm, tách lại ở cuối trang này."))
    return redirect("desk:person", unit=unit.uuid, person=keep.uuid)


@unit_page(MERGE, post=MERGE)
def unmerge(request: StaffRequest, unit: Unit, person: UUID, double: UUID) -> HttpResponseBase:
    found = person_at(request.actor, unit, today(), person)
    if request.method == "POST":
        record = Person.objects.for_user(request.actor).filter(uuid=double, merged_into=found).first()
        if record is None:
            raise NotFound("")
        deeds.unmerge_people(double=record, by=request.actor, at=now())
        messages.success(request, _("Đã tách lại thành hai người, như trước khi gộp."))
    return redirect("desk:person", unit=unit.uuid, person=found.uuid)


def _rows(one: Person, other: Person) -> list[Row]:
    phones = dict(
        PhoneNumber.objects.filter(person__in=[one, other], is_current=True).values_list(
            "person_id", "number"
        )
    )
    former = roll.former_communes({one.village_id, other.village_id})
    tellers: dict[Any, Callable[[Any], Any]] = {
        LABELS["birth"]: _born,
        LABELS["sex"]: lambda each: each.get_sex_display(),
        LABELS["national_id"]: masked_id,
        LABELS["place"]: lambda each: each.village.full_name,
        _("Xã cũ"): lambda each: former[each.village_id].full_name if each.village_id in former else "",
        LABELS["address"]: lambda each: each.address,
        LABELS["presence"]: lambda each: each.get_presence_display(),
        LABELS["phone"]: lambda each: mask(phones.get(each.pk, "")),
        LABELS["household"]: _household,
        _("Số điều đã ghi"): lambda each: str(each.facts.count()),
    }
    return [Row(label, str(tell(one)), str(tell(other))) for label, tell in tellers.items()]


def _household(person: Person) -> str:
    if person.household is None:
        return ""
    head = person.household.members.filter(relation="head", is_known=True).first()
    return _("hộ của %(name)s") % {"name": head.name} if head else _("chưa rõ chủ hộ")


def _born(person: Person) -> str:
    if person.birth_year is None:
        return ""
    return str(PartialDay(person.birth_year, person.birth_month, person.birth_day))
