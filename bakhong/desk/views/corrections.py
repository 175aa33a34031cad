"""Residents say that something known of them is wrong: read within two working days, then corrected, or told why not."""

from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.permissions import covered_ids
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.messaging.actions import Recipient, send
from bakhong.people import looks
from bakhong.people.actions.correcting import acknowledge_correction, answer_correction
from bakhong.people.known_words import shown
from bakhong.people.models import CorrectionRequest, Reason
from bakhong.people.permissions import EDIT, VIEW
from bakhong.people.queries.residents import OPEN, Correction, corrections_in, opened
from bakhong.people.rules.dictionary import dictionary
from bakhong.places.models import Level, Unit
from bakhong.places.queries import ancestors
from bakhong.ui.figures import language

PER_PAGE = 30
_NUMBERS = ("national_id", "phone")


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Trả lời người dân"),
        help_text=gettext_lazy("Người dân đọc nguyên văn. Không sửa thì phải ghi lý do."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """Open requests, the one whose clock runs out first at the top; `?xong=1`: answered ones."""
    is_open = "xong" not in request.GET
    rows = corrections_in(request.actor, covered_ids([unit.pk], today()), is_open=is_open)
    at = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "desk/corrections/index.html",
        unit=unit,
        active="corrections",
        shown=at,
        lines=[_line(each) for each in opened(at)],
        is_open=is_open,
    )


@unit_page(VIEW, post=EDIT)
def answer(request: StaffRequest, unit: Unit, correction: UUID) -> HttpResponseBase:
    """POST `do`: "acknowledge", "accept" or "refuse". What it is about is shown whole: the officer compares it with papers."""
    found = _found(request, unit, correction)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = _do(request, found.request, request.POST.get("do", ""), form.cleaned_data["answer"])
        except Refusal as refusal:
            form.add_error("answer", str(refusal))
            return _page(request, unit, found, form, status=refusal.status)
        messages.success(request, said)
        return redirect("desk:corrections", unit=unit.uuid)
    looks.note(request, found.request.person, reason=Reason.CHECK)
    return _page(request, unit, found, form, status=422 if form.is_bound else 200)


def _do(request: StaffRequest, wish: CorrectionRequest, deed: str, words: str) -> str:
    """The deed, and word of it to the resident; what to tell the officer.

    Raises: Refusal.
    """
    if deed == "acknowledge":
        acknowledge_correction(request=wish, by=request.actor, at=now())
        return _("Đã báo người dân là xã đã nhận. Đồng hồ 2 ngày làm việc dừng lại.")
    if deed not in ("accept", "refuse"):
        raise Refusal(_("Chọn sửa hay không sửa."))
    done = answer_correction(
        request=wish, is_accepted=deed == "accept", answer=words, by=request.actor, at=now()
    )
    _tell(request, done)
    return _("Đã sửa và báo người dân.") if deed == "accept" else _("Đã trả lời người dân vì sao không sửa.")


def _tell(request: StaffRequest, done: CorrectionRequest) -> None:
    commune = _commune(done.village)
    send(
        key=uuid5(done.uuid, "answered"),
        template="correction_answered",
        to=Recipient(person_uuid=done.person.uuid, name=done.person.name),
        values={},
        about=("correction", done.uuid),
        unit=commune,
        by=request.actor,
        at=now(),
        channels=("inbox",),
    )


def _commune(village: Unit) -> Unit:
    above = [village, *ancestors(village, today())]
    return next((each for each in above if each.level == Level.COMMUNE), village)


def _found(request: StaffRequest, unit: Unit, uuid: UUID) -> Correction:
    """Raises: NotFound, for one of another place too."""
    rows = CorrectionRequest.objects.for_user(request.actor).select_related("person", "village")
    row = rows.filter(uuid=uuid, village_id__in=covered_ids([unit.pk], today())).first()
    if row is None:
        raise NotFound("")
    return opened([row])[0]


def _page(
    request: StaffRequest, unit: Unit, found: Correction, form: AnswerForm, *, status: int
) -> HttpResponse:
    return page(
        request,
        "desk/corrections/answer.html",
        unit=unit,
        active="corrections",
        status=status,
        line=_line(found, is_whole=True),
        form=form,
        may_edit=request.actor.may(EDIT, found.request.village_id) and found.request.state in OPEN,
    )


def _line(found: Correction, *, is_whole: bool = False) -> dict[str, Any]:
    """One request in words; in a list numbers show their last three digits only."""
    entry = dictionary().get(found.request.key)
    is_hidden = entry is not None and not is_whole and (entry.is_sensitive or entry.type in _NUMBERS)
    return {
        "request": found.request,
        "label": entry.label(language()) if entry else found.request.key,
        "current": shown(entry, found.current, is_hidden=is_hidden) if entry else "",
        "wanted": shown(entry, found.wanted, is_hidden=is_hidden) if entry else "",
        "is_late": found.is_late(now()),
        "is_list": entry is not None and entry.type == "list" and bool(entry.roll_attribute),
    }
