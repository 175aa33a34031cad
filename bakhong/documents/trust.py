"""Whose certificates are believed: the roots the operator put into DATA/trust as .pem; on a demo site its own trial authority too."""

from pathlib import Path

from django.conf import settings

DEMO = "demo.pem"


def folder() -> Path:
    return Path(settings.DATA) / "trust"


def roots() -> list[Path]:
    """Files of trusted roots. The trial authority is nobody's outside a demo site."""
    is_demo = _is_demo()
    return [path for path in sorted(folder().glob("*.pem")) if is_demo or path.name != DEMO]


def _is_demo() -> bool:
    """Also for a command beside a demo site, which is not told."""
    return settings.DEMO or (Path(settings.DATA) / "secrets" / "demo.json").is_file()
