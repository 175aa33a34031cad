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
from bakhong.accounts.actions.roster import add_official, end_official, record_certificate, revoke_certificate

__all__ = [
    "Invited",
    "accept_invitation",
    "add_official",
    "assign_role",
    "disable_user",
    "enable_user",
    "end_assignment",
    "end_official",
    "invite",
    "record_certificate",
    "reset_user",
    "revoke_certificate",
    "sign_out_everywhere",
]
