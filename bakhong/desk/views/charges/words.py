"""Accounts and services in words."""

from collections.abc import Sequence

from bakhong.payments.models import BankAccount
from bakhong.payments.rules.banks import bank_name
from bakhong.payments.rules.services import service_name
from bakhong.ui.figures import language


def service_words(codes: Sequence[str]) -> str:
    return ", ".join(service_name(each, language()) for each in codes)


def account_words(account: BankAccount) -> str:
    return f"{bank_name(account.bank_bin)} {account.number}"
