"""The text of a message, opened where it is sealed."""

from bakhong.messaging.models import Message
from bakhong.people.sealed import unseal


def text_column(uuid: object) -> str:
    return f"messaging_message.text:{uuid}"


def whole_text(message: Message) -> str:
    """As it goes out. Pages show `message.text`, which is empty where a code must not be shown again."""
    return unseal(message.sealed, text_column(message.uuid)) if message.sealed else message.text
