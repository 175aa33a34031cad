"""Deeds about staff and about the roster of officials."""

from bakhong.accounts.actions.people import (
    Invited,
    accept_invitation,
    assign_role,
    disable_user,
    enable_user,
    end_assignment,
    invite,
    reset_user,
    sign_out_everywhere,
)
from bakhong.accounts.actions.phones import Card, enrol_by_phone, issue_cards, note_wrong_pin, open_with_card
from bakhong.accounts.actions.residents import forget_residents, welcome_resident
from bakhong.accounts.actions.roster import add_official, end_official, record_certificate, revoke_certificate

__all__ = [
    "Card",
    "Invited",
    "accept_invitation",
    "add_official",
    "assign_role",
    "disable_user",
    "enable_user",
    "end_assignment",
    "end_official",
    "enrol_by_phone",
    "forget_residents",
    "invite",
    "issue_cards",
    "note_wrong_pin",
    "open_with_card",
    "record_certificate",
    "reset_user",
    "revoke_certificate",
    "sign_out_everywhere",
    "welcome_resident",
]
