"""The charge of a dossier's fee: raised as it is handed in, so that it can be paid at once; changed and withdrawn with the fee."""

from datetime import datetime
from uuid import uuid5

from django.utils.translation import gettext as _

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.dossiers.applicants import phone_of
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.fees import ABOUT, charges_of, open_charge, paid_charge
from bakhong.payments.actions.billers import commune_biller
from bakhong.payments.actions.charging import Owed, raise_charge, withdraw_charge
from bakhong.payments.models import Charge
from bakhong.places.models import Unit

SERVICE = "dossier_fee"


def ask_for_fee(*, dossier: Dossier, by: Actor, at: datetime) -> Charge | None:
    """The charge of what the dossier costs now; None where it costs nothing. One of another amount that still waits is withdrawn.

    Runs in the deed's transaction, on the row it holds: the number of charges so far is the version of the fee, and makes the key.
    """
    if not dossier.fee_amount:
        give_up_fee(dossier=dossier, why=_("Hồ sơ không phải nộp phí, lệ phí."), at=at)
        return None
    kept = paid_charge(dossier) or open_charge(dossier)
    if kept is not None and kept.amount == dossier.fee_amount:
        return kept
    give_up_fee(dossier=dossier, why=_("Mức phí, lệ phí của hồ sơ đã đổi."), at=at)
    key = uuid5(dossier.uuid, f"fee:{charges_of(dossier).count()}")
    return raise_charge(owed=_owed(dossier, at), key=key, by=by, at=at, permission=None)


def give_up_fee(*, dossier: Dossier, why: str, at: datetime) -> None:
    """Nothing is asked for any more: the charge that still waits is withdrawn. What was paid stays until it is given back."""
    charge = open_charge(dossier)
    if charge is not None:
        withdraw_charge(charge=charge, why=why, by=OPERATOR, at=at, permission=None)


def _owed(dossier: Dossier, at: datetime) -> Owed:
    return Owed(
        biller=commune_biller(dossier.village, at=at),
        service=SERVICE,
        title=(_("Phí, lệ phí: %(what)s") % {"what": dossier.procedure_name})[:160],
        amount=dossier.fee_amount,
        payer_name=dossier.applicant_name,
        payer_phone=phone_of(dossier.applicant_phone, dossier.uuid),
        village=_home(dossier, at),
        person=dossier.person,
        about=(ABOUT, dossier.uuid),
    )


def _home(dossier: Dossier, at: datetime) -> Unit:
    """The applicant's village, so that it counts there; the commune for somebody who is not on its roll, or lives elsewhere."""
    person = dossier.person
    if person is None or person.village_id not in covered_ids([dossier.village_id], day_of(at)):
        return dossier.village
    return person.village
