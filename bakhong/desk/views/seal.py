"""The commune's own certificate: putting it on what waits for it, trying it, and saying which one it is."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.desk.frame import now, page, unit_page
from bakhong.desk.views.signing import JOBS, SOON_DAYS, Way, certificates_at, job_line, read_account
from bakhong.documents.actions.confirming import poll_job
from bakhong.documents.actions.sealing import MOST, choose_seal, end_seal, put_seal, try_seal
from bakhong.documents.adapters.signing.port import Provider, is_remote
from bakhong.documents.adapters.signing.registry import providers, trial_phone
from bakhong.documents.adapters.signing.unattended import kept_secret
from bakhong.documents.models import SigningJob
from bakhong.documents.permissions import CHOOSE_SEAL, SEAL
from bakhong.documents.problems import sentence
from bakhong.documents.queries.seals import (
    InUse,
    key_name,
    seal_in_use,
    seal_jobs,
    waiting_for,
)
from bakhong.dossiers.models import Dossier
from bakhong.places.models import Unit

_SECRET_LENGTH = 200


@unit_page(SEAL, post=SEAL)
def index(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """`do` says which of the page's forms was sent."""
    if request.method != "POST":
        return _page(request, unit)
    try:
        said = _DEEDS.get(request.POST.get("do", ""), _nothing)(request, unit)
    except Refusal as refusal:
        return _page(request, unit, status=refusal.status, problem=str(refusal))
    if said:
        messages.success(request, said)
    return redirect("desk:seal", unit=unit.uuid)


# --- the page's deeds: each gives what is said of it -------------------------------------------------------------------------


def _put(request: StaffRequest, unit: Unit) -> str:
    """On those that were on the page and still wait: what came since is read first."""
    sent = frozenset(request.POST.getlist("file")[:MOST])
    files = [each for each in waiting_for(request.actor, unit)[:MOST] if str(each.uuid) in sent]
    if not files:
        return _("Không còn văn bản nào chờ con dấu số.")
    job = put_seal(files=files, unit=unit, secret=_secret(request), by=request.actor, at=now())
    if job is not None:
        return ""
    count = len(files)
    return ngettext("Đã đóng dấu số %(count)s văn bản.", "Đã đóng dấu số %(count)s văn bản.", count) % {
        "count": count
    }


def _check(request: StaffRequest, unit: Unit) -> str:
    for job in seal_jobs(unit).filter(ended_at=None):
        poll_job(job=job, at=now())
    return ""


def _choose(request: StaffRequest, unit: Unit) -> str:
    code = request.POST.get("provider", "")
    choose_seal(unit=unit, provider=code, account=read_account(request), by=request.actor, at=now())
    return _("Từ nay văn bản của xã được đóng dấu số bằng: %(way)s.") % {"way": providers()[code].name}


def _end(request: StaffRequest, unit: Unit) -> str:
    end_seal(unit=unit, by=request.actor, at=now())
    return _("Đã thôi dùng con dấu số. Văn bản đã đóng dấu vẫn giữ nguyên.")


def _try(request: StaffRequest, unit: Unit) -> str:
    code = request.POST.get("provider", "")
    found = try_seal(unit=unit, provider=code, secret=_secret(request), by=request.actor, at=now())
    if not found.holds:
        raise Refusal(_("Đã ký thử, nhưng: %(problem)s") % {"problem": found.problem})
    return _("Ký thử được: chữ ký đúng, đứng tên %(name)s. Không lưu lại tờ thử.") % {
        "name": found.signers[0].name
    }


def _nothing(request: StaffRequest, unit: Unit) -> str:
    return ""


_DEEDS = {"put": _put, "check": _check, "choose": _choose, "end": _end, "try": _try}


def _secret(request: StaffRequest) -> str:
    return request.POST.get("secret", "")[:_SECRET_LENGTH]


# --- the page ----------------------------------------------------------------------------------------------------------------


def _page(request: StaffRequest, unit: Unit, *, status: int = 200, problem: str = "") -> HttpResponse:
    seal = seal_in_use(unit)
    open_job: SigningJob | None = seal_jobs(unit).filter(ended_at=None).first()
    asked = {line.file_id for line in open_job.lines.all()} if open_job is not None else set()
    files = [each for each in waiting_for(request.actor, unit)[:MOST] if each.pk not in asked]
    return page(
        request,
        "desk/signing/seal.html",
        unit=unit,
        active="seal",
        status=status,
        seal=seal,
        problem=problem,
        lines=_lines(request, files),
        open_job=open_job,
        is_far=_is_far(seal),
        puts_itself=bool(kept_secret(seal)),
        may_choose=request.actor.may(CHOOSE_SEAL, unit.pk),
        ways=[_way(port, unit, seal) for port in providers().values()],
        typed=read_account(request),
        jobs=[job_line(each, "") for each in seal_jobs(unit)[:JOBS]],
        soon=SOON_DAYS,
        phone=trial_phone(),
        key_name=key_name(unit),
    )


def _lines(request: StaffRequest, files: list[Any]) -> list[dict[str, Any]]:
    """Each paper with its dossier, which may be looked into before."""
    owners = {each.owner for each in files}
    dossiers = {each.uuid: each for each in Dossier.objects.for_user(request.actor).filter(uuid__in=owners)}
    return [{"file": each, "dossier": dossiers.get(each.owner)} for each in files]


def _is_far(seal: InUse | None) -> bool:
    port = providers().get(seal.provider) if seal is not None else None
    return port is not None and is_remote(port)


def _way(port: Provider, unit: Unit, seal: InUse | None) -> Way:
    """A remote provider is not asked each time somebody looks at this page."""
    is_used = seal is not None and seal.provider == port.code
    way = Way(
        code=port.code,
        name=port.name,
        is_remote=is_remote(port),
        account_label=getattr(port, "account_label", ""),
        account=seal.account if seal is not None and is_used else "",
        is_preferred=is_used,
    )
    if not way.is_remote:
        way.certificates, problem = certificates_at(port, key_name(unit), now())
        way.problem = sentence(problem) if problem else ""
    return way
