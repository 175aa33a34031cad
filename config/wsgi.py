import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def over_https(inner: Application) -> Application:
    """Every request came over HTTPS, whatever the proxy's headers say: addresses that leave the site begin so, and HSTS is sent."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return inner({**environ, "wsgi.url_scheme": "https"}, start_response)

    return application


application: Application = get_wsgi_application()
if settings.IS_SECURE:
    application = over_https(application)
# Every page is loaded now: whoever comes first would wait a second and a half for it, and a burst of notifications with them.
import_module("config.urls")
