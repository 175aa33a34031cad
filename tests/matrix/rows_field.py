from bakhong.accounts.rules.roles import ROLES
from tests.matrix.rows import Row

VISITS = {code for code, role in ROLES.items() if "outreach.visit" in role.permissions}

ROWS = [
    Row("field:enter", scope="public", ok={200, 302}),
    Row("field:enter", scope="public", method="post", data={"code": "x"}, ok={422}),
    Row("field:card", scope="public", kwargs=lambda world: {"code": "NO-SUCH-CARD"}, ok={404}),
    Row("field:home", scope="anywhere", may=VISITS),
]
