from bakhong.portal.views.filing.correcting import file_correct
from bakhong.portal.views.filing.filling_in import file_known
from bakhong.portal.views.filing.pages import file_page
from bakhong.portal.views.filing.papers import file_papers
from bakhong.portal.views.filing.ready import file_package, file_ready
from bakhong.portal.views.filing.receipt import file_receipt
from bakhong.portal.views.filing.results import file_result
from bakhong.portal.views.filing.review import file_review
from bakhong.portal.views.filing.starting import file_code, file_start, leave

__all__ = [
    "file_code",
    "file_correct",
    "file_known",
    "file_package",
    "file_page",
    "file_papers",
    "file_ready",
    "file_receipt",
    "file_result",
    "file_review",
    "file_start",
    "leave",
]
