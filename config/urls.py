"""Every room hangs its own urls here; the doors come last."""

from django.conf import settings
from django.urls import include, path

from config.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("ui/", include("bakhong.ui.urls")),
    path("accounts/", include("bakhong.accounts.urls")),
    path("desk/", include("bakhong.desk.urls")),
    path("documents/", include("bakhong.documents.urls")),
    path("payments/", include("bakhong.payments.urls")),
    path("to/", include("bakhong.field.urls")),
    # An e-identity to try with. Nowhere else does this address exist.
    *([path("", include("bakhong.demo.urls"))] if settings.DEMO else []),
    path("", include("bakhong.portal.urls")),
]

handler400 = "bakhong.ui.errors.unreadable"
