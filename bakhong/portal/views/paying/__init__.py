from bakhong.portal.views.paying.finding import pay_find
from bakhong.portal.views.paying.giving import confirmation, help_pay
from bakhong.portal.views.paying.images import code_png
from bakhong.portal.views.paying.page import pay, status

__all__ = ["code_png", "confirmation", "help_pay", "pay", "pay_find", "status"]
