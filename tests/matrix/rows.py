"""How a row of the matrix is written. Every file `rows_<door>.py` beside this one holds a list `ROWS`.

    Row("accounts:people", may={"chair", …})                        GET, the URL names home's commune as `unit`
    Row("accounts:people", method="post", data={…}, ok={422}, may={…})
    Row("accounts:official", kwargs=an_official, may={…})           `an_official(world)` makes what the URL names, at home's commune
    Row("accounts:me", scope="signed_in")                           every member of staff
    Row("home", scope="public")                                     anybody

`may`: the roles that get an answer out of `ok` where their place covers `level` of home. Staff of that place whose role is not in it
get 403, everybody else 404, and a stranger is sent to sign in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bakhong.accounts.rules.roles import ROLES
from tests.matrix.world import Holder, World


def _home_unit(level: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"unit": world.home[level].uuid}


@dataclass(frozen=True)
class Row:
    name: str
    may: frozenset[str] | set[str] = frozenset()
    method: str = "get"
    data: Mapping[str, str] = field(default_factory=dict)
    ok: frozenset[int] | set[int] = frozenset({200})
    level: str = "commune"
    scope: str = "unit"  # "unit", "anywhere", "signed_in" or "public"
    kwargs: Callable[[World], dict[str, Any]] | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.name}"

    def arguments(self, world: World) -> dict[str, Any]:
        if self.kwargs is not None:
            return self.kwargs(world)
        return _home_unit(self.level)(world) if self.scope == "unit" else {}

    def expected(self, holder: Holder | None) -> frozenset[int] | set[int]:
        """The statuses this person may get; None is a stranger."""
        if self.scope == "public":
            return self.ok
        if holder is None:
            return {302}
        if self.scope == "signed_in":
            return self.ok
        if self.scope == "unit" and not holder.covers(self.level):
            return {404}
        return self.ok if holder.role in self.may else {403}


def holders_of(permission: str) -> set[str]:
    """The roles that hold it."""
    return {code for code, role in ROLES.items() if permission in role.permissions}
