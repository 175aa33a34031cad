"""The entrance of team members: a card once, then telephone number and PIN on that phone."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bakhong.accounts import pins
from bakhong.accounts.access import public
from bakhong.accounts.actions import open_with_card
from bakhong.accounts.frame import contact
from bakhong.accounts.models import User
from bakhong.accounts.permissions import StaffActor, live_assignments
from bakhong.accounts.queries import open_card
from bakhong.accounts.rules.tokens import card_code
from bakhong.accounts.throttle import TooMany
from bakhong.core.errors import NotFound, Refusal
from bakhong.field.forms import CodeForm, NewPinForm, PinForm
from bakhong.field.frame import PERMISSION, entrance_page, now, today
from bakhong.places.models import Unit
from bakhong.places.queries import served_unit


@public
@never_cache
@sensitive_post_parameters("pin", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The PIN where a card was opened on this phone, else the code of the card."""
    if request.user.is_authenticated and request.method != "POST":
        return redirect(_wanted(request, request.user))
    is_code = "code" in request.POST
    number = pins.number_on(request)
    pin_form = PinForm(
        request.POST if request.method == "POST" and not is_code else None, initial={"phone": number}
    )
    code_form = CodeForm(request.POST if is_code else None)
    if is_code and code_form.is_valid():
        return redirect("field:card", code_form.cleaned_data["code"])
    status = 422
    if pin_form.is_bound and pin_form.is_valid():
        try:
            user = pins.sign_in(
                request, phone=pin_form.cleaned_data["phone"], pin=pin_form.cleaned_data["pin"], at=now()
            )
        except (pins.Wrong, TooMany) as refusal:
            pin_form.add_error("pin", str(refusal))
            status = 429 if isinstance(refusal, TooMany) else 422
        except pins.Locked as refusal:
            pin_form.add_error("pin", f"{refusal} {_whom_to_call(number)}")
        else:
            return redirect(_wanted(request, user))
    is_known = bool(pins.digest_of(request)) or pin_form.is_bound
    return entrance_page(
        request,
        "enter",
        unit=_unit_of(number),
        status=status if pin_form.errors or code_form.errors else 200,
        form=pin_form if is_known else code_form,
        pin_form=pin_form,
        code_form=code_form,
        is_known=is_known,
        next=request.POST.get("next") or request.GET.get("next", ""),
        staff_url=settings.LOGIN_URL,
    )


@public
@never_cache
@sensitive_post_parameters("pin1", "pin2")
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, code: str) -> HttpResponse:
    """A card was scanned or typed: choose the PIN. Looking at it does not use it up."""
    code = card_code(code)
    found = open_card(code, now()) if code else None
    if found is None:
        return entrance_page(request, "card_over", unit=None, status=404)
    form = NewPinForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        name = pins.name_on(request) or pins.new_name()
        digest = pins.digest_for(name)
        try:
            user = open_with_card(code=code, pin=form.cleaned_data["pin1"], device=digest, at=now())
        except NotFound:
            return entrance_page(request, "card_over", unit=None, status=404)
        except Refusal as refusal:
            form.add_error("pin1", str(refusal))
        else:
            pins.open_session(request, user, digest)
            messages.success(
                request, _("Đã đặt mã PIN. Lưu trang này vào màn hình chính; lần sau mở ra và gõ mã PIN.")
            )
            response = redirect(_home_of(user))
            pins.name_phone(response, name)
            return response
    return entrance_page(
        request,
        "card",
        unit=_unit_of(found.user.phone or ""),
        status=422 if form.errors else 200,
        form=form,
        person=found.user,
    )


def _home_of(user: User) -> str:
    """The field for who goes from house to house; the desk for who has no page there, as a collector of money."""
    return reverse("field:home" if StaffActor(user, today()).may(PERMISSION) else "desk:home")


def _wanted(request: HttpRequest, user: User) -> str:
    """Where they wanted to go, within the site; else where they start."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours and not wanted.startswith(pins.card_path("")) else _home_of(user)


def _unit_of(number: str) -> Unit | None:
    """The place of the member with this number: whom they call stands at the foot of the page."""
    user = User.objects.filter(phone=number).first() if number else None
    held = live_assignments(user, today()).select_related("place").first() if user else None
    return held.place if held else None


def _whom_to_call(number: str) -> str:
    """The number is known only on its own phone."""
    found = contact(_unit_of(number) or served_unit(today()), today())
    if not found["phone"]:
        return _("Gặp thư ký xã để xin thẻ mới.")
    who = found["person"] or found["unit_name"]
    return _("Gọi cho %(who)s, số %(phone)s, để xin thẻ mới.") % {"who": who, "phone": found["phone"]}
