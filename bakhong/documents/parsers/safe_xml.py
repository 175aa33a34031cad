"""XML of strangers."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .shapes import Bad


def parse_xml(source: bytes) -> Element:
    """Raises: Bad(damaged | hostile_xml)."""
    try:
        root: Element = fromstring(source, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Bad("hostile_xml") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Bad("damaged") from error
    return root
