"""Where machines call us about documents."""

from tests.matrix.rows import Row

ROWS = [
    # Without the secret nobody learns whether a provider is set up.
    Row(
        "documents:webhook",
        method="post",
        scope="public",
        kwargs=lambda _: {"provider": "smartca"},
        ok={404},
    ),
]
