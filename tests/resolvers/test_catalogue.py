"""The catalogue: documents of several folders side by side, and how one is searched for."""

from pathlib import Path

import msgspec
import pytest

from resolvers.catalogue import SHIPPED, Catalogue, load_catalogue
from resolvers.procedure import Procedure
from resolvers.procedure_document import ProcedureInvalidError
from tests.resolvers.invented import procedure, schema, shipped
from tests.resolvers.test_procedure_documents import SAMPLE, is_listed


def test_two_documents_of_one_folder_have_two_codes(tmp_path: Path) -> None:
    line = SAMPLE[: SAMPLE.index("code:")].count("\n") + 1
    for name in ("a", "b"):
        (tmp_path / f"{name}.graphql").write_text(SAMPLE, encoding="utf-8")

    with pytest.raises(ProcedureInvalidError) as refused:
        load_catalogue(schema(), [SHIPPED, tmp_path])

    reason = "`a.graphql` has the code `1.999998` as well"
    assert f"b.graphql, line {line}: {reason}" == str(refused.value)
    assert is_listed(reason)


FIRST_DAY = 'validFrom: "2025-07-01"'
REPLACED = SAMPLE.replace("1.999998", "1.999997")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (FIRST_DAY, FIRST_DAY),
        (f'{FIRST_DAY} validUntil: "2026-01-01"', 'validFrom: "2026-01-01"'),
        ('validFrom: "2026-07-01"', f'{FIRST_DAY} validUntil: "2026-07-01"'),
    ],
    ids=["always", "on the last day", "on the first day"],
)
def test_a_code_that_is_replaced_has_no_document_in_force(
    old: str, new: str, tmp_path: Path
) -> None:
    (tmp_path / "old.graphql").write_text(REPLACED.replace(FIRST_DAY, old), encoding="utf-8")
    replacing = f'{new}\n  supersedes: ["1.999996", "1.999997"]'
    (tmp_path / "new.graphql").write_text(SAMPLE.replace(FIRST_DAY, replacing), encoding="utf-8")
    line = SAMPLE[: SAMPLE.index(FIRST_DAY)].count("\n") + 2

    with pytest.raises(ProcedureInvalidError) as refused:
        load_catalogue(schema(), [SHIPPED, tmp_path])

    reason = "it supersedes `1.999997`, which `old.graphql` keeps in force"
    assert f"new.graphql, line {line}: {reason}" == str(refused.value)
    assert is_listed(reason)


def test_a_code_that_is_replaced_keeps_its_document_for_what_was_begun(tmp_path: Path) -> None:
    ended = REPLACED.replace(FIRST_DAY, f'{FIRST_DAY} validUntil: "2025-12-31"')
    replacing = SAMPLE.replace(FIRST_DAY, 'validFrom: "2026-01-01" supersedes: "1.999997"')
    (tmp_path / "old.graphql").write_text(ended, encoding="utf-8")
    (tmp_path / "new.graphql").write_text(replacing, encoding="utf-8")

    found = load_catalogue(schema(), [tmp_path])

    assert ["1.999997", "1.999998"] == [procedure.code for procedure in found]
    assert "1.999998" == found.successor_of("1.999997")


def test_a_procedure_does_not_replace_itself(tmp_path: Path) -> None:
    own = SAMPLE.replace(FIRST_DAY, f'{FIRST_DAY} supersedes: "1.999998"')
    (tmp_path / "own.graphql").write_text(own, encoding="utf-8")

    with pytest.raises(ProcedureInvalidError, match=r"which `own\.graphql` keeps in force$"):
        load_catalogue(schema(), [tmp_path])


def test_a_document_of_ones_own_takes_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "1.004222-own.graphql").write_text(
        SAMPLE.replace("1.999998", "1.004222").replace("Thủ tục mẫu", "Đăng ký thường trú ở đây"),
        encoding="utf-8",
    )

    found = load_catalogue(schema(), [SHIPPED, tmp_path]).find("1.004222")

    assert found is not None
    assert "Đăng ký thường trú ở đây" == found.name


def test_one_broken_document_stops_the_whole_catalogue(tmp_path: Path) -> None:
    (tmp_path / "broken.graphql").write_text("query {", encoding="utf-8")

    with pytest.raises(ProcedureInvalidError, match=r"^broken\.graphql, line 1: not a GraphQL"):
        load_catalogue(schema(), [SHIPPED, tmp_path])


def named(code: str, name: str, *also: str) -> Procedure:
    """Make a procedure of which only the names matter."""
    return msgspec.structs.replace(
        procedure("1.004222"), code=code, name=name, name_en="-", also_called=also, supersedes=()
    )


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ho", ["1.001612", "1.004222", "1.012783", "3.000722"]),
        ("HỘ KH", ["1.004222", "3.000722"]),
        ("khau ho", ["1.004222", "3.000722"]),
        ("inh", []),
        ("ki", ["1.001193", "1.001612", "1.004222", "3.000722"]),
        ("ki do", ["1.001612"]),
        ("đăng kí kinh", ["1.001612"]),
        ("ho kinh d", ["1.001612"]),
        ("residence", ["1.004222", "3.000722"]),
        ("1.0042", ["1.004222"]),
        ("004222", []),
        ("1.004222.H26", ["1.004222"]),
        (" 2.002621.000.00.00.H26 ", ["3.000722"]),
        ("cap", ["1.012783", "3.000722"]),
        ("", ["1.001193", "1.001612", "1.004222", "1.012783", "3.000722"]),
    ],
)
def test_a_search_matches_from_the_beginning_of_words(text: str, codes: list[str]) -> None:
    assert codes == [found.code for found in shipped().search(text)]


def test_the_best_match_comes_first() -> None:
    catalogue = Catalogue(
        [
            named("1.000001", "Sửa đổi hộ tịch"),
            named("1.000002", "Thay đổi hộ khẩu", "1.000005"),
            named("1.000003", "Hộ tịch: cải chính"),
            named("1.000004", "Xóa đăng ký", "hộ tịch"),
            named("1.000005", "Hộ tịch: trích lục"),
        ]
    )

    assert ["1.000003", "1.000005", "1.000001", "1.000004"] == [
        found.code for found in catalogue.search("ho tich")
    ]
    assert ["1.000005", "1.000002"] == [found.code for found in catalogue.search("1.000005")]
