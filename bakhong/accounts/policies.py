"""The policies of views that are not ours to decorate, and of rooms below this one: one table, by the name of the URL."""

from django.urls import ResolverMatch

from bakhong.accounts.access import PUBLIC, SIGNED_IN, Policy, declared_policy

_SIGNED_IN_WRITES = Policy("signed_in", writes_on_get=True)

_NO_DATABASE = Policy("public", reads_database=False)

BY_URL_NAME: dict[str, Policy] = {
    # config and Django
    "healthz": _NO_DATABASE,
    "readyz": _NO_DATABASE,
    "set_language": _NO_DATABASE,
    # residents come back from their e-identity by GET, and who came is stored
    "portal:mine_come_back": Policy("public", writes_on_get=True),
    # the design document; it shows no data
    "ui:gallery": _NO_DATABASE,
    # allauth; a GET may continue a half-finished sign-in, which it stores
    "account_login": Policy("public", writes_on_get=True),
    "account_logout": PUBLIC,
    "account_reauthenticate": _SIGNED_IN_WRITES,
    "account_change_password": SIGNED_IN,
    "mfa_authenticate": Policy("public", writes_on_get=True),
    "mfa_reauthenticate": _SIGNED_IN_WRITES,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": _SIGNED_IN_WRITES,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": _SIGNED_IN_WRITES,  # marks the codes as shown
    "mfa_generate_recovery_codes": _SIGNED_IN_WRITES,
}


def policy_for(match: ResolverMatch) -> Policy | None:
    """What the view declares, else the table's; None: nobody may open it."""
    return declared_policy(match.func) or BY_URL_NAME.get(match.view_name)
