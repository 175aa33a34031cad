"""Refusals: the answers "no" that a user is told in a plain sentence."""


class Refusal(Exception):
    """A deed cannot be done; the message says what is wrong and what to do, in the user's language.

    The web answers with `status`, the command line with exit status 1.
    """

    status = 422

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        # The message may be a lazy translation.
        return str(self.message)


class NotAllowed(Refusal):
    """The actor lacks the permission at that place."""

    status = 403


class NotFound(Refusal):
    """It does not exist, or is somebody else's: both answer alike."""

    status = 404


class Conflict(Refusal):
    """Somebody else was faster, or the state no longer allows the deed."""

    status = 409
