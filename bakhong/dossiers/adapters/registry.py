"""Which other systems this installation exchanges dossiers with: none, until the operator names their addresses."""

from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from bakhong.dossiers.adapters.port import Exchange
from bakhong.dossiers.rules.national import NAMES

__all__ = ["NAMES", "exchanges"]


def exchanges() -> Mapping[str, Exchange]:
    """code → the other side, of those that are set up (`settings.EXCHANGES`)."""
    return {
        code: _made(code, told["adapter"], told["url"], told["token"])
        for code, told in settings.EXCHANGES.items()
        if code in NAMES and told["url"]
    }


@lru_cache(maxsize=8)
def _made(code: str, adapter: str, url: str, token: str) -> Exchange:
    made: Exchange = import_string(adapter)(code=code, name=NAMES[code], url=url, token=token)
    return made
