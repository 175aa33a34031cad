"""What somebody has to pay and has paid, with the confirmations: their own, and what their household owes as a whole."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bakhong.core.days import day_of
from bakhong.payments.models import ChargeState
from bakhong.payments.queries.bills import own_bills
from bakhong.portal.views.mine import OwnRequest, my_page, own_page


@own_page
@require_safe
def charges(request: OwnRequest) -> HttpResponse:
    found = own_bills(request.person, on=day_of(timezone.now()))
    to_pay = [each for each in found if each.charge.state == ChargeState.OPEN]
    return my_page(
        request,
        "charges",
        to_pay=to_pay,
        total=sum(each.charge.amount for each in to_pay),
        paid=[each for each in found if each.charge.state != ChargeState.OPEN],
    )
