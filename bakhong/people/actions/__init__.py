"""Deeds. All are atomic, audited and refuse in a plain sentence."""

from bakhong.people.actions.adopting import Adopted, record_adoptions, retract_adoptions
from bakhong.people.actions.detailing import record_details, retract_details
from bakhong.people.actions.erasing import ErasureGround, erase_person
from bakhong.people.actions.households import make_household, set_members
from bakhong.people.actions.looking import record_looks, record_reveal, reveal, stated
from bakhong.people.actions.merging import keep_apart, merge_people, unmerge_people
from bakhong.people.actions.projecting import overruled
from bakhong.people.actions.purposes import log_use
from bakhong.people.actions.recording import (
    Saying,
    add_person,
    correct_fact,
    learn,
    record_fact,
)
from bakhong.people.actions.registers import (
    add_organisation,
    close_organisation,
    end_subscription,
    give_consent,
    record_subscription,
    withdraw_consent,
)
from bakhong.people.actions.retracting import retract_facts

__all__ = [
    "Adopted",
    "ErasureGround",
    "Saying",
    "add_organisation",
    "add_person",
    "close_organisation",
    "correct_fact",
    "end_subscription",
    "erase_person",
    "give_consent",
    "keep_apart",
    "learn",
    "log_use",
    "make_household",
    "merge_people",
    "overruled",
    "record_adoptions",
    "record_details",
    "record_fact",
    "record_looks",
    "record_reveal",
    "record_subscription",
    "retract_adoptions",
    "retract_details",
    "retract_facts",
    "reveal",
    "set_members",
    "stated",
    "unmerge_people",
    "withdraw_consent",
]
