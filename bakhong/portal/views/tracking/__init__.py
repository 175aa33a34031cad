from bakhong.portal.views.tracking.deeds import slip, take_result, withdraw
from bakhong.portal.views.tracking.looking import track, tracked
from bakhong.portal.views.tracking.supplements import supplement

__all__ = ["slip", "supplement", "take_result", "track", "tracked", "withdraw"]
