"""Lists of the provincial one-stop system: sent, looked through with their columns and doubts, taken in, taken back."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import parse_day
from bakhong.core.errors import Refusal
from bakhong.desk.forms.list_file import sent_list
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.list_columns import NOT_TAKEN, fields_said
from bakhong.desk.views.exchange_tabs import check_commune, tabs_of
from bakhong.dossiers.actions.exchange_lists import Outcome, take_list, undo_list
from bakhong.dossiers.models import ProvincialList
from bakhong.dossiers.permissions import EXCHANGE
from bakhong.dossiers.provincial import FIELD_NAMES, ProvincialFile, read_provincial, sentence
from bakhong.dossiers.queries.exchange import lists_of, remembered_columns
from bakhong.people.uploads import Upload, keep, kept, new_upload
from bakhong.places.models import Unit

SHOWN = 300  # doubts on a page
TIMES = 20  # earlier lists on a page


@unit_page(EXCHANGE, post=EXCHANGE)
def index(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """A file is sent here; nothing is taken in before it is looked through."""
    check_commune(unit)
    problem = ""
    if request.method == "POST":
        try:
            return _receive(request, unit)
        except Refusal as refusal:
            problem = str(refusal)
    return page(
        request,
        "desk/exchange/lists.html",
        unit=unit,
        active="exchange",
        status=422 if problem else 200,
        tabs=tabs_of(request, unit, "exchange_lists"),
        problem=problem,
        typed=request.POST.get("as_of", "")[:20],
        lists=lists_of(request.actor, unit)[:TIMES],
    )


@unit_page(EXCHANGE, post=EXCHANGE)
def check(request: StaffRequest, unit: Unit, upload: UUID) -> HttpResponseBase:
    """The columns as proposed, the doubts by cell. POST `deed`: check (look again) or import."""
    check_commune(unit)
    found = kept(upload, commune_id=unit.pk, actor_id=request.actor.id)
    problem = ""
    if request.method == "POST":
        try:
            found = keep(_chosen(request, unit, found))
            if request.POST.get("deed") == "import":
                return _import(request, unit, found)
        except Refusal as refusal:
            problem = str(refusal)
    return _check_page(request, unit, found, problem)


@unit_page(EXCHANGE, post=EXCHANGE)
def undo(request: StaffRequest, unit: Unit, done: UUID) -> HttpResponseBase:
    """POST takes the whole list back."""
    batch = ProvincialList.objects.for_user(request.actor).filter(uuid=done, village=unit).first()
    if batch is None:
        raise Http404
    if request.method == "POST":
        number = undo_list(taken=batch, by=request.actor, at=now())
        messages.success(
            request, _("Đã thu hồi danh sách: %(number)s hồ sơ trở lại như trước.") % {"number": number}
        )
    return redirect("desk:exchange_lists", unit=unit.uuid)


def _receive(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    name, content = sent_list(request)
    as_of = _day(request) or today()
    _read(unit, content, name, {})  # refused here, before anything is kept
    upload = new_upload(
        content=content, filename=name, commune_id=unit.pk, actor_id=request.actor.id, as_of=as_of
    )
    return redirect("desk:exchange_list_check", unit=unit.uuid, upload=upload.uuid)


def _read(unit: Unit, content: bytes, name: str, chosen: dict[tuple[str, int], str]) -> ProvincialFile:
    return read_provincial(
        content, filename=name, now=now(), remembered=remembered_columns(unit), chosen=chosen
    )


def _day(request: StaffRequest) -> date | None:
    text = request.POST.get("as_of", "").strip()
    if not text:
        return None
    day = parse_day(text)
    if day is None or day.year < 2000 or day > today():
        raise Refusal(
            _("“%(text)s” không phải một ngày đã qua. Hãy ghi theo dạng ngày/tháng/năm, ví dụ 06/05/2025.")
            % {"text": text[:40]}
        )
    return day


def _chosen(request: StaffRequest, unit: Unit, upload: Upload) -> Upload:
    """What the form says of the columns and the day."""
    layouts = _read(unit, upload.content, upload.filename, {}).layouts
    fields = fields_said(request, layouts, FIELD_NAMES, twice=NOT_TAKEN)
    return upload.chosen(_day(request) or upload.as_of, fields, {})


def _import(request: StaffRequest, unit: Unit, upload: Upload) -> HttpResponseBase:
    outcome = take_list(
        unit=unit,
        file=_read(unit, upload.content, upload.filename, upload.fields),
        file_name=upload.filename,
        content=upload.content,
        as_of=upload.as_of or today(),
        by=request.actor,
        at=now(),
    )
    messages.success(request, _words(outcome))
    return redirect("desk:exchange_measures", unit=unit.uuid)


def _words(outcome: Outcome) -> str:
    if outcome.taken is None:
        return (
            _("Danh sách này không có gì mới: %(unchanged)s hồ sơ như cũ. Không ghi gì.") % outcome.counts()
        )
    return (
        _(
            "Đã nhập: %(new)s hồ sơ mới, %(changed)s hồ sơ thay đổi, %(unchanged)s như cũ, %(rejected)s dòng bị loại."
        )
        % outcome.counts()
    )


def _check_page(request: StaffRequest, unit: Unit, upload: Upload, problem: str) -> HttpResponse:
    file = _read(unit, upload.content, upload.filename, upload.fields)
    problems = file.problems
    return page(
        request,
        "desk/exchange/list_check.html",
        unit=unit,
        active="exchange",
        status=422 if problem else 200,
        upload=upload,
        problem=problem,
        rows=len(file.lines),
        rejected=sum(line.is_rejected for line in file.lines),
        sheets=list(enumerate(file.layouts)),
        is_coded=any(each.has("code") for each in file.layouts),
        fields=[(code, str(name)) for code, name in FIELD_NAMES.items()],
        as_of=upload.as_of,
        warnings=file.warnings,
        problems=[
            {"place": f"{each.sheet}!{each.cell}", "words": sentence(each)} for each in problems[:SHOWN]
        ],
        problem_count=len(problems),
    )
