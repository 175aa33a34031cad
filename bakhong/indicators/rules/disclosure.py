"""What may be shown to everybody without pointing at persons."""

SMALLEST_COUNT = 5
SMALLEST_POPULATION = 20


def is_disclosing(numerator: int | None, denominator: int | None) -> bool:
    """True when so few are counted, or so few are left out, that neighbours could tell who they are.

    Nobody (0) and everybody are not hidden: they say nothing new about one person of a large population. Source: common
    practice of statistical offices (a threshold of 5), not a rule of Vietnamese law; unverified.

    >>> is_disclosing(3, 400), is_disclosing(398, 400), is_disclosing(400, 400), is_disclosing(9, 12), is_disclosing(4795, 5205)
    (True, True, False, True, False)
    """
    if numerator is None:
        return False
    if denominator is None:
        return 0 < numerator < SMALLEST_COUNT
    left_out = denominator - numerator
    return (
        denominator < SMALLEST_POPULATION or 0 < numerator < SMALLEST_COUNT or 0 < left_out < SMALLEST_COUNT
    )
