"""How I sign: my certificates, the way I prefer, and my requests to sign."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.desk.frame import now, page, unit_page
from bakhong.documents.actions.methods import choose_method
from bakhong.documents.actions.signing import account_of
from bakhong.documents.adapters.signing.port import Identity, Provider, ProviderProblem, is_remote
from bakhong.documents.adapters.signing.registry import providers, trial_phone
from bakhong.documents.models import JobState, SigningJob
from bakhong.documents.permissions import SIGN
from bakhong.documents.problems import NotSigned, sentence
from bakhong.documents.queries.jobs import Method, jobs_of, methods_of, problem_of
from bakhong.places.models import Unit

JOBS = 20
SOON_DAYS = 60  # as the roster of officials warns
_ACCOUNT_LENGTH = 40
_MARKS = {JobState.SIGNED: "done", JobState.PENDING: "doing", JobState.WAITING: "doing"}


@dataclass
class Way:
    """One way to sign, as the page shows it. `is_ready`: it can be chosen as it is."""

    code: str
    name: str
    is_remote: bool
    account_label: str = ""
    account: str = ""
    is_preferred: bool = False
    certificates: list[tuple[Identity, int]] = field(default_factory=list)  # with the days they still hold
    problem: str = ""


@unit_page(SIGN, post=SIGN)
def index(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    if request.method != "POST":
        return _page(request, unit)
    code, account = request.POST.get("provider", ""), read_account(request)
    try:
        _choose(request, code, account)
    except Refusal as refusal:
        return _page(request, unit, status=refusal.status, wrong=(code, account, str(refusal)))
    messages.success(request, _("Từ nay bạn ký bằng: %(way)s.") % {"way": providers()[code].name})
    return redirect("desk:signing", unit=unit.uuid)


def read_account(request: StaffRequest) -> str:
    return " ".join(request.POST.get("account", "").split())[:_ACCOUNT_LENGTH]


def _choose(request: StaffRequest, code: str, account: str) -> None:
    """Only a way that works today is kept: the certificate is looked up first.

    Raises: NotSigned.
    """
    port = providers().get(code)
    if port is None:
        raise NotSigned("unknown_provider")
    is_far = is_remote(port)
    found, problem = certificates_at(port, account if is_far else account_of(request.actor), now())
    if problem or not found:
        raise NotSigned(problem or "no_certificate")
    choose_method(provider=code, account=account if is_far else "", by=request.actor, at=now())


def _page(
    request: StaffRequest, unit: Unit, *, status: int = 200, wrong: tuple[str, str, str] | None = None
) -> HttpResponse:
    chosen = {each.provider: each for each in methods_of(request.actor)}
    ways = [_way(request, port, chosen.get(code)) for code, port in providers().items()]
    for way in ways:
        if wrong and wrong[0] == way.code:
            way.account, way.problem = wrong[1:]
    return page(
        request,
        "desk/signing/index.html",
        unit=unit,
        active="signing",
        status=status,
        ways=ways,
        problem=wrong[2] if wrong else "",
        jobs=[job_line(each, _waiting_page(unit, each)) for each in jobs_of(request.actor)[:JOBS]],
        soon=SOON_DAYS,
        phone=trial_phone(),
        key_name=account_of(request.actor),
    )


def _way(request: StaffRequest, port: Provider, method: Method | None) -> Way:
    """A remote provider is not asked each time somebody looks at this page."""
    way = Way(
        code=port.code,
        name=port.name,
        is_remote=is_remote(port),
        account_label=getattr(port, "account_label", ""),
        account=method.account if method else "",
        is_preferred=bool(method and method.is_preferred),
    )
    if not way.is_remote:
        way.certificates, problem = certificates_at(port, account_of(request.actor), now())
        way.problem = sentence(problem) if problem else ""
    return way


def certificates_at(port: Provider, account: str, at: datetime) -> tuple[list[tuple[Identity, int]], str]:
    """(certificates with the days they still hold, a key of `problems.SENTENCES`)."""
    try:
        found = port.identities(account) if account else []
    except ProviderProblem as problem:
        return [], problem.code
    return [(each, max(0, (each.valid_to - at).days)) for each in found], ""


def _waiting_page(unit: Unit, job: SigningJob) -> str:
    return reverse("desk:dossier_signing", args=[unit.uuid, job.uuid])


def job_line(job: SigningJob, url: str) -> dict[str, object]:
    """`url`: where one waits for it while it is open."""
    return {
        "job": job,
        "mark": _MARKS.get(JobState(job.state), "error"),
        "word": JobState(job.state).label,
        "problem": problem_of(job),
        "files": [line.file.name for line in job.lines.all()],
        "url": url if job.ended_at is None else "",
    }
