"""Pensioners, people with merit, social welfare: who is paid into an account, who still in cash, and lists pasted from a spreadsheet."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.desk.forms.gatherings import PasteForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.gathered import effect, places_of, posted
from bakhong.outreach.actions import beneficiaries as deeds
from bakhong.outreach.models import Beneficiary, BenefitKind, Channel
from bakhong.outreach.permissions import PLAN
from bakhong.outreach.queries import beneficiaries as queries
from bakhong.outreach.queries.same import as_they_are
from bakhong.outreach.rules.beneficiaries import pasted_rows
from bakhong.people.models import Person
from bakhong.people.queries.records import person_at
from bakhong.places.models import Unit
from bakhong.ui.figures import Figure

PER_PAGE = 100
MOST_LINES = 2000
YOUNGEST_PENSIONER = 40  # a guard against namesakes, not a rule of law
_CHANNELS = {"cash": Channel.CASH, "account": Channel.ACCOUNT, "unknown": ""}


@unit_page(PLAN)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """How many of each kind and village are paid into an account. `?kind=&channel=` opens the people behind a number."""
    places_of(unit)
    kind, channel = request.GET.get("kind", ""), request.GET.get("channel", "cash")
    if kind not in ("", *BenefitKind.values) or channel not in (*_CHANNELS, "all", "ended"):
        raise Http404
    rows = queries.paying_by_village(request.actor, unit, today())
    found = (
        queries.ended_at(request.actor, unit, today(), kind=kind)
        if channel == "ended"
        else queries.beneficiaries_at(request.actor, unit, today(), kind=kind, channel=_CHANNELS.get(channel))
    )
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown.object_list = as_they_are(shown.object_list)
    totals = queries.totals(rows)
    return page(
        request,
        "desk/outreach/beneficiaries.html",
        unit=unit,
        active="beneficiaries",
        kinds=[(code, label, _paid(totals[code], code), totals[code]) for code, label in BenefitKind.choices],
        villages=[
            (village, [_paid(kinds[code], code) if code in kinds else None for code in BenefitKind.values])
            for village, kinds in rows
        ],
        is_any=any(each.all for each in totals.values()),
        shown=shown,
        kind_now=kind,
        channel_now=channel,
        channels=[
            ("cash", _("còn tiền mặt")),
            ("unknown", _("chưa rõ")),
            ("account", _("qua tài khoản")),
            ("all", _("tất cả")),
            ("ended", _("đã thôi hưởng")),
        ],
    )


def _paid(each: queries.Paying, kind: str) -> Figure | None:
    counted = _("người hưởng %(kind)s") % {"kind": BenefitKind(kind).label.lower()}
    return effect(each.to_account, each.all, counted) if each.all else None


@unit_page(PLAN, post=PLAN)
def paste(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """First a look at whom each line means (`deed` check), then the same list is taken in (`deed` store)."""
    places_of(unit)
    form = PasteForm(posted(request))
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        rows = pasted_rows(form.cleaned_data["text"])
        if not rows or len(rows) > MOST_LINES:
            form.add_error("text", _("Dán từ 1 đến %(most)s dòng.") % {"most": MOST_LINES})
        else:
            matched = queries.match_pasted(request.actor, unit, today(), rows)
            if request.POST.get("deed") == "store":
                return _store(request, unit, form, matched)
            context = {
                "sure": [each for each in matched if each.person],
                "unsure": [each for each in matched if not each.person and each.others],
                "nobody": [each for each in matched if not each.person and not each.others],
                "total": len(rows),
                "young": _young(matched) if form.cleaned_data["kind"] == BenefitKind.PENSION else [],
            }
    return page(
        request,
        "desk/outreach/paste.html",
        unit=unit,
        active="beneficiaries",
        status=422 if form.is_bound and not form.is_valid() else 200,
        form=form,
        **context,
    )


def _young(matched: list[queries.Matched]) -> list[queries.Matched]:
    """Lines that make somebody a pensioner who cannot well be one: more likely another of that name."""
    latest = today().year - YOUNGEST_PENSIONER
    return [each for each in matched if each.person and (each.person.birth_year or 0) > latest]


def _store(
    request: StaffRequest, unit: Unit, form: PasteForm, matched: list[queries.Matched]
) -> HttpResponseBase:
    data = form.cleaned_data
    people = [(each, _chosen(request, unit, each)) for each in matched]
    entries = [
        deeds.Paid(
            person=person,
            kind=data["kind"],
            channel=each.row.channel,
            paid_by=data["paid_by"],
            true_from=data["true_from"],
            detail=_("Danh sách dán ngày %(day)s, dòng %(line)s")
            % {"day": today().strftime("%d/%m/%Y"), "line": each.row.line},
        )
        for each, person in people
        if person is not None
    ]
    done = deeds.record_beneficiaries(entries=entries, by=request.actor, at=now())
    messages.success(
        request,
        _(
            "Đã ghi %(new)s người mới; cách nhận của %(changed)s người là mới hoặc đã đổi; %(left)s dòng để lại."
        )
        % {"new": done.new, "changed": done.changed, "left": len(matched) - len(entries)},
    )
    return redirect("desk:beneficiaries", unit=unit.uuid)


def _chosen(request: StaffRequest, unit: Unit, each: queries.Matched) -> Person | None:
    """The person found, or the one of several that was chosen on the page."""
    if each.person is not None:
        return each.person
    picked = request.POST.get(f"line-{each.row.line}", "")
    return next((person for person in each.others if str(person.uuid) == picked), None)


@unit_page(PLAN, post=PLAN)
def change(request: StaffRequest, unit: Unit, beneficiary: UUID) -> HttpResponseBase:
    """POST `channel`: paid otherwise from today; `deed` end: gets it no longer, resume: that was wrong."""
    is_back = request.POST.get("deed") == "resume"
    standing = (queries.ended_at if is_back else queries.beneficiaries_at)(request.actor, unit, today())
    found: Beneficiary | None = standing.filter(uuid=beneficiary).first()
    if found is None or request.method != "POST":
        raise Http404
    person_at(request.actor, unit, today(), found.person.uuid)
    on: date = today()
    try:
        if is_back:
            deeds.resume_benefit(beneficiary=found, by=request.actor, at=now())
        elif request.POST.get("deed") == "end":
            deeds.end_benefit(beneficiary=found, until=on, by=request.actor, at=now())
        else:
            deeds.change_channel(
                beneficiary=found,
                channel=request.POST.get("channel", ""),
                true_from=on,
                by=request.actor,
                at=now(),
            )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã ghi. Điều ghi trước vẫn còn trong lịch sử."))
    return redirect("desk:beneficiaries", unit=unit.uuid)
