from bakhong.portal.views.pages import commune, communes, figures, front, papers, track

__all__ = ["commune", "communes", "figures", "front", "papers", "track"]
