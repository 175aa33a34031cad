"""The reasons why not as a form offers them: under the words of their groups, so that nobody looks through forty in one row."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bakhong.people.rules.reasons import reasons

GROUPS = {
    "away": _("Không có nhà"),
    "phone": _("Điện thoại"),
    "will": _("Chưa muốn, chưa yên tâm"),
    "provider": _("Ứng dụng, nhà cung cấp"),
    "network": _("Mạng, đường xa"),
    "papers": _("Giấy tờ"),
    "person": _("Bản thân"),
    "other": _("Khác"),
}

Choices = list[tuple[str, list[tuple[str, str]]]]


def reason_choices(lang: str) -> Choices:
    """(words of the group, [(code, words)]), in the order of `GROUPS`; in a group that of `data/reasons.toml`, the same every day.

    Not by what is said most: whoever fills in forty forms a day finds a reason by its place.
    """
    grouped: dict[str, list[tuple[str, str]]] = {group: [] for group in GROUPS}
    for each in reasons().values():
        grouped[each.group].append((each.code, each.words(lang)))
    return [(gettext(GROUPS[group]), rows) for group, rows in grouped.items()]
