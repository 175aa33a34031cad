"""By what right something known of a person is used to fill in a form."""

from enum import StrEnum

from bakhong.core.actor import OPERATOR
from bakhong.people import scope
from bakhong.people.models import Consent, Person, Purpose


class Basis(StrEnum):
    """`LEGAL_DUTY`: the office may not ask for what the State holds. `CONSENT`: they agreed. `REFUSED`: they took that back."""

    LEGAL_DUTY = "legal_duty"
    CONSENT = "consent"
    REFUSED = "refused"


def prefill_basis(person: Person) -> Basis:
    """For a form filled in from home, whatever the connection may see. Who never said anything is served by the duty; who agreed and took
    it back types for themself. At the desk the duty alone holds, for the officer would otherwise have to ask for the paper.

    Source: Resolution 66.7/2025/NQ-CP; Law 91/2025/QH15, article 4 (both unverified).
    """
    with scope.seeing(OPERATOR):
        said = list(
            Consent.objects.filter(person=person, purpose=Purpose.PREFILL).values_list(
                "withdrawn_on", flat=True
            )
        )
    if None in said:
        return Basis.CONSENT
    return Basis.REFUSED if said else Basis.LEGAL_DUTY
