"""Is this paper real? By the code on its foot, or from the file alone, which is checked and not kept."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bakhong.accounts.access import public
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.documents.keeping import MAX_BYTES
from bakhong.documents.queries.files import by_code
from bakhong.documents.queries.verification import verify as verified
from bakhong.places.queries import served_unit
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


def _check(request: HttpRequest, upload: "UploadedFile[bytes]") -> HttpResponse:
    if (upload.size or 0) > MAX_BYTES:
        return _page(request, status=413, problem=_("Tệp quá lớn. Mỗi tệp nhiều nhất 10 MB."), target="tep")
    try:
        result = verified(upload.read(), at=timezone.now(), is_passing_by=True)
    except Refusal as refusal:
        return _page(request, status=refusal.status, problem=str(refusal), target="tep")
    return _page(request, found=True, result=result)


def _by_code(request: HttpRequest, typed: str) -> HttpResponse:
    file = by_code(typed)
    if file is None:
        problem = _(
            "Không có giấy nào mang mã này. Xem lại từng chữ; nếu vẫn không có, hãy gọi xã trước khi tin giấy."
        )
        return _page(request, status=404, problem=problem, target="ma", typed={"ma": typed})
    return _page(request, found=True, stored=file)


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render_page(request, "verify", served_unit(day_of(timezone.now())), **context)
    response.status_code = status
    return response
