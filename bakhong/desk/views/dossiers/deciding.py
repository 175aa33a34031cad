"""Approving and signing: one dossier or many at once. The result is read before it is signed; one secret, or one confirmation, for all."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.queries import seat_of
from bakhong.core.days import parse_day
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.numbers import read_count
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.masking import reviewed
from bakhong.desk.views.dossiers.cases import dossier_at, kept, label_of
from bakhong.desk.views.dossiers.decisions import Case, case_of, numbered
from bakhong.desk.views.dossiers.dossier import key_sent, result_file, version_sent
from bakhong.documents.actions.confirming import poll_job
from bakhong.documents.adapters.signing.port import is_remote
from bakhong.documents.adapters.signing.registry import providers
from bakhong.documents.models import JobState
from bakhong.documents.permissions import SIGN
from bakhong.documents.queries.jobs import job_of, methods_of, problem_of
from bakhong.dossiers.actions.results import approve as approve_one
from bakhong.dossiers.actions.results import reopen as reopen_one
from bakhong.dossiers.actions.results import sign as sign_one
from bakhong.dossiers.actions.signing import sign_digitally
from bakhong.dossiers.models import Dossier, ResultMode, State
from bakhong.dossiers.permissions import APPROVE, VIEW
from bakhong.dossiers.queries.queue import of_unit
from bakhong.dossiers.queries.signers import named_signer
from bakhong.places.models import Unit

MOST = 50
PEN = "pen"


# --- approving -----------------------------------------------------------------------------------------------------------


@unit_page(VIEW, post=APPROVE)
def approve(request: StaffRequest, unit: Unit, dossier: UUID) -> HttpResponseBase:
    """What the result will say; pressing once makes it and goes on to the signature."""
    found = dossier_at(request, unit, dossier)
    case = case_of(request, found)
    status = 200
    if request.method == "POST":
        try:
            _approve(request, case, version_sent(request), key_sent(request))
        except Refusal as refusal:
            case.problem, status = str(refusal), refusal.status
            case.dossier = dossier_at(request, unit, dossier)
            numbered([case])
        else:
            return redirect("desk:dossier_sign", unit=unit.uuid, dossier=found.uuid)
    return page(
        request,
        "desk/dossiers/approve.html",
        unit=unit,
        active="queue",
        status=status,
        dossier=case.dossier,
        code=case.label,
        case=case,
        sections=reviewed(found, get_language() or "vi"),
        may_approve=request.actor.may(APPROVE, unit.pk),
        key=key_sent(request) or new_uuid(),
        signer=seat_of(request.actor, unit, today()).words,
    )


def _approve(request: StaffRequest, case: Case, version: int | None, key: UUID | None) -> None:
    approve_one(
        dossier=case.dossier,
        answers=_read(case),
        result=case.chosen.code if case.chosen else "",
        expected_number=kept(request, f"{case.dossier.uuid}-expected", 60),
        version=version,
        key=key,
        by=request.actor,
        at=now(),
    )


def _read(case: Case) -> dict[str, Any]:
    """Raises: Refusal for a day that is none."""
    told: dict[str, Any] = dict(case.typed)
    for ask in case.chosen.asks if case.chosen else ():
        if ask.type == "date" and told.get(ask.code):
            told[ask.code] = parse_day(told[ask.code])
            if told[ask.code] is None:
                raise Refusal(_("%(name)s: gõ ngày/tháng/năm, ví dụ 06/05/2025.") % {"name": ask.vi})
    return told


@unit_page(VIEW, post=APPROVE)
def reopen(request: StaffRequest, unit: Unit, dossier: UUID) -> HttpResponseBase:
    """Take an approval back before anybody signs."""
    found = dossier_at(request, unit, dossier)
    problem, status = "", 200
    if request.method == "POST":
        try:
            reopen_one(
                dossier=found,
                note=kept(request, "note"),
                version=version_sent(request),
                key=key_sent(request),
                by=request.actor,
                at=now(),
            )
        except Refusal as refusal:
            problem, status = str(refusal), refusal.status
        else:
            messages.success(request, _("Đã bỏ duyệt. Văn bản vừa tạo không còn giá trị."))
            return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)
    return page(
        request,
        "desk/dossiers/reopen.html",
        unit=unit,
        active="queue",
        status=status,
        dossier=found,
        code=label_of(found),
        note=kept(request, "note"),
        key=key_sent(request) or new_uuid(),
        problem=problem,
    )


@unit_page(VIEW, post=APPROVE)
def batch(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """Many at once: each is still read and decided on its own line; those that cannot be stay with their reason."""
    cases = numbered([case_of(request, each) for each in _chosen(request, unit)])
    if not cases:
        messages.info(request, _("Chọn hồ sơ ở hàng chờ trước."))
        return redirect("desk:queue", unit=unit.uuid)
    if request.POST.get("deed") == "approve":
        _approve_all(request, cases)
        if done := [case.dossier for case in cases if case.is_done]:
            messages.success(request, _("Đã duyệt %(count)s hồ sơ.") % {"count": len(done)})
        if done and all(case.is_done for case in cases):
            return redirect(_sign_all_url(unit, done))
    return page(
        request,
        "desk/dossiers/batch.html",
        unit=unit,
        active="queue",
        status=422 if any(case.problem for case in cases) else 200,
        cases=cases,
        sign_url=_sign_all_url(unit, [case.dossier for case in cases if case.is_done]),
        done=sum(case.is_done for case in cases),
    )


def _chosen(request: StaffRequest, unit: Unit) -> list[Dossier]:
    uuids = [each for each in (_uuid(text) for text in request.POST.getlist("dossier")[:MOST]) if each]
    rows = Dossier.objects.for_user(request.actor).filter(of_unit(unit, today()), uuid__in=uuids)
    return list(rows.select_related("person", "village", "draft__version__form").order_by("due_at", "id"))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _approve_all(request: StaffRequest, cases: Sequence[Case]) -> None:
    for case in cases:
        if case.dossier.state == State.APPROVED:  # sent twice
            case.is_done = True
            continue
        sent = read_count(request.POST.get(f"{case.dossier.uuid}-version", ""))
        try:
            _approve(request, case, -1 if sent is None else sent, None)
        except Refusal as refusal:
            case.problem = str(refusal)
        else:
            case.is_done = True
    numbered([each for each in cases if not each.is_done])


def _sign_all_url(unit: Unit, found: Sequence[Dossier]) -> str:
    listed = "&".join(f"dossier={each.uuid}" for each in found)
    return f"{reverse('desk:dossiers_sign', args=[unit.uuid])}?{listed}"


# --- signing ---------------------------------------------------------------------------------------------------------------


@unit_page(VIEW, post=SIGN)
def sign(request: StaffRequest, unit: Unit, dossier: UUID) -> HttpResponseBase:
    return _sign(request, unit, [dossier_at(request, unit, dossier)])


@unit_page(VIEW, post=SIGN)
def sign_many(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    uuids = [each for each in map(_uuid, (request.POST or request.GET).getlist("dossier")[:MOST]) if each]
    rows = Dossier.objects.for_user(request.actor).filter(
        of_unit(unit, today()), uuid__in=uuids, state=State.APPROVED
    )
    found = list(rows.select_related("person", "village").order_by("due_at", "id"))
    if not found:
        messages.info(request, _("Không còn hồ sơ nào chờ ký."))
        return redirect("desk:queue", unit=unit.uuid)
    return _sign(request, unit, found)


def _sign(request: StaffRequest, unit: Unit, found: list[Dossier]) -> HttpResponseBase:
    waiting = [each for each in found if each.state == State.APPROVED]
    if not waiting:
        return redirect("desk:dossier", unit=unit.uuid, dossier=found[0].uuid)
    problem, status = "", 200
    if request.method == "POST":
        try:
            return _signed(request, unit, waiting)
        except Refusal as refusal:
            problem, status = str(refusal), refusal.status
    return _sign_page(request, unit, waiting, problem, status)


def _signed(request: StaffRequest, unit: Unit, waiting: list[Dossier]) -> HttpResponseBase:
    """Raises: Refusal with a plain sentence (a wrong secret, no certificate, another's paper, an unreachable provider)."""
    how = request.POST.get("provider", "")
    if how == PEN:
        for each in waiting:
            sign_one(dossier=each, how=PEN, by=request.actor, at=now())
    else:
        secret = request.POST.get("secret", "")[:200]
        job = sign_digitally(dossiers=waiting, provider=how, secret=secret, by=request.actor, at=now())
        if job is not None:
            return redirect("desk:dossier_signing", unit=unit.uuid, job=job.uuid)
    messages.success(request, _("Đã ký %(count)s kết quả.") % {"count": len(waiting)})
    if len(waiting) > 1:
        return redirect("desk:queue", unit=unit.uuid)
    return redirect("desk:dossier", unit=unit.uuid, dossier=waiting[0].uuid)


def _sign_page(
    request: StaffRequest, unit: Unit, waiting: list[Dossier], problem: str, status: int
) -> HttpResponse:
    """Whoever may sign by pen notes that it was done; digitally only whom the papers name."""
    methods = methods_of(request.actor)
    accounts = {each.provider for each in methods if each.account}
    signers = [named_signer(each) for each in waiting]
    is_mine = all(each is not None and each.id == request.actor.id for each in signers)
    ways = [
        (code, port.name, is_remote(port), code in accounts) for code, port in providers().items() if is_mine
    ]
    by_pen = all(each.result_mode != ResultMode.ELECTRONIC for each in waiting)
    first = methods[0].provider if methods else (ways[0][0] if ways else PEN)
    return page(
        request,
        "desk/dossiers/sign.html",
        unit=unit,
        active="queue",
        status=status,
        lines=[
            (each, label_of(each), _result_url(unit, each), signer.seat.words if signer else "")
            for each, signer in zip(waiting, signers, strict=True)
        ],
        only=waiting[0] if len(waiting) == 1 else None,
        ways=ways,
        is_mine=is_mine,
        preferred=request.POST.get("provider") or (first if is_mine else PEN),
        may_sign=request.actor.may(SIGN, unit.pk) and (is_mine or by_pen),
        may_reopen=request.actor.may(APPROVE, unit.pk),
        by_pen=by_pen,
        problem=problem,
    )


def _result_url(unit: Unit, each: Dossier) -> str:
    file = result_file(each)
    return reverse("desk:dossier_file", args=[unit.uuid, each.uuid, file.uuid]) + "?xem=1" if file else ""


@unit_page(SIGN, post=SIGN)
def signing(request: StaffRequest, unit: Unit, job: UUID) -> HttpResponseBase:
    """Waiting for the signer's telephone. The page loads itself anew where there is a script; pressing asks the provider at once.

    Where nothing came of it, the way back to signing again is here.
    """
    found = job_of(request.actor, job)
    if found is None:
        raise NotFound("")
    if request.method == "POST":
        found = poll_job(job=found, at=now())
        return redirect(request.path)
    dossiers = _of_job(request, unit, found)
    unsigned = [each for each, _code in dossiers if each.state == State.APPROVED]
    return page(
        request,
        "desk/dossiers/signing.html",
        unit=unit,
        active="queue",
        job=found,
        is_waiting=found.ended_at is None,
        is_signed=found.state == JobState.SIGNED,
        word=JobState(found.state).label,
        problem=problem_of(found),
        dossiers=dossiers,
        again_url=_sign_all_url(unit, unsigned) if unsigned and found.ended_at is not None else "",
    )


def _of_job(request: StaffRequest, unit: Unit, job: Any) -> list[tuple[Dossier, str]]:
    owners = [line.file.owner for line in job.lines.all()]
    rows = Dossier.objects.for_user(request.actor).filter(of_unit(unit, today()), uuid__in=owners)
    return [(each, label_of(each)) for each in rows.order_by("id")]
