"""Passphrases that are easy to guess, without a list."""

_ROWS = ("0123456789", "9876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def core_of(plain: str) -> str:
    """The letters alone: what is left of "Thanhhoa@2025!!" is a word everybody tries.

    >>> core_of("thanhhoa@2025!!")
    'thanhhoa'
    """
    return "".join(char for char in plain if char.isalpha())


def is_monotonous(plain: str) -> bool:
    """Few different characters, or mostly neighbours on the keyboard or in the alphabet.

    >>> [is_monotonous(each) for each in ("aaaaaaaaaaaa", "123456789012", "qwertyuiop12", "con trau di cay")]
    [True, True, True, False]
    """
    letters = plain.replace(" ", "")
    if len(set(letters)) < 5:
        return True
    pairs = [letters[index : index + 2] for index in range(len(letters) - 1)]
    in_row = sum(1 for pair in pairs if any(pair in row + row[0] for row in _ROWS))
    return in_row * 4 >= len(pairs) * 3
