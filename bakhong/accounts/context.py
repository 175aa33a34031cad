"""What the frame of every page may use (a context processor)."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy


def frame(request: HttpRequest) -> dict[str, Any]:
    """`sign_out_url` and `account_url`: where the name in the bar leads."""
    return {"sign_out_url": reverse_lazy("account_logout"), "account_url": reverse_lazy("accounts:me")}
