"""The providers this installation has, made from its settings. `SIGNING` in config/settings.py; docs/operations.md lists the variables."""

from pathlib import Path

from django.conf import settings

from bakhong.documents.adapters.signing.pkcs12 import Pkcs12
from bakhong.documents.adapters.signing.port import Provider
from bakhong.documents.adapters.signing.smartca import SmartCA
from bakhong.documents.adapters.signing.stamping import Stamper


def providers() -> dict[str, Provider]:
    """By code, in the order they are offered; those that are not set up are left out."""
    found: list[Provider] = [Pkcs12(key_folder())]
    smartca = _smartca()
    if smartca.url:
        found.append(smartca)
    return {each.code: each for each in found}


def time_stamper() -> Stamper | None:
    """The time stamping authority, or None: then the signature carries the moment of our own clock."""
    url = settings.SIGNING["tsa"]
    return Stamper(url) if url else None


def key_folder() -> Path:
    return Path(settings.DATA) / "secrets" / "signing"


def _smartca() -> SmartCA:
    given = settings.SIGNING
    return SmartCA(
        given["smartca_url"], given["smartca_id"], given["smartca_password"], given["smartca_webhook"]
    )
