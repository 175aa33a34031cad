"""The providers this installation has, made from its settings. `SIGNING` in config/settings.py; docs/operations.md lists the variables."""

import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from bakhong.documents.adapters.signing.pkcs12 import Pkcs12
from bakhong.documents.adapters.signing.port import Provider
from bakhong.documents.adapters.signing.smartca import SmartCA
from bakhong.documents.adapters.signing.stamping import Stamper
from bakhong.documents.sealed import token


def providers() -> dict[str, Provider]:
    """By code, in the order they are offered; those that are not set up are left out."""
    found: list[Provider] = [Pkcs12(key_folder())]
    smartca = _smartca()
    if smartca is not None:
        found.append(smartca)
    return {each.code: each for each in found}


def time_stamper() -> Stamper | None:
    """The time stamping authority, or None: then the signature carries the moment of our own clock."""
    url = settings.SIGNING["tsa"]
    return Stamper(url) if url else None


def key_folder() -> Path:
    return Path(settings.DATA) / "secrets" / "signing"


@dataclass(frozen=True)
class DemoPhone:
    """Where the demo's provider says at which address it answers, and the secret its calls carry."""

    path: Path
    secret: str

    def smartca(self) -> SmartCA | None:
        try:
            said = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return None
        return SmartCA(
            said["url"],
            said["id"],
            said["password"],
            self.secret,
            name=_("Ký từ xa, xác nhận trên điện thoại (mô phỏng)"),
        )


def demo_phone() -> DemoPhone:
    return DemoPhone(Path(settings.DATA) / "demo" / "phone.json", token("smartca", "webhook"))


def trial_phone() -> str:
    """Where the demo's signers confirm; empty on every other site."""
    found = demo_phone().smartca() if settings.DEMO and not settings.SIGNING["smartca_url"] else None
    return f"{found.url}/" if found else ""


def _smartca() -> SmartCA | None:
    given = settings.SIGNING
    if given["smartca_url"]:
        return SmartCA(
            given["smartca_url"], given["smartca_id"], given["smartca_password"], given["smartca_webhook"]
        )
    return demo_phone().smartca() if settings.DEMO else None
