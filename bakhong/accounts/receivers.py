"""What allauth tells us: note it in the trail, and keep the counters."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from bakhong.accounts import residents, throttle
from bakhong.accounts.models import User
from bakhong.accounts.permissions import Anonymous, StaffActor
from bakhong.audit.actions import record
from bakhong.core.days import day_of


def _note(user: User, deed: str, **details: Any) -> None:
    now = timezone.now()
    actor = StaffActor(user, day_of(now))
    record(by=actor, at=now, deed=deed, object_kind="user", object_id=user.uuid, **details)


@receiver(user_logged_in)
def on_signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    now = timezone.now()
    residents.forget(request)  # one browser is either a member of staff or a resident
    request.session["started_at"] = request.session["seen_at"] = now.timestamp()
    if not user.phone:  # a PIN has a phone of its own
        throttle.succeed(user=user, request=request, at=now)
    _note(user, "accounts.sign_in")


@receiver(user_logged_out)
def on_signed_out(user: User | None, **kwargs: Any) -> None:
    if user is not None:
        _note(user, "accounts.sign_out")


@receiver(user_login_failed)
def on_refused(credentials: dict[str, Any], **kwargs: Any) -> None:
    user = User.objects.filter(email=str(credentials.get("email", "")).strip().lower()).first()
    if user is not None:
        record(
            by=Anonymous(),
            at=timezone.now(),
            deed="accounts.refuse_sign_in",
            object_kind="user",
            object_id=user.uuid,
        )


@receiver(password_changed)
def on_passphrase_changed(user: User, **kwargs: Any) -> None:
    _note(user, "accounts.change_passphrase")


@receiver(authenticator_added)
def on_factor_added(user: User, authenticator: Any, **kwargs: Any) -> None:
    _note(user, "accounts.add_second_factor", type=str(authenticator.type))


@receiver(authenticator_removed)
def on_factor_removed(user: User, authenticator: Any, **kwargs: Any) -> None:
    _note(user, "accounts.remove_second_factor", type=str(authenticator.type))


@receiver(authenticator_reset)
def on_codes_renewed(user: User, **kwargs: Any) -> None:
    _note(user, "accounts.renew_recovery_codes")
