from bakhong.portal.views.attendance import attend
from bakhong.portal.views.pages import commune, communes, figures, front, papers
from bakhong.portal.views.schedule import schedule

__all__ = ["attend", "commune", "communes", "figures", "front", "papers", "schedule"]
