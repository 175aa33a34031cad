"""How allauth signs in here: our counters, our words, nobody registers, the second factor's secret encrypted at rest."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from bakhong.accounts import throttle
from bakhong.accounts.permissions import StaffActor
from bakhong.core.days import day_of
from bakhong.ui.errors import error_page

_MISMATCH = _("E-mail hoặc cụm mật khẩu không đúng.")


def _fernet() -> MultiFernet:
    """Keys from the site's secret (and its former ones), which is kept outside the database."""
    from base64 import urlsafe_b64encode

    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [
        salted_hmac("accounts.mfa", "key", secret=secret, algorithm="sha256").digest() for secret in secrets
    ]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _MISMATCH,
        "enter_current_password": _("Cụm mật khẩu hiện tại không đúng."),
        "incorrect_password": _("Cụm mật khẩu không đúng."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            self._counter = throttle.claim(email=credentials["email"], request=request, at=timezone.now())
        except throttle.TooMany as refusal:
            raise ValidationError(refusal.message) from refusal

    def _rollback_login_failed_rl_usage(self) -> None:
        throttle.uncount(self._counter, timezone.now())

    def reauthenticate(self, user: Any, password: str) -> bool:
        request = self.request
        try:
            counter = throttle.claim(email=user.login, request=request, at=timezone.now())
        except throttle.TooMany as refusal:
            raise ValidationError(refusal.message) from refusal
        is_right: bool = user.check_password(password)
        if is_right:
            throttle.uncount(counter, timezone.now())
        return is_right

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        message = _("Tài khoản này đã bị khóa. Nhờ quản trị của xã hoặc của tỉnh mở lại.")
        return error_page(request, 403, str(message))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for somebody who has just signed in: they would type the same passphrase twice in a row."""
        started: float = self.request.session.get("started_at", 0)
        return timezone.now().timestamp() - started > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def get_client_ip(self, request: HttpRequest) -> str:
        return throttle.client_address(request)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail server is asked for; the audit trail holds the event."""

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Our pages say themselves what happened; allauth's sentences would come in other words."""


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Mã không đúng hoặc đã hết hạn. Chờ ứng dụng hiện mã mới rồi nhập lại."),
        "cannot_delete_authenticator": _("Vai trò của bạn bắt buộc có xác thực hai lớp nên không tắt được."),
    }

    def get_totp_issuer(self) -> str:
        return "Ba Không"

    def get_totp_label(self, user: Any) -> str:
        return str(user.login)

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise ValidationError(
                _("Không đọc được mã bí mật của lớp xác thực thứ hai. Nhờ quản trị cấp lại.")
            ) from error

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not StaffActor(authenticator.user, day_of(timezone.now())).needs_second_factor()
