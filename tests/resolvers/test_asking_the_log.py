"""A question to the log that is mistyped is refused in words: an empty page would read as "nobody".

What is only written another way is understood.
"""

import pytest

from tests.resolvers import indoors
from tests.resolvers.readable import Found, page, readers
from tests.resolvers.test_reading_the_log import AUDITOR, CASE, SEARCH, told

ENTRY = "01a1fd21-a46c-763e-9176-0a1b2c3d4e5f"


async def test_what_was_copied_with_blanks_or_in_capitals_is_found_all_the_same() -> None:
    found = Found(page())
    given = {
        "entry": f" {ENTRY.upper()} ",
        "requestId": "a-request ",
        "consumer": " portal-hanoi",
        "upstreamRequestId": "up-1 ",
        "subject": {"certificateNumber": " ab 123456 "},
    }
    await told(found, SEARCH, filter=given)
    (question,) = found.asked
    assert (ENTRY, "a-request", "portal-hanoi", "up-1", (("certificate", "AB 123456"),)) == (
        question.entry, question.request, question.consumer, question.upstream_request_id,
        question.subjects,
    )  # fmt: skip


async def test_a_parcel_with_blanks_is_looked_for_as_it_was_written_too() -> None:
    """A portal may have asked with the same blanks: its entry is tagged so."""
    found = Found(page())
    given = {"subject": {"parcel": {"ward": "00004", "sheet": " 12", "parcel": "7"}}}
    await told(found, SEARCH, filter=given)
    assert [(("parcel", "00004/12/7"), ("parcel", "00004/ 12/7"))] == [
        question.subjects for question in found.asked
    ]


BLANK: list[tuple[dict[str, object], str]] = [
    ({"entry": ""}, "filter.entry"),
    ({"requestId": " "}, "filter.requestId"),
    ({"consumer": ""}, "filter.consumer"),
    ({"upstreamRequestId": " "}, "filter.upstreamRequestId"),
    ({"subject": {"certificateNumber": ""}}, "filter.subject.certificateNumber"),
    ({"subject": {"certificateNumber": "--"}}, "filter.subject.certificateNumber"),
    ({"subject": {"certificateNumber": " - . "}}, "filter.subject.certificateNumber"),
    (
        {"subject": {"parcel": {"ward": "00004", "sheet": "", "parcel": "7"}}},
        "filter.subject.parcel.sheet",
    ),
    (
        {"subject": {"parcel": {"ward": "00004", "sheet": "12", "parcel": " "}}},
        "filter.subject.parcel.parcel",
    ),
]


@pytest.mark.parametrize(("given", "field"), BLANK, ids=[field for _, field in BLANK])
async def test_a_blank_filter_is_refused_and_finds_not_nothing(
    given: dict[str, object], field: str
) -> None:
    found = Found(page())
    answer, _ = await told(found, SEARCH, filter=given)
    (error,) = answer["errors"]
    assert "text-blank" == error["extensions"]["rule"]
    assert error["message"].startswith(f"`{field}` để trống: hãy gửi giá trị")
    assert [] == found.asked


@pytest.mark.parametrize(
    "given",
    ["not-an-id", ENTRY[:-1], ENTRY.replace("-", ""), "01a1fd21-a46c-463e-9176-0a1b2c3d4e5f"],
    ids=["a-word", "too-short", "without-dashes", "of-another-version"],
)
async def test_what_is_no_id_of_an_entry_is_refused_and_finds_not_nothing(given: str) -> None:
    found = Found(page())
    answer, _ = await told(found, SEARCH, filter={"entry": given})
    (error,) = answer["errors"]
    assert "entry-id-malformed" == error["extensions"]["rule"]
    assert "`filter.entry`" in error["message"]
    assert given not in error["message"]
    assert [] == found.asked


async def test_own_look_ups_are_filtered_by_their_procedure() -> None:
    found = Found(page())
    await told(found, SEARCH, filter={"procedure": "self-access"})
    assert ["self-access"] == [question.procedure for question in found.asked]


async def test_a_time_without_a_zone_is_refused_with_an_example() -> None:
    found = Found(page())
    answer, _ = await told(found, SEARCH, filter={"since": "2026-11-21T00:00:00"})
    (error,) = answer["errors"]
    assert error["message"].endswith("thiếu múi giờ.")
    assert "2026-11-21T00:00:00+07:00" in error["message"]
    assert [] == found.asked


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"filter": {}}, "Biến $case là bắt buộc nhưng chưa được gửi."),
        ({"filter": {}, "case": {"number": "1"}},
         "Biến $case.ground là bắt buộc nhưng chưa được gửi."),
        ({"filter": {"officer": "1"}, "case": CASE},
         "Biến $filter.officer: Số định danh cá nhân gồm đúng 12 chữ số;"),
        ({"filter": {"subject": {"personalId": None}}, "case": CASE}, "trường đã gửi là null."),
        ({"filter": {"subject": {}}, "case": CASE}, "đã gửi 0."),
    ],
    ids=["not-sent", "not-sent-below", "of-a-scalar", "null", "none-of-several"],
)  # fmt: skip
async def test_a_variable_that_does_not_fit_is_told_in_a_sentence(
    variables: dict[str, object], sentence: str
) -> None:
    graph = indoors.graph(indoors.grants(), readers=readers(Found(page())))
    answer = await indoors.told(graph, SEARCH, AUDITOR, **variables)
    (error,) = answer["errors"]
    assert "variable-invalid" == error["extensions"]["rule"]
    assert sentence in error["message"]


async def test_the_months_of_a_statistic_may_be_the_same_and_the_refusal_says_so() -> None:
    text = '{ accessStatistics(filter: {since: "2026-02", until: "2026-01"}) { note } }'
    answer, _ = await told(Found(page()), text)
    (error,) = answer["errors"]
    assert "`until` phải sau `since`; nếu là tháng thì có thể trùng nhau." == error["message"]
    same, _ = await told(Found(page()), text.replace("2026-01", "2026-02"))
    assert "errors" not in same
