"""Refusing free text that holds what must not be written down, or not there."""

from django.utils.translation import gettext as _

from bakhong.core.errors import Refusal
from bakhong.people.rules.secrets import holds_code, holds_number


def no_codes(*texts: str) -> None:
    """Raises: Refusal when one of the texts holds what looks like a code received by telephone, or a password."""
    if any(map(holds_code, texts)):
        raise Refusal(
            _(
                "Ghi chú có số giống mã OTP hoặc mật khẩu. Không bao giờ ghi mã của người dân vào đây: hãy xoá số đó."
            )
        )


def no_secrets(*texts: str) -> None:
    """Raises: Refusal as `no_codes`, and also for a number of identity or of a mobile telephone."""
    no_codes(*texts)
    if any(map(holds_number, texts)):
        raise Refusal(_("Đừng ghi số định danh hay số điện thoại vào ghi chú: hãy ghi vào ô riêng của nó."))
