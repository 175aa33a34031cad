from bakhong.portal.views.tracking.applying import application, application_file, application_signing
from bakhong.portal.views.tracking.deeds import slip, take_result, withdraw
from bakhong.portal.views.tracking.looking import track, tracked
from bakhong.portal.views.tracking.supplements import supplement

__all__ = [
    "application",
    "application_file",
    "application_signing",
    "slip",
    "supplement",
    "take_result",
    "track",
    "tracked",
    "withdraw",
]
