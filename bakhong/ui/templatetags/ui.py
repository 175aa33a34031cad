"""`{% load ui %}`: the components of the design kit. README.md lists them; the page /ui/ shows them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from bakhong.core import numbers
from bakhong.core.ids import new_uuid
from bakhong.ui import assets, charts, figures, marks

register = template.Library()

# Files


@register.simple_tag
def asset(path: str) -> str:
    """The address of a built file, changing when the file does."""
    version = assets.version_of(path)
    return static(path) + (f"?v={version}" if version else "")


@register.simple_tag
def critical_css() -> SafeString:
    """Residents' style sheet inside its style tags; `style-src` names its hash."""
    return SafeString(f"<style>{assets.critical_css()}</style>")


@register.simple_tag
def attributes(found: Mapping[str, Any]) -> SafeString:
    """The attributes of a form's field, in their order, written here: it has many, and a loop of the template costs more than the rest.

    True stands for one without a value, False for none; the class is given by each field's own template.
    """
    return SafeString(
        "".join(
            f" {escape(name)}" if value is True else f' {escape(name)}="{conditional_escape(str(value))}"'
            for name, value in found.items()
            if value is not False and name != "class"
        )
    )


# Numbers


@register.filter
def number(value: int | None) -> str:
    return "" if value is None else numbers.format_int(value, figures.language())


@register.filter
def percent(value: Decimal | None) -> str:
    return gettext("chưa có số liệu") if value is None else numbers.format_percent(value, figures.language())


@register.filter
def money(amount: int | None) -> str:
    return "" if amount is None else numbers.format_money(amount, figures.language())


@register.filter
def day(value: date | None) -> str:
    return "" if value is None else numbers.format_day(value)


@register.filter
def tel(phone: object) -> str:
    """The address that calls a phone number: only digits and a leading +."""
    return "tel:" + "".join(letter for letter in str(phone) if letter.isdigit() or letter == "+")


@register.simple_tag
def figure(value: figures.FigureLike | None, is_short: bool = False) -> SafeString:
    """`{% figure f %}`; `is_short=True` only where a caption says who is counted and the day."""
    return figures.figure_html(value, is_short=is_short)


# Small things


register.simple_tag(marks.icon)
register.simple_tag(marks.state)


@register.inclusion_tag("ui/button.html")
def button(label: str, kind: str = "primary", href: str = "", key: str = "", **attrs: Any) -> dict[str, Any]:
    """A button, or a link that looks like one when `href` is given.

    `kind`: "primary" (one a page), "secondary", "danger". `key`: the shortcut, printed on it. Further
    arguments become attributes (name, value, id, form, disabled, formaction …), `_` standing for `-`.
    """
    shown = {
        name.rstrip("_").replace("_", "-"): value
        for name, value in attrs.items()
        if value not in (False, None)
    }
    return {"label": label, "kind": kind, "href": href, "key": key, "attrs": shown}


@register.simple_tag
def form_key() -> SafeString:
    """A hidden key, another one each time the form is shown: sent twice, it makes one thing."""
    return format_html('<input type="hidden" name="form_key" value="{}">', new_uuid())


@register.inclusion_tag("ui/field.html")
def field(bound: forms.BoundField) -> dict[str, Any]:
    """Label, hint, error and control of one bound field."""
    return {"bound": bound}


@register.inclusion_tag("ui/error_summary.html")
def error_summary(*bound_forms: forms.BaseForm) -> dict[str, Any]:
    """What is wrong in these forms, each a link to its control. Shows nothing when nothing is."""
    return {"errors": [error for form in bound_forms for error in _errors_of(form)]}


def _errors_of(form: forms.BaseForm) -> list[tuple[str, str]]:
    """(id of the control, sentence) of every error; general ones have no id."""
    if not form.is_bound:
        return []
    general = [("", str(error)) for error in form.non_field_errors()]
    return general + [
        (_target_of(bound), f"{_asked(bound)} {error}") for bound in form for error in bound.errors
    ]


def _asked(bound: forms.BoundField) -> str:
    """The label as the head of a sentence: a question keeps its mark."""
    label = str(bound.label)
    return label if label.endswith(("?", ":")) else label + ":"


def _target_of(bound: forms.BoundField) -> str:
    # A group of radios or boxes has no control of its own: go to its first.
    return f"{bound.auto_id}_0" if bound.use_fieldset else bound.id_for_label or bound.auto_id


# Blocks


@register.simple_block_tag
def details(content: str, summary: str, is_open: bool = False) -> SafeString:
    """`{% details "Vì sao hỏi" %}…{% enddetails %}`"""
    return format_html(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        SafeString(" open") if is_open else "",
        summary,
        content,
    )


@register.simple_block_tag
def note(content: str, kind: str = "info", title: str = "") -> SafeString:
    """`{% note "late" "Sắp hết hạn" %}…{% endnote %}`; kinds "info", "done", "late", "error"."""
    head = format_html("<h2>{}</h2>", title) if title else ""
    return format_html('<div class="bk-note bk-note--{}">{}{}</div>', kind, head, content)


