"""What an officer must know of the asking itself: who was silent, what may not be asked now."""

from collections.abc import Iterable, Iterator, Mapping

from resolvers.desk import Desk
from resolvers.enums import Severity
from resolvers.results import Notice
from resolvers.sentences import of_blank
from resolvers.sources import provinces_silent
from resolvers.states import Blank, Withheld

OF_ASKING: Mapping[str, tuple[Severity, str, str, str | None]] = {
    "SOME_PROVINCES_SILENT": (
        Severity.WARNING,
        "Có tỉnh, thành phố chưa trả lời; danh sách thửa đất có thể chưa đầy đủ.",
        "Some provinces did not answer; the list of parcels may be incomplete.",
        None,
    ),
    "ATTEMPTS_EXCEEDED": (
        Severity.WARNING,
        "Đã thử sai quá nhiều lần với một số trong hồ sơ; thông báo nêu giờ có thể tra cứu lại.",
        "Too many wrong attempts at a number of the dossier; the notice says when to try again.",
        None,
    ),
    "REGISTRY_WITHHELD": (
        Severity.WARNING,
        "Cơ quan chủ quản đã ngừng cung cấp dữ liệu cho thủ tục này; thông báo nêu căn cứ.",
        "The registry's owner has withdrawn it from this procedure; the notice gives the ground.",
        None,
    ),
}
"""As in resolvers/notices.py; the sentences of the last two name a time or a ground besides."""


def notices_of_asking(desk: Desk, language: str) -> Iterator[Notice]:
    """Say what was not asked or not answered, each sentence once."""
    if provinces_silent(desk.replies):
        severity, vietnamese, english, _ = OF_ASKING["SOME_PROVINCES_SILENT"]
        yield Notice(
            code="SOME_PROVINCES_SILENT",
            severity=severity,
            text=english if language == "en" else vietnamese,
        )
    yield from _of_blanks(desk.barred, language)


def _of_blanks(barred: Iterable[Blank], language: str) -> Iterator[Notice]:
    said: set[str] = set()
    for blank in barred:
        code = "REGISTRY_WITHHELD" if isinstance(blank, Withheld) else blank.code
        text = of_blank(blank, language)
        if code in OF_ASKING and text not in said:
            said.add(text)
            yield Notice(code=code, severity=OF_ASKING[code][0], text=text)
