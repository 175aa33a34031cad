"""Where a draft stands on its way to the commune: which steps it has, what is missing, which papers have come."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.documents.models import File
from bakhong.dossiers.queries.papers import MOST_KEPT, files_by_paper
from bakhong.eforms.models import Draft, KnownBy, OperatedBy
from bakhong.eforms.queries.answers import Sheet
from bakhong.eforms.rules.logic import evaluate
from bakhong.eforms.rules.visible import Asked
from bakhong.procedures.queries.catalogue import Offer
from bakhong.procedures.rules.catalogue import Paper, Procedure
from bakhong.ui.figures import language


@dataclass(frozen=True)
class Step:
    """One screen on the way; `key` is a page's code or one of "@code", "@papers", "@result", "@review"."""

    key: str
    url: str


@dataclass(frozen=True)
class PaperRow:
    """A paper that is asked for, with what came of it so far."""

    paper: Paper
    files: Sequence[File]
    own: Sequence[File] = ()

    @property
    def anchor(self) -> str:
        return "giay-" + "".join(sign if sign.isalnum() else "-" for sign in self.paper.code)

    @property
    def is_required(self) -> bool:
        return self.paper.required

    @property
    def is_missing(self) -> bool:
        return self.is_required and not self.files

    @property
    def has_room(self) -> bool:
        return len(self.files) < MOST_KEPT


@dataclass(frozen=True)
class Filing:
    """An open draft with its procedure as the commune offers it."""

    sheet: Sheet
    offer: Offer

    @property
    def procedure(self) -> Procedure:
        return self.offer.procedure

    @property
    def is_offered(self) -> bool:
        """False: the commune does it no more; what was filled in can be read and printed."""
        return self.offer.is_offered

    @property
    def draft(self) -> Draft:
        return self.sheet.draft

    @property
    def may_be_filled_in(self) -> bool:
        """By somebody who signs in half way: nobody was recognised yet but by a card, and it is their own."""
        draft = self.draft
        is_own = draft.operated_by == OperatedBy.RESIDENT and draft.mandate is None
        return is_own and draft.known_by in (KnownBy.NOBODY, KnownBy.CARD)

    @property
    def known_url(self) -> str:
        return self.url("known")

    @property
    def asked(self) -> Asked:
        return self.sheet.asked

    @property
    def title(self) -> str:
        return self.procedure.short.of(language())

    @cached_property
    def papers(self) -> list[Paper]:
        """What is to be given with these answers: what no register holds, and what its condition asks for."""
        return [
            paper
            for paper in self.procedure.papers
            if paper.may_be_asked and evaluate(paper.when, self.asked.data)
        ]

    @cached_property
    def held_papers(self) -> list[Paper]:
        return [
            paper
            for paper in self.procedure.papers
            if not paper.may_be_asked and evaluate(paper.when, self.asked.data)
        ]

    @property
    def is_filed_here(self) -> bool:
        return self.procedure.filed == "here"

    @property
    def has_papers(self) -> bool:
        """Whether their photos are kept here: sent with the dossier, or put into the package for the national portal."""
        return self.procedure.filed in ("here", "national_portal") and bool(self.papers)

    @cached_property
    def steps(self) -> list[Step]:
        """Every screen of this draft in order, as the answers so far make them."""
        made = [Step("@code", self.url("code"))]
        made += [Step(page.code, self.page_url(page.code)) for page in self.asked.pages]
        if self.has_papers:
            made.append(Step("@papers", self.url("papers")))
        if self.is_filed_here:
            made.append(Step("@result", self.url("result")))
        return [*made, Step("@review", self.url("review"))]

    def url(self, step: str) -> str:
        return reverse(f"portal:file_{step}", args=[self.draft.uuid])

    @property
    def review_url(self) -> str:
        return self.url("review")

    def page_url(self, code: str) -> str:
        return reverse("portal:file_page", args=[self.draft.uuid, code])

    def after(self, key: str) -> str:
        """The address of the next screen; the review after the last, and for a screen that is not on the way."""
        keys = [step.key for step in self.steps]
        at = keys.index(key) + 1 if key in keys else len(keys)
        return self.steps[min(at, len(keys) - 1)].url

    def before(self, key: str) -> str:
        """The address of the screen before; of the procedure's page before the first."""
        keys = [step.key for step in self.steps]
        if key not in keys or keys.index(key) == 0:
            return reverse("portal:procedure", args=[self.procedure.code])
        return self.steps[keys.index(key) - 1].url

    def head(self, key: str, *, is_changing: bool = False) -> dict[str, Any]:
        """What the top of a screen says: where one is, and the way back."""
        keys = [step.key for step in self.steps]
        return {
            "filing": self,
            "title": self.title,
            "number": keys.index(key) + 1 if key in keys else 0,
            "total": len(keys) if key in keys else 0,
            "back": self.url("review") if is_changing else self.before(key),
        }

    def rows(self, own: Sequence[File] = ()) -> list[PaperRow]:
        """The papers asked for with their files; `own`: papers of the signed-in resident that could be used again."""
        by_paper = files_by_paper(self.draft.uuid, [paper.code for paper in self.papers])
        return [PaperRow(paper, by_paper[paper.code], own) for paper in self.papers]


def result_modes(procedure: Procedure) -> list[tuple[str, str, str]]:
    """(mode, words, hint) of the ways to get the result, the one without a way to the office first."""
    modes = []
    if any(result.kind == "electronic" for result in procedure.results):
        modes.append(
            (
                "electronic",
                _("Tải về tại trang tra cứu"),
                _("Bản điện tử có chữ ký số. Không phải đến xã."),
            )
        )
    modes.append(("desk", _("Đến lấy tại bộ phận một cửa"), ""))
    if "post" in procedure.channels:
        modes.append(("post", _("Gửi bưu điện về nhà"), _("Bưu điện có thể thu tiền gửi.")))
    modes.append(("home", _("Cán bộ mang đến nhà"), _("Cho người già yếu, khuyết tật.")))
    return modes
