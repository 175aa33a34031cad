"""Tasks of those who take part in a campaign: from which state each deed leads where."""

from datetime import date

OPEN, DONE, CANCELLED = "open", "done", "cancelled"
# deed → (state it starts from, state it ends in)
MOVES = {
    "finish": (OPEN, DONE),
    "reopen": (DONE, OPEN),
    "cancel": (OPEN, CANCELLED),
    "restore": (CANCELLED, OPEN),
}
# Who takes part without being the commune's own staff or team; see accounts.rules.roles.
PARTNERS = (
    "mass_organisation",
    "supervising_leader",
    "village_head",
    "digital_team_member",
    "commune_police",
)


def standing(state: str, due_on: date, on: date, done: int | None = None, wanted: int | None = None) -> str:
    """ "done", "reached" (the number is there, nobody has said so), "late", "open" or "cancelled".

    >>> day = date(2026, 11, 22)
    >>> standing(OPEN, date(2026, 11, 21), day), standing(OPEN, date(2026, 11, 21), day, 40, 40), standing(DONE, day, day)
    ('late', 'reached', 'done')
    """
    if state != OPEN:
        return state
    if wanted is not None and done is not None and done >= wanted:
        return "reached"
    return "late" if due_on < on else OPEN
