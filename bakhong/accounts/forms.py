"""Forms of the sign-in pages and of the pages about people. They turn input into typed values and never save."""

from datetime import date
from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePassword
from allauth.account.forms import LoginForm as AllauthLogin
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticate
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticate
from allauth.mfa.base.forms import ReauthenticateForm as AllauthMFAReauthenticate
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTP
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bakhong.accounts import throttle
from bakhong.accounts.models import CertificateKind, CertificateStore, User
from bakhong.accounts.rules.phones import mobile
from bakhong.core.text import sort_key
from bakhong.ui.forms import DayField

_CODE_HINT = _("6 chữ số trong ứng dụng xác thực trên điện thoại, hoặc một mã dự phòng 8 chữ số.")


def _passphrase(label: Any, autocomplete: str, hint: Any = "") -> Any:
    # Any: it stands in for a field of allauth's own kind.
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


def _new_passphrase() -> Any:
    return _passphrase(
        _("Cụm mật khẩu mới"),
        "new-password",
        _("Ít nhất 12 ký tự. Nên ghép bốn từ bất kỳ dễ nhớ; không cần chữ hoa hay ký tự đặc biệt."),
    )


def _code() -> Any:
    return forms.CharField(
        label=_("Mã xác thực"),
        help_text=_CODE_HINT,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class LoginForm(AllauthLogin):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
        )
        self.fields["password"] = _passphrase(_("Cụm mật khẩu"), "current-password")
        self.order_fields(["login", "password"])


class ReauthenticateForm(AllauthReauthenticate):
    password = _passphrase(_("Cụm mật khẩu"), "current-password")


class ChangePasswordForm(AllauthChangePassword):
    user: User

    oldpassword = _passphrase(_("Cụm mật khẩu hiện tại"), "current-password")
    password1 = _new_passphrase()
    password2 = _passphrase(_("Nhập lại cụm mật khẩu mới"), "new-password")

    def clean_oldpassword(self) -> str:
        _guess(
            self.user,
            lambda: self.user.check_password(self.cleaned_data["oldpassword"]),
            "enter_current_password",
        )
        return str(self.cleaned_data["oldpassword"])

    def clean_password1(self) -> str:
        validate_password(self.cleaned_data["password1"], self.user)
        return str(self.cleaned_data["password1"])

    def clean_password2(self) -> str:
        return _same(self.cleaned_data, "password1", "password2")


class _CodeForm(forms.Form):
    """A second-factor code: every try is counted, and one that was accepted is spent."""

    user: User

    def clean_code(self) -> str:
        code = "".join(str(self.cleaned_data["code"]).split())
        self.cleaned_data["code"] = code
        now = timezone.now()
        counter = _count(self.user)
        super().clean_code()  # type: ignore[misc]
        if not throttle.spend_code(self.user, code, now):
            raise ValidationError(_("Mã này vừa được dùng. Chờ ứng dụng hiện mã mới rồi nhập lại."))
        throttle.uncount(counter, now)
        return code


class AuthenticateForm(_CodeForm, AllauthAuthenticate):
    code = _code()


class MFAReauthenticateForm(_CodeForm, AllauthMFAReauthenticate):
    code = _code()


class ActivateTOTPForm(_CodeForm, AllauthActivateTOTP):
    code = forms.CharField(
        label=_("Mã xác thực"),
        help_text=_("6 chữ số đang hiện trong ứng dụng."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class AcceptForm(forms.Form):
    """Somebody invited says who they are and chooses a passphrase."""

    name = forms.CharField(
        label=_("Họ và tên"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password1 = _new_passphrase()
    password2 = _passphrase(_("Nhập lại cụm mật khẩu mới"), "new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password1(self) -> str:
        validate_password(self.cleaned_data["password1"], self.user)
        return str(self.cleaned_data["password1"])

    def clean_password2(self) -> str:
        return _same(self.cleaned_data, "password1", "password2")


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail công vụ"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=_("Vai trò"))

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(label=_("Vai trò"), choices=[("", _("Chọn vai trò")), *roles])


class PhoneMemberForm(forms.Form):
    """Somebody who will sign in by telephone number."""

    name = forms.CharField(
        label=_("Họ và tên"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=_("Số di động của người này"),
        max_length=20,
        help_text=_("10 chữ số, mỗi người một số."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    role = forms.ChoiceField(label=_("Vai trò"))
    place = forms.ChoiceField(label=_("Làm ở đâu"))

    def __init__(
        self, *args: Any, roles: list[tuple[str, str]], places: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(label=_("Vai trò"), choices=[("", _("Chọn vai trò")), *roles])
        self.fields["place"] = forms.ChoiceField(
            label=_("Làm ở đâu"), choices=[("", _("Chọn thôn, hoặc cả xã")), *places]
        )

    def clean_phone(self) -> str:
        number = mobile(str(self.cleaned_data["phone"]))
        if number is None:
            raise ValidationError(_("Số di động có 10 chữ số, ví dụ 0912 345 678."))
        return number


class Day(DayField):
    """A day of somebody's working life; years like 0001 are slips of the finger."""

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not 1950 <= day.year <= 2150:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class OfficialForm(forms.Form):
    name = forms.CharField(
        label=_("Họ và tên"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    position = forms.CharField(label=_("Chức vụ"), max_length=120)
    valid_from = Day(label=_("Giữ chức vụ từ ngày"))


class CertificateForm(forms.Form):
    kind = forms.ChoiceField(label=_("Loại chứng thư"), choices=CertificateKind.choices)
    store = forms.ChoiceField(label=_("Nơi lưu khóa"), choices=CertificateStore.choices)
    issuer = forms.CharField(label=_("Nơi cấp"), max_length=120, help_text=_("Ví dụ: Ban Cơ yếu Chính phủ"))
    serial = forms.CharField(label=_("Số chứng thư"), max_length=64)
    valid_from = Day(label=_("Có hiệu lực từ ngày"))
    valid_to = Day(label=_("Hết hạn vào ngày"))


class DayForm(forms.Form):
    on = Day(label=_("Thôi nhiệm vụ từ ngày"))


class TrailForm(forms.Form):
    """What part of the trail to show. Everything may be left out."""

    marks_optional = False
    since = Day(label=_("Từ ngày"), required=False, help_text="")
    until = Day(label=_("Đến ngày"), required=False, help_text="")
    deed = forms.ChoiceField(label=_("Việc"), required=False)

    def __init__(self, *args: Any, deeds: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = sorted(
            ((code, str(word)) for code, word in deeds.items()), key=lambda each: sort_key(each[1])
        )
        self.fields["deed"] = forms.ChoiceField(
            label=_("Việc"), required=False, choices=[("", _("Mọi việc")), *choices]
        )


def _same(data: dict[str, Any], first: str, second: str) -> str:
    if first in data and data[first] != data[second]:
        raise ValidationError(_("Hai lần nhập cụm mật khẩu không giống nhau."))
    return str(data[second])


def _count(user: User) -> str:
    try:
        return throttle.claim(email=user.login, request=context.request, at=timezone.now())
    except throttle.TooMany as refusal:
        raise ValidationError(refusal.message) from refusal


def _guess(user: User, is_right: Any, code: str) -> None:
    from allauth.account.adapter import get_adapter

    counter = _count(user)
    if not is_right():
        raise get_adapter().validation_error(code)
    throttle.uncount(counter, timezone.now())
