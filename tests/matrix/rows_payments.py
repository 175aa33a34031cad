"""Where brokers call us about money."""

from uuid import uuid4

from tests.matrix.rows import Row

ROWS = [
    # Without an account that listens to this broker nobody learns anything.
    Row(
        "payments:webhook",
        method="post",
        scope="public",
        kwargs=lambda _: {"source": "sepay", "account": uuid4()},
        ok={404},
    ),
]
