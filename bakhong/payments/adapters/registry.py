"""Who is asked for the movements of an account."""

from django.conf import settings

from bakhong.payments.adapters.port import Feed
from bakhong.payments.adapters.sepay import HOME, SepayFeed
from bakhong.payments.models import BankAccount
from bakhong.payments.models import Feed as Kind
from bakhong.payments.sealed import CannotOpen, unseal


def keys_of(account: BankAccount) -> tuple[str, str]:
    """(the key notifications are proved with, the token lists are asked with): two words of the secret, or one for both.

    Empty, which proves nothing, where none was given or it was sealed with a key that is gone.
    """
    if not account.feed_secret:
        return "", ""
    try:
        words = unseal(account.feed_secret, f"payments_bankaccount.feed:{account.uuid}").split()
    except CannotOpen:
        return "", ""
    return (words[0], words[-1]) if words else ("", "")


def feed_of(account: BankAccount) -> Feed | None:
    """None where nobody can be asked: payOS has no list of movements, a bank without a broker has its statements."""
    if account.feed != Kind.SEPAY:
        return None
    # A demo site asks no real broker about its invented accounts.
    url = account.feed_url or ("" if settings.DEMO else HOME)
    return SepayFeed(url, keys_of(account)[1]) if url else None
