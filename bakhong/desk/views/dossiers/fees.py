"""What a dossier costs, on the pages of the desk: the square to be scanned right there, and cash for who has no account."""

from typing import Any

from django.utils.safestring import SafeString

from bakhong.accounts.access import StaffRequest
from bakhong.core.actor import OPERATOR
from bakhong.desk.frame import today
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.exemptions import claimed
from bakhong.dossiers.queries.fees import standing
from bakhong.payments.models import Charge
from bakhong.payments.permissions import COLLECT, REFUND, billers_for
from bakhong.payments.queries.bills import bill_of
from bakhong.payments.queries.charges import qr_svg
from bakhong.people import scope
from bakhong.places.models import Unit


def fee_box(request: StaffRequest, unit: Unit, dossier: Dossier) -> dict[str, Any]:
    """What `desk/dossiers/_fee.html` shows. No square where the payment is under way in another shape (too little, too much)."""
    fee = standing(dossier)
    bill = None
    if fee.is_owed and fee.charge is not None:
        with scope.seeing(
            OPERATOR
        ):  # what the bank said of this one charge; officers of the desk see no bank lines otherwise
            bill = bill_of(fee.charge, on=today())
    return {
        "fee": fee,
        "claimed": claimed(dossier),
        "square": SafeString(qr_svg(bill.payload)) if bill is not None and bill.has_code else "",
        "fee_mark": bill.mark if bill is not None else "",
        "may_collect": request.actor.may(COLLECT, unit.pk),
        "may_refund": fee.may_go_back and _may_refund(request, fee.charge),
    }


def _may_refund(request: StaffRequest, charge: Charge | None) -> bool:
    return charge is not None and billers_for(request.actor, REFUND).filter(pk=charge.biller_id).exists()