@register.simple_block_tag
def scroll(content: str, label: str) -> SafeString:
    """Around a wide table: it scrolls by itself, by finger and by keyboard. `label` names the table."""
    return format_html(
        '<div class="bk-scroll" role="region" tabindex="0" aria-label="{}">{}</div>', label, content
    )


@register.simple_block_tag
def finding_flag(content: SafeString, severity: str, summary: str = "") -> SafeString:
    """A small flag on a number that opens its explanation; severity "error" or "warning"."""
    return marks.finding_flag(content, severity, summary)


# Lists


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Sequence[Mapping[str, Any]], label: str = "") -> dict[str, Any]:
    """Tabs as links: items of `label`, `url`, `current`."""
    return {"items": items, "label": label or gettext("Các phần của trang")}


@register.inclusion_tag("ui/breadcrumb.html")
def breadcrumb(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The way here: items of `label` and `url`; this page is marked `current` or has no `url`."""
    return {"items": items}


@register.inclusion_tag("ui/task_list.html")
def task_list(tasks: Sequence[Mapping[str, Any]], key: str = "task") -> dict[str, Any]:
    """Tasks of `label`, `url` (may be missing), `state`, `word`, `hint`; `key` is unique on the page."""
    return {"tasks": tasks, "key": key}


@register.inclusion_tag("ui/summary_list.html")
def summary_list(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows of `key`, `value` and, for a change link, `url` and `action` ("Sửa")."""
    return {"rows": rows}


@register.inclusion_tag("ui/empty_state.html")
def empty_state(what: str, first_step: str = "", url: str = "", label: str = "") -> dict[str, Any]:
    """What will appear here, and the first step with its link."""
    return {"what": what, "first_step": first_step, "url": url, "label": label}


@register.inclusion_tag("ui/progress.html")
def progress(done: int, total: int | None, label: str) -> dict[str, Any]:
    """How far long work is; `total=None` while nobody knows how much there is."""
    return {"done": done, "total": total, "label": label}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any], param: str = "page") -> dict[str, Any]:
    """Links to the pages around this one; keeps the other parameters of the address."""
    pages = [
        {"number": number, "url": _address(context, param, str(number))} if isinstance(number, int) else None
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    previous = _address(context, param, str(page.previous_page_number())) if page.has_previous() else ""
    following = _address(context, param, str(page.next_page_number())) if page.has_next() else ""
    return {"page": page, "pages": pages, "previous": previous, "next": following}


@register.inclusion_tag("ui/sort_th.html", takes_context=True)
def sort_th(
    context: template.Context, label: str, name: str, is_number: bool = False, param: str = "sort"
) -> dict[str, Any]:
    """A column head that sorts by link: `?sort=name`, and `?sort=-name` when pressed again."""
    request = context.get("request")
    current = request.GET.get(param, "") if request else ""
    direction = {name: "ascending", f"-{name}": "descending"}.get(current, "")
    wanted = f"-{name}" if direction == "ascending" else name
    url = _address(context, param, wanted)
    return {"label": label, "direction": direction, "url": url, "is_number": is_number}


def _address(context: template.Context, param: str, value: str) -> str:
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query[param] = value
    if param != "page":
        query.pop("page", None)
    return "?" + query.urlencode()


# Charts


@register.simple_tag
def bar(
    value: Decimal | None, label: str, target: Decimal | None = None, before: Decimal | None = None
) -> SafeString:
    """One bar of a percent; `target` as a tick, `before` (last period) as a thin ghost."""
    return charts.bar(value, label=label, target=target, before=before)


@register.inclusion_tag("ui/bar_list.html")
def bar_list(
    rows: Sequence[charts.BarRow],
    caption: str,
    head: str,
    is_lower_better: bool = False,
    is_short: bool = True,
) -> dict[str, Any]:
    """A table of bars, worst first. `caption` says what, who is counted and the day; `head` names the units."""
    scale = charts.scale_of(rows)
    shown = [
        {
            "row": row,
            "bar": charts.bar(
                row.percent, label=row.label, target=row.target, before=row.before, scale=scale
            ),
        }
        for row in charts.worst_first(rows, is_lower_better=is_lower_better)
    ]
    return {
        "rows": shown,
        "caption": caption,
        "head": head,
        "is_short": is_short,
        "has_target": any(row.target is not None for row in rows),
        "has_before": any(row.before is not None for row in rows),
    }


@register.inclusion_tag("ui/trend.html")
def trend(
    points: Sequence[charts.Point],
    title: str,
    target: Decimal | None = None,
    top: Decimal = charts.HUNDRED,
    width: int = 240,
    height: int = 96,
) -> dict[str, Any]:
    """A small line with its table. Give all multiples on a page the same `top`."""
    svg = charts.trend(points, title=title, target=target, top=top, width=width, height=height)
    lang = figures.language()
    rows = [(point.on, charts.point_text(point, lang)) for point in points]
    return {"svg": svg, "title": title, "rows": rows, "target": target}
