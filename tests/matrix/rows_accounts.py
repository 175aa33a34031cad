from datetime import date
from typing import Any
from uuid import UUID

from bakhong.accounts.models import Certificate, Official
from tests.matrix.rows import Row
from tests.matrix.world import World

VIEWS_PEOPLE = {"chair", "dx_secretary", "province_admin", "system_admin"}
MANAGES_PEOPLE = {"chair", "dx_secretary", "province_admin", "system_admin"}
VIEWS_ROSTER = {"chair", "dx_secretary", "supervising_leader", "province_admin", "system_admin"}
_NOBODY = UUID(int=0)


def an_official(world: World) -> dict[str, Any]:
    official = Official.objects.create(
        unit=world.home["commune"], name="CANARY NHÀ", position="Công chức", valid_from=date(2025, 7, 1)
    )
    return {"official": official.uuid}


def a_certificate(world: World) -> dict[str, Any]:
    certificate = Certificate.objects.create(
        official=Official.objects.get(uuid=an_official(world)["official"]),
        kind="personal",
        store="remote",
        issuer="CA",
        serial="1",
        valid_from=date(2025, 7, 1),
        valid_to=date(2027, 7, 1),
    )
    return {"certificate": certificate.uuid}


def nobody(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid, "user": _NOBODY, "deed": "disable"}


def no_assignment(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid, "assignment": _NOBODY}


ROWS = [
    Row("account_login", scope="public", ok={200, 302}),
    Row("account_logout", scope="public", ok={200, 302}),
    Row("account_reauthenticate", scope="signed_in", ok={200, 302}),
    Row("account_change_password", scope="signed_in", ok={200, 302}),
    Row("mfa_authenticate", scope="public", ok={302}),
    Row("mfa_reauthenticate", scope="signed_in"),
    Row("mfa_index", scope="signed_in"),
    Row("mfa_activate_totp", scope="signed_in", ok={302}),
    Row("mfa_deactivate_totp", scope="signed_in"),
    Row("mfa_view_recovery_codes", scope="signed_in", ok={404}),
    Row("mfa_generate_recovery_codes", scope="signed_in"),
    Row("accounts:me", scope="signed_in"),
    Row("accounts:sign_out_everywhere", scope="signed_in", method="post", ok={302}),
    Row("accounts:accept", scope="public", kwargs=lambda world: {"token": "no-such-link"}, ok={404}),
    Row("accounts:people", may=VIEWS_PEOPLE),
    Row("accounts:people", method="post", may=MANAGES_PEOPLE, ok={422}),
    Row("accounts:change_user", method="post", kwargs=nobody, may=MANAGES_PEOPLE, ok={404}),
    Row("accounts:end_assignment", method="post", kwargs=no_assignment, may=MANAGES_PEOPLE, ok={404}),
    Row("accounts:phones", may=VIEWS_PEOPLE),
    Row("accounts:phones", method="post", may=MANAGES_PEOPLE, ok={422}),
    Row("accounts:cards", method="post", may=MANAGES_PEOPLE, ok={302}),
    Row("accounts:roster", may=VIEWS_ROSTER),
    Row("accounts:roster", method="post", may={"dx_secretary"}, ok={422}),
    Row("accounts:official", kwargs=an_official, may=VIEWS_ROSTER),
    Row("accounts:official", method="post", kwargs=an_official, may={"dx_secretary"}, ok={422}),
    Row("accounts:end_official", method="post", kwargs=an_official, may={"dx_secretary"}, ok={422}),
    Row("accounts:revoke_certificate", method="post", kwargs=a_certificate, may={"dx_secretary"}, ok={302}),
    Row("accounts:trail", may={"chair", "province_admin", "system_admin"}),
    Row("accounts:trail", level="province", may={"province_admin", "system_admin"}),
]
