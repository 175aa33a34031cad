"""Is this paper real? By the code on its foot, or from the file alone, which is checked and not kept."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bakhong.accounts.access import public
from bakhong.accounts.throttle import TooMany
from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.documents.keeping import MAX_BYTES
from bakhong.documents.serve import file_response
from bakhong.people import scope
from bakhong.places.queries import served_unit
from bakhong.portal.following import opens
from bakhong.portal.verdict import Verdict, of_code, of_file
from bakhong.portal.views.pages import render_page


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    upload = request.FILES.get("tep") if request.method == "POST" else None
    if upload is not None:
        return _check(request, upload)
    typed = (request.POST if request.method == "POST" else request.GET).get("ma", "")[:60].strip()
    if typed:
        return _by_code(request, typed)
    if request.method == "POST":
        return _page(request, status=422, problem=_("Gõ mã in ở chân giấy, hoặc chọn tệp PDF."), target="ma")
    return _page(request)


@public
@never_cache
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """From the code printed on the paper."""
    return _by_code(request, code[:60])


@public
@never_cache
@require_POST
def verify_copy(request: HttpRequest, code: str) -> HttpResponse:
    """The electronic copy, for who also knows the last four digits of the applicant's card or telephone; ten wrong tries an hour."""
    verdict = of_code(code[:60])
    if verdict is None:
        return _unknown(request, code[:60])
    if verdict.copy_of is None or verdict.file is None:
        return _found(request, verdict)
    try:
        is_right = opens(verdict.copy_of.dossier, request.POST.get("so", ""), at=timezone.now())
    except TooMany as refusal:
        return _found(request, verdict, status=429, problem=str(refusal), target="so")
    if not is_right:
        problem = _("Bốn số này chưa đúng. Xem lại bốn số cuối trên thẻ căn cước của người có hồ sơ.")
        return _found(request, verdict, status=422, problem=problem, target="so")
    with scope.seeing(OPERATOR):
        return file_response(verdict.file)


def _check(request: HttpRequest, upload: "UploadedFile[bytes]") -> HttpResponse:
    if (upload.size or 0) > MAX_BYTES:
        return _page(request, status=413, problem=_("Tệp quá lớn. Mỗi tệp nhiều nhất 10 MB."), target="tep")
    try:
        verdict = of_file(upload.read(), at=timezone.now())
    except Refusal as refusal:
        return _page(request, status=refusal.status, problem=str(refusal), target="tep")
    return _page(request, verdict=verdict)


def _by_code(request: HttpRequest, typed: str) -> HttpResponse:
    verdict = of_code(typed)
    return _unknown(request, typed) if verdict is None else _found(request, verdict)


def _found(request: HttpRequest, verdict: Verdict, **context: Any) -> HttpResponse:
    return _page(
        request, verdict=verdict, code=verdict.file.verify_code if verdict.copy_of and verdict.file else "", **context
    )  # fmt: skip


def _unknown(request: HttpRequest, typed: str) -> HttpResponse:
    problem = _(
        "Không có giấy nào mang mã này. Xem lại từng chữ; nếu vẫn không có, hãy gọi xã trước khi tin giấy."
    )
    return _page(request, status=404, problem=problem, target="ma", typed={"ma": typed})


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render_page(request, "verify", served_unit(day_of(timezone.now())), **context)
    response.status_code = status
    return response
