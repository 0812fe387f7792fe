"""SOAP 1.1 envelopes: written by a library that escapes, read without entities, DTD or network."""

import msgspec
from lxml import etree

NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/"
CONTENT_TYPE = "text/xml; charset=utf-8"

_ENVELOPE, _BODY, _FAULT = (f"{{{NAMESPACE}}}{name}" for name in ("Envelope", "Body", "Fault"))


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A call refused in the protocol's own form; nothing in it is fit to be shown."""

    code: str
    """The local part, such as `Client`, `Client.Authentication`, `Server`."""
    words: frozenset[str]
    """Every text in the fault, among them the registry's own code of the detail."""

    def __repr__(self) -> str:
        """Say nothing of the words: a registry may repeat what it was asked."""
        return f"Fault(code={self.code!r})"


def write(call: etree._Element) -> bytes:
    """Put *call* into an envelope, as bytes."""
    envelope = etree.Element(_ENVELOPE, nsmap={"soapenv": NAMESPACE})
    etree.SubElement(envelope, _BODY).append(call)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def read(document: bytes) -> list[etree._Element] | Fault | None:
    """Give what stands in the body, or the fault; None when it is no envelope with a content."""
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    if b"<!DOCTYPE" in document:
        return None
    try:
        envelope = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    # A DTD in another encoding has passed the look above.
    if envelope.tag != _ENVELOPE or envelope.getroottree().docinfo.internalDTD is not None:
        return None
    content = envelope.findall(f"{_BODY}/*")
    if content and content[0].tag == _FAULT:
        code = (content[0].findtext("faultcode") or "").strip().rpartition(":")[2]
        words = (str(text).strip() for text in content[0].itertext())
        return Fault(code=code, words=frozenset(word for word in words if word))
    return content or None
