"""Pages about oneself, and the page behind an invitation's link."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bakhong.accounts.access import StaffRequest, public, signed_in
from bakhong.accounts.actions import accept_invitation, sign_out_everywhere
from bakhong.accounts.forms import AcceptForm
from bakhong.accounts.frame import language
from bakhong.accounts.permissions import live_assignments
from bakhong.accounts.queries import has_second_factor, open_invitation
from bakhong.accounts.rules.roles import ROLES
from bakhong.audit.models import Event
from bakhong.core.days import day_of
from bakhong.core.errors import NotFound


@signed_in
@require_GET
def me(request: StaffRequest) -> HttpResponse:
    today = day_of(timezone.now())
    held = [
        {"role": ROLES[each.role].name(language(request)), "place": each.place, "valid_from": each.valid_from}
        for each in live_assignments(request.user, today).select_related("place")
        if each.role in ROLES
    ]
    visits = Event.objects.filter(
        object_kind="user",
        object_id=str(request.user.uuid),
        deed__in=("accounts.sign_in", "accounts.refuse_sign_in"),
    ).order_by("-at")[:10]
    context = {"held": held, "visits": visits, "has_second_factor": has_second_factor(request.user)}
    return render(request, "accounts/me.html", context)


@signed_in
@require_POST
def leave_everywhere(request: StaffRequest) -> HttpResponse:
    sign_out_everywhere(user=request.user, by=request.actor, at=timezone.now())
    logout(request)
    messages.success(request, _("Đã đăng xuất khỏi mọi thiết bị."))
    return redirect("account_login")


@public
@never_cache  # it shows an address, and nobody is signed in yet
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    invitation = open_invitation(token, now)
    if invitation is None:
        return render(request, "accounts/link_over.html", status=404)
    form = AcceptForm(
        request.POST if request.method == "POST" else None,
        user=invitation.user,
        initial={"name": invitation.user.name},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            accept_invitation(token=token, name=data["name"], passphrase=data["password1"], at=now)
        except NotFound:
            return render(request, "accounts/link_over.html", status=404)
        messages.success(request, _("Đã đặt cụm mật khẩu. Bây giờ hãy đăng nhập."))
        return redirect("account_login")
    context = {"form": form, "email": invitation.user.email}
    return render(request, "accounts/accept.html", context)
