"""Whom one may be in the sandbox, and what that lets one do."""

import msgspec

PORTAL = ("prefill", "verify", "records")


class Persona(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to be: *client_id* is the consumer that the gateway knows."""

    name: str
    client_id: str
    scopes: tuple[str, ...]
    officer: str = ""
    """The short name of the person who sits at the counter."""
    unit: str = ""
    citizen: str = ""
    """The short name of the person who is logged in."""
    may: str
    """A sentence in Vietnamese for the login page."""


PERSONAS = (
    Persona(
        name="portal-hanoi",
        client_id="portal-hanoi",
        scopes=PORTAL,
        may="Chính cổng dịch vụ công Hà Nội: điền sẵn và đối chiếu hồ sơ, "
        "tự nêu tên cán bộ của mình.",
    ),
    Persona(
        name="portal-lamdong",
        client_id="portal-lamdong",
        scopes=PORTAL,
        may="Chính cổng dịch vụ công Lâm Đồng: điền sẵn và đối chiếu hồ sơ; "
        "cán bộ chỉ được tin khi mã truy cập nêu tên.",
    ),
    Persona(
        name="officer-lan",
        client_id="portal-hanoi",
        scopes=PORTAL,
        officer="lan",
        unit="H26.12",
        may="Cán bộ Lan ở bộ phận một cửa H26.12: tra cứu và đối chiếu cho người dân tại quầy.",
    ),
    Persona(
        name="citizen-an",
        client_id="portal-hanoi",
        scopes=PORTAL,
        citizen="an",
        may="Công dân Nguyễn Văn An làm hồ sơ trực tuyến: "
        "chỉ hỏi được về chính mình và con chưa thành niên.",
    ),
    Persona(
        name="developer",
        client_id="developer",
        scopes=("developer", *PORTAL),
        may="Lập trình viên thử câu hỏi trong GraphiQL, ở cả hai tỉnh.",
    ),
    Persona(
        name="auditor",
        client_id="auditor",
        scopes=("audit:read",),
        may="Kiểm toán viên: đọc nhật ký truy cập, các số định danh được che.",
    ),
    Persona(
        name="auditor-unmask",
        client_id="auditor",
        scopes=("audit:read", "audit:unmask"),
        may="Kiểm toán viên có quyết định: đọc nhật ký truy cập, thấy đủ các số định danh.",
    ),
)

CLIENTS = tuple(dict.fromkeys(it.client_id for it in PERSONAS))
"""The systems at which a persona can log in."""


def persona_named(name: str) -> Persona | None:
    """Find a persona."""
    return next((it for it in PERSONAS if it.name == name), None)
