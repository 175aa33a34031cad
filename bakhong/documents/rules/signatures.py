"""Whose signature is where in a PDF: a person's, or the agency's own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`place`: how the link ends by which a layout marks its place; `field`: how its field in the PDF begins, before a number."""

    code: str
    place: str
    field: str


PERSON = Kind("person", "#chu-ky", "ChuKySo")
AGENCY = Kind("agency", "#con-dau", "ConDauSo")
