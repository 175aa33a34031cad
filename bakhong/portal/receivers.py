"""What signing in tells the portal."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from bakhong.portal.holding import let_go


@receiver(user_logged_in)
def on_staff_signed_in(request: HttpRequest, **kwargs: Any) -> None:
    """What a resident opened at this browser is not the officer's by sitting down there: their drafts and dossiers are let go."""
    let_go(request)
