"""The port to an e-identity: any provider that speaks OpenID Connect, set up in the environment (docs/operations.md).

What it says is read into `Claims` and handed back; nothing is stored here. Providers name things differently, so the names of claims, and
the values that stand for a level, are settings: `BAKHONG_EID_CLAIMS`, `BAKHONG_EID_LEVELS`.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from bakhong.accounts.residents import Claims
from bakhong.clients import oidc
from bakhong.core.days import parse_day
from bakhong.core.errors import Refusal
from bakhong.core.text import nfc, squeeze

log = logging.getLogger(__name__)

_SEXES = {
    "male": "male",
    "nam": "male",
    "m": "male",
    "female": "female",
    "nữ": "female",
    "nu": "female",
    "f": "female",
}


class SignInFailed(Refusal):
    """The e-identity did not confirm who it was; the resident is told what to do instead."""

    status = 422


class ProviderSilent(SignInFailed):
    """The provider cannot be reached just now."""

    status = 503


class LevelTooLow(SignInFailed):
    """The e-identity was never verified in person."""

    status = 403


@dataclass(frozen=True)
class Confirmed:
    """Somebody the provider vouches for. `subject`: its name for them, kept only as a digest."""

    issuer: str
    subject: str
    said: Claims


@dataclass(frozen=True)
class EIdentity:
    """One provider with its own names for things. `levels`: its value → 1 or 2; `asked_level`: what is asked for, in its words."""

    provider: oidc.Provider
    name: str
    scope: str
    claims: Mapping[str, str]
    level_claim: str
    levels: Mapping[str, int]
    asked_level: str
    least_level: int

    def begin(self, redirect_uri: str) -> oidc.Asked:
        """Where the browser goes, and what is to be kept until it comes back.

        Raises: ProviderSilent.
        """
        try:
            return oidc.ask(
                self.provider, redirect_uri=redirect_uri, scope=self.scope, levels=self.asked_level
            )
        except (oidc.Unreachable, oidc.NotBelieved) as wrong:
            raise _silent(wrong) from wrong

    def finish(self, *, code: str, iss: str, redirect_uri: str, nonce: str, verifier: str) -> Confirmed:
        """Whoever came back with this code.

        Raises: SignInFailed, ProviderSilent, LevelTooLow.
        """
        try:
            found = oidc.answer(
                self.provider, code=code, redirect_uri=redirect_uri, nonce=nonce, verifier=verifier, iss=iss
            )
        except oidc.Unreachable as wrong:
            raise _silent(wrong) from wrong
        except oidc.NotBelieved as wrong:
            log.warning(
                "e-identity refused: %s", wrong
            )  # says what was wrong with the token, never what was in it
            raise SignInFailed(
                _("Không xác nhận được lần đăng nhập này. Hãy bấm đăng nhập lại từ đầu.")
            ) from None
        said = self.read(found)
        if said.level < self.least_level:
            raise LevelTooLow(
                _(
                    "Tài khoản định danh của bạn chưa ở mức 2. Hãy đến công an xã để làm mức 2, hoặc nộp hồ sơ không cần tài khoản."
                )
            )
        return Confirmed(self.provider.issuer, str(found["sub"]), said)

    def read(self, found: Mapping[str, Any]) -> Claims:
        """What the provider's claims say, in our names. What cannot be read is left out."""
        text = {ours: _text(found.get(theirs)) for ours, theirs in self.claims.items()}
        number = re.sub(r"\s", "", text.get("national_id", ""))
        return Claims(
            national_id=number if re.fullmatch(r"[0-9]{12}", number) else "",
            full_name=text.get("full_name", "")[:120],
            birth=_birth(text.get("birth", "")),
            sex=_SEXES.get(text.get("sex", "").lower(), ""),
            address=text.get("address", "")[:200],
            level=self.levels.get(_text(found.get(self.level_claim)), 0),
        )

    def leave(self, back: str) -> str:
        """Where somebody signs out of the provider as well; "" where it has no such page, or does not answer."""
        try:
            end = oidc.describe(self.provider).end_session
        except (oidc.Unreachable, oidc.NotBelieved):
            return ""
        asked = urlencode({"client_id": self.provider.client_id, "post_logout_redirect_uri": back})
        return f"{end}?{asked}" if end else ""

    def check(self) -> str:
        """For `bakhong doctor`: answers, and describes itself as what was set up. Raises: what is wrong."""
        oidc.describe(self.provider)
        return self.provider.issuer


def e_identity() -> EIdentity | None:
    """The provider of this installation; None where none is set up."""
    found: Mapping[str, Any] = settings.E_IDENTITY
    if not found["issuer"]:
        return None
    return EIdentity(
        provider=oidc.Provider(found["issuer"], found["client_id"], found["client_secret"]),
        name=found["name"],
        scope=found["scope"],
        claims=found["claims"],
        level_claim=found["level_claim"],
        levels={value: int(level) for level, value in found["levels"].items()},
        asked_level=found["asked_level"],
        least_level=found["least_level"],
    )


def _silent(wrong: Exception) -> ProviderSilent:
    log.warning("e-identity does not answer: %s", wrong)
    return ProviderSilent(
        _("Trang định danh điện tử chưa trả lời. Hãy thử lại sau ít phút, hoặc làm tiếp không cần tài khoản.")
    )


def _text(value: Any) -> str:
    """A claim as one line; an address may be an object (OpenID Connect Core, section 5.1.1)."""
    if isinstance(value, dict):
        value = value.get("formatted", "")
    if not isinstance(value, str | int):
        return ""
    return squeeze(nfc(str(value).replace("\x00", "")))


def _birth(text: str) -> str:
    """
    >>> _birth("06/05/1990"), _birth("1990-05-06"), _birth("19900506"), _birth("1990"), _birth("?")
    ('1990-05-06', '1990-05-06', '1990-05-06', '1990', '')
    """
    if re.fullmatch(r"(18|19|20)\d{6}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    day = parse_day(text)
    if day is not None:
        return day.isoformat()
    return text if re.fullmatch(r"(18|19|20)\d\d", text) else ""
