"""Answers as the population registry writes them, for the tests of its client."""

ID, OTHER_ID, OLD = "097085000101", "097085000102", "390000101"


def envelope(content: str) -> bytes:
    return (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"'
        f' xmlns="http://www.mic.gov.vn/dancu/1.0"><e:Body>{content}</e:Body></e:Envelope>'
    ).encode()


def element(name: str, content: str | None) -> str:
    return "" if content is None else f"<{name}>{content}</{name}>"


def birth(text: str) -> str:
    """Write `19850512` as a full date with its year, `1985` as a year alone."""
    full = text if len(text) > len("1985") else None
    return element("NgayThangNamSinh", element("Nam", text[:4]) + element("NgayThangNam", full))


def citizen(
    name: str = "NGUYỄN VĂN AN",
    born: str = "19850512",
    number: str | None = ID,
    old: str | None = None,
    more: str = "",
) -> str:
    return element(
        "CongDan",
        element("SoDinhDanh", number)
        + element("SoCMND", old)
        + element("HoVaTen", element("Ten", name))
        + birth(born)
        + more,
    )


def citizens(*written: str) -> bytes:
    return envelope(element("CongdanCollection", "".join(written)))


def member(name: str, born: str, number: str, relation: str) -> str:
    return element(
        "ThanhVien",
        element("SoDinhDanh", number)
        + element("HoVaTen", element("Ten", name))
        + birth(born)
        + element("GioiTinh", "1")
        + element("QuanHe", relation),
    )


def fault(code: str, detail: str = "") -> bytes:
    return envelope(
        f'<e:Fault><faultcode xmlns="">e:{code}</faultcode><faultstring xmlns="">{ID}'
        f'</faultstring><detail xmlns=""><MaLoi>{detail}</MaLoi></detail></e:Fault>'
    )


EMPTY = citizens()
FOUND = citizens(citizen(born="1985"))
