"""What a dossier costs is a charge: it is raised with the dossier, and only its payment lets the dossier go on."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import HolderActor
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import Refusal
from bakhong.core.ids import new_uuid
from bakhong.dossiers.actions.charging import ask_for_fee
from bakhong.dossiers.actions.duties import fee_paid, pass_duty, set_duty, undo_duty
from bakhong.dossiers.actions.ending import stop
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.results import approve
from bakhong.dossiers.actions.said import PaperGiven
from bakhong.dossiers.actions.walk_in import receive_at_desk
from bakhong.dossiers.models import Dossier, Event, Kind
from bakhong.dossiers.queries.fees import charges_of, open_charge, standing
from bakhong.dossiers.tests.conftest import MakeDossier
from bakhong.dossiers.tests.filing import filled
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.messaging.models import Message
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.models import BankLine, Charge
from bakhong.payments.signals import charge_reopened
from bakhong.payments.tests.ledger_world import account_of, line_of
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.places.models import Unit

Pay = Callable[[Dossier], Charge]


@pytest.fixture(autouse=True)
def _forms(everybody: None, at: datetime) -> None:
    publish_shipped(at)


@pytest.fixture
def copies(thuong_xuan: Unit, officer: StaffActor, at: datetime) -> Dossier:
    """Two copies of three pages, taken in at the desk: 10.000 đ."""
    draft = filled(
        "certified_copies",
        {
            "documents.0.document_name": "Bằng tốt nghiệp",
            "documents.0.document_pages": "3",
            "documents.0.document_copies": "2",
            "purpose": "study",
            "full_name": "Lê Văn An",
        },
        thuong_xuan,
        officer,
        at,
    )
    papers = [PaperGiven("original", None, "original_seen")]
    made = receive_at_desk(
        draft=draft, procedure="2.000815", papers=papers, result_mode="desk", by=officer, at=at
    ).dossier
    return Dossier.objects.get(pk=made.pk)


@pytest.fixture
def pay(at: datetime) -> Pay:
    """The bank says that exactly the amount came."""

    def paid(dossier: Dossier) -> Charge:
        charge = open_charge(dossier)
        assert charge is not None
        line: BankLine = line_of(account_of(charge.biller, at), at, charge.amount)
        line.save(force_insert=True)
        settle_by_lines(charge=charge, lines=[line], by=OPERATOR, at=at)
        charge.refresh_from_db()
        return charge

    return paid


def test_it_is_raised_with_the_dossier(copies: Dossier) -> None:
    charge = open_charge(copies)
    assert charge is not None
    assert (charge.amount, charge.payer_name, charge.service) == (10_000, "Lê Văn An", "dossier_fee")
    assert (charge.about_kind, charge.about) == ("dossier", copies.uuid)
    assert standing(copies).is_owed


def test_what_costs_nothing_has_none(handmade: MakeDossier, officer: StaffActor, at: datetime) -> None:
    made = receive(dossier=handmade(), by=officer, at=at)
    assert ask_for_fee(dossier=made, by=officer, at=at) is None
    assert not charges_of(made).exists()


def test_asked_for_twice_it_is_one(copies: Dossier, officer: StaffActor, at: datetime) -> None:
    ask_for_fee(dossier=copies, by=officer, at=at)
    set_duty(dossier=copies, by=officer, at=at)
    assert charges_of(copies).count() == 1


def test_a_payment_lets_the_dossier_go_on(
    copies: Dossier, officer: StaffActor, chair: StaffActor, at: datetime, pay: Pay
) -> None:
    waiting = set_duty(dossier=copies, by=officer, at=at)
    with pytest.raises(Refusal, match="còn phải nộp"):
        pass_duty(dossier=waiting, by=officer, at=at)
    charge = pay(waiting)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.duty_charge, waiting.waiting_since) == ("received", charge.uuid, None)
    assert waiting.fee_amount == 10_000
    assert approve(dossier=waiting, by=chair, at=at, answers={"number": "1"}).state == "approved"


def test_it_may_be_paid_before_anybody_asks(
    copies: Dossier, chair: StaffActor, at: datetime, pay: Pay
) -> None:
    charge = pay(copies)
    copies.refresh_from_db()
    assert (copies.state, copies.duty_charge) == ("received", charge.uuid)
    assert Event.objects.get(dossier=copies, kind=Kind.PASS_DUTY).data["amount"] == 10_000


def test_paid_before_it_was_taken_in_it_is_met_then(
    handmade: MakeDossier, officer: StaffActor, at: datetime, pay: Pay
) -> None:
    made = handmade(fee_amount=20_000)
    ask_for_fee(dossier=made, by=officer, at=at)
    charge = pay(made)
    made.refresh_from_db()
    assert (made.state, made.duty_met_at) == ("submitted", None)
    received = receive(dossier=made, by=officer, at=at)
    assert (received.state, received.duty_charge) == ("received", charge.uuid)


def test_an_exemption_withdraws_it(copies: Dossier, officer: StaffActor, at: datetime) -> None:
    pass_duty(dossier=copies, by=officer, at=at, exemptions=["rural_loan"])
    assert [each.state for each in charges_of(copies)] == ["withdrawn"]


def test_another_fee_is_another_charge(handmade: MakeDossier, officer: StaffActor, at: datetime) -> None:
    made = handmade(fee_amount=20_000)
    ask_for_fee(dossier=made, by=officer, at=at)
    made.fee_amount = 8_000
    ask_for_fee(dossier=made, by=officer, at=at)
    rows = list(charges_of(made).values_list("state", "amount"))
    assert rows == [("withdrawn", 20_000), ("open", 8_000)]


def test_what_ended_is_not_to_be_paid(copies: Dossier, chair: StaffActor, at: datetime) -> None:
    stop(dossier=copies, reason="other", note="Ông An thôi làm.", by=chair, at=at)
    assert open_charge(copies) is None


def test_money_that_goes_back_opens_the_duty_again(
    copies: Dossier, chair: StaffActor, at: datetime, pay: Pay
) -> None:
    charge = pay(copies)
    undo_duty(dossier=copies, charge=new_uuid(), by=OPERATOR, at=at)  # another one: nothing
    copies.refresh_from_db()
    assert copies.duty_met_at is not None
    charge_reopened.send(Charge, charge=charge, by=OPERATOR, at=at)
    copies.refresh_from_db()
    assert (copies.state, copies.duty_met_at, copies.duty_charge) == ("received", None, None)
    told = Message.objects.filter(about=copies.uuid, template="duty_undone")
    assert told.exists()


def test_a_decision_stays_and_says_that_the_money_went(
    copies: Dossier, chair: StaffActor, at: datetime, pay: Pay
) -> None:
    charge = pay(copies)
    copies.refresh_from_db()
    approve(dossier=copies, by=chair, at=at, answers={"number": "1"})
    charge_reopened.send(Charge, charge=charge, by=OPERATOR, at=at)
    copies.refresh_from_db()
    assert (copies.state, copies.duty_charge) == ("approved", charge.uuid)
    assert Event.objects.filter(dossier=copies, kind=Kind.UNDO_DUTY).exists()
    assert Message.objects.filter(about=copies.uuid, template="duty_undone").exists()


def test_a_charge_that_is_not_paid_meets_nothing(
    copies: Dossier, at: datetime, handmade: MakeDossier, officer: StaffActor, pay: Pay
) -> None:
    charge = open_charge(copies)
    assert charge is not None
    assert fee_paid(dossier=copies, by=OPERATOR, at=at).duty_met_at is None

    def name(uuid: UUID) -> None:
        with transaction.atomic():
            Dossier.objects.filter(pk=copies.pk).update(duty_met_at=at, duty_charge=uuid)

    with pytest.raises(IntegrityError, match="no paid charge"):
        name(charge.uuid)
    other = handmade(fee_amount=10_000)
    ask_for_fee(dossier=other, by=officer, at=at)
    stranger = pay(other)
    with pytest.raises(IntegrityError, match="no paid charge"):
        name(stranger.uuid)  # paid, and another dossier's
    pay(copies)  # negative control: its own, paid, meets it
    copies.refresh_from_db()
    assert copies.duty_charge == charge.uuid


def test_whoever_files_with_a_code_alone_owes_it_too(
    handmade: MakeDossier, at: datetime, app_role: str
) -> None:
    """On the holder's own connection, which sees this dossier and nothing else."""
    made = handmade(fee_amount=20_000)
    holder: Actor = HolderActor("dossier", made.uuid)
    with scope.holding(keys=[made.uuid]):
        charge = ask_for_fee(dossier=made, by=holder, at=at)
        assert charge is not None
        assert list(charges_of(made)) == [charge]
    with scope.holding(keys=[new_uuid()]):
        assert not charges_of(made).exists()


def test_a_fee_counts_where_the_applicant_lives(
    handmade: MakeDossier,
    officer: StaffActor,
    person: Callable[..., Person],
    village: Unit,
    thuong_xuan: Unit,
    at: datetime,
) -> None:
    lady = person("Lê Thị Hoá")
    known = ask_for_fee(dossier=handmade(fee_amount=8000, person=lady), by=officer, at=at)
    unknown = ask_for_fee(dossier=handmade(fee_amount=8000), by=officer, at=at)
    assert known is not None
    assert unknown is not None
    assert (known.village, unknown.village) == (village, thuong_xuan)
