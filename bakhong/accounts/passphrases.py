"""What a passphrase may not be (AUTH_PASSWORD_VALIDATORS). Length matters; composition rules do not.

Source: NIST SP 800-63B, section 5.1.1.2 (length, a list of known ones, no composition rules).
"""

from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bakhong.accounts.rules.passphrases import core_of, is_monotonous
from bakhong.core.text import name_key, nfc

SHORTEST, LONGEST = 12, 128


class PassphraseValidator:
    def __init__(self) -> None:
        self.known: set[str] = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        phrase = nfc(password)
        if len(phrase) < SHORTEST:
            raise ValidationError(_("Cụm mật khẩu phải có ít nhất 12 ký tự."), code="too_short")
        if len(phrase) > LONGEST:
            raise ValidationError(_("Cụm mật khẩu dài nhất là 128 ký tự."), code="too_long")
        plain = name_key(phrase)
        if is_monotonous(plain):
            raise ValidationError(
                _("Cụm mật khẩu này lặp lại hoặc theo thứ tự nên dễ đoán. Hãy ghép bốn từ bất kỳ."),
                code="monotonous",
            )
        if plain in self.known or core_of(plain) in self.known or core_of(plain) in _HERE:
            raise ValidationError(
                _("Cụm mật khẩu này nhiều người dùng nên dễ đoán. Hãy ghép bốn từ bất kỳ."), code="common"
            )
        if user is not None and core_of(plain) in _own_words(user):
            raise ValidationError(_("Cụm mật khẩu không được là tên hay e-mail của bạn."), code="own_name")

    def get_help_text(self) -> str:
        return str(_("Ít nhất 12 ký tự."))


# What people here put before a year or a row of digits.
_HERE = frozenset(
    {
        "matkhau",
        "matkhaumoi",
        "vietnam",
        "thanhhoa",
        "tuyenquang",
        "xinchao",
        "iloveyou",
        "anhyeuem",
        "emyeuanh",
        "ubndxa",
        "ubnd",
        "uyban",
        "uybannhandan",
        "bakhong",
        "chuyendoiso",
        "chinhquyenso",
        "quantri",
        "admin",
        "administrator",
        "password",
    }
)


def _own_words(user: Any) -> set[str]:
    local = str(user.login).partition("@")[0]
    return {core_of(name_key(word)) for word in (local, str(user.name), str(user.login))} - {""}
