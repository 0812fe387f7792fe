"""The business registry's answers: believed as far as they are of the agreed form and about us."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import respx

from adapters.business.records import (
    BusinessStatus,
)
from adapters.dates import PartialDate
from adapters.persons import PersonRef
from adapters.registry import (
    Absent,
    Garbled,
)
from tests.adapters.business_wire import (
    AN,
    CAFE,
    DETAIL,
    DUC,
    HIS,
    HOA_SEN,
    SHOP,
    SOURCE,
    THEIRS,
    URL,
    OpenChannel,
    ask,
    enterprise,
    grants_tokens,
    mine,
    person,
    registry_over,
    says,
)

NOTHING = {"Data": {"MainInformation": None, "HOAdress": None, "Representatives": None}}


@pytest.fixture
def registry(open_channel: OpenChannel, respx_mock: respx.MockRouter) -> Any:
    """Give a client with a token service that gives tokens."""
    grants_tokens(respx_mock)
    return registry_over(open_channel())


async def test_an_enterprise_is_read_whatever_form_its_fields_take(
    registry: Any, respx_mock: respx.MockRouter
) -> None:
    main = {
        "ENTERPRISE_GDT_CODE": 9900000016,
        "NAME": " CÔNG TY\u00a0 TNHH MTV HOA\u200b SEN ",
        "SHORT_NAME": "",
        "NAME_F": None,
        "FOUNDING_DATE": "2015-06-10T00:00:00",
        "LAST_AMEND_DATE": "01/02/2023 08:30:00",
        "CAPITAL_AMOUNT": "5000000000.00",
        "ENTERPRISE_STATUS_ID": 1,
    }
    says(respx_mock, DETAIL, {"Data": enterprise(MainInformation=[main])})

    found, alarms = await ask(registry, HOA_SEN)

    assert "9900000016" == found.code
    assert "CÔNG TY TNHH MTV HOA SEN" == found.name
    assert (None, None) == (found.short_name, found.foreign_name)
    assert date(2015, 6, 10) == found.founded_on
    assert PartialDate(2023, 2, 1) == found.source.record_date
    assert Decimal(5_000_000_000) == found.charter_capital
    assert "5000000000" == str(found.charter_capital)
    assert (BusinessStatus(code="1"),) == found.statuses
    assert [] == alarms


async def test_money_is_exact_where_a_float_is_not(
    registry: Any, respx_mock: respx.MockRouter
) -> None:
    body = json.dumps({"Data": enterprise()}).replace(
        '"NAME":', '"CAPITAL_AMOUNT": 123456789012345.67, "NAME":'
    )
    respx_mock.get(url__startswith=URL).respond(200, content=body)

    found, _ = await ask(registry, HOA_SEN)

    assert "123456789012345.67" == str(found.charter_capital)


async def test_one_representative_is_an_object_and_several_are_a_list(
    registry: Any, respx_mock: respx.MockRouter
) -> None:
    several = [person(AN), person(DUC, "ĐẶNG VĂN ĐỨC", NATIONALITY_NAME="Việt Nam")]
    route = says(respx_mock, DETAIL, {"Data": enterprise()})
    one, _ = await ask(registry, HOA_SEN)
    route.respond(200, json={"Data": enterprise(Representatives=several)})
    two, _ = await ask(registry, HOA_SEN)
    route.respond(200, json={"Data": enterprise(Representatives=None)})
    none, _ = await ask(registry, HOA_SEN)

    an = PersonRef(full_name="Nguyễn Văn An", personal_id=AN, birth_date=PartialDate(1985, 5, 12))
    assert (an,) == one.representatives
    assert [AN, DUC] == [it.personal_id for it in two.representatives]
    assert ["Đặng Văn Đức", "VN"] == [
        two.representatives[1].full_name,
        two.representatives[1].nationality,
    ]
    assert () == none.representatives


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"PERS_DOC_NO": "390000101"}, (None, "390000101")),
        ({"PERS_DOC_NO": AN, "PERS_DOC_NAME": "Hộ chiếu"}, (None, None)),
        ({"PERS_DOC_NO": "M12345678"}, (None, None)),
        ({"PERS_DOC_NO": None}, (None, None)),
        ({"PERS_DOC_NO": 390000101}, (None, "390000101")),
    ],
)
async def test_the_number_of_a_document_is_taken_for_what_it_is(
    registry: Any,
    respx_mock: respx.MockRouter,
    document: dict[str, object],
    expected: tuple[str | None, str | None],
) -> None:
    answer = {"Data": enterprise(Representatives=person(AN) | document)}
    says(respx_mock, DETAIL, answer)

    found, _ = await ask(registry, HOA_SEN)

    [it] = found.representatives
    assert expected == (it.personal_id, it.old_id_number)


async def test_nothing_found_is_a_200_without_a_main_part(
    registry: Any, respx_mock: respx.MockRouter
) -> None:
    says(respx_mock, DETAIL, NOTHING)
    says(respx_mock, SHOP, NOTHING)
    says(respx_mock, THEIRS, mine([], []))

    assert (Absent(source=SOURCE), []) == await ask(registry, HOA_SEN)
    shop, _ = await ask(registry, CAFE)
    theirs, _ = await ask(registry, HIS)
    assert isinstance(shop, Absent)
    assert () == theirs.businesses


async def test_an_error_in_a_200_is_garbled_unless_it_says_not_found(
    registry: Any, respx_mock: respx.MockRouter
) -> None:
    route = says(respx_mock, DETAIL, {"code": "400", "message": "Lỗi", "Data": None})
    assert (Garbled(), []) == await ask(registry, HOA_SEN)
    for answer in (
        {"code": "500", "Data": enterprise()},
        {"code": "404", "Data": enterprise()},
        {"code": "200", "Data": None},
    ):
        route.respond(200, json=answer)
        assert (Garbled(), []) == await ask(registry, HOA_SEN)
    route.respond(200, json={"code": 404, "message": "Không tìm thấy", "Data": None})
    assert isinstance((await ask(registry, HOA_SEN))[0], Absent)
    route.respond(200, json={"code": "200", "Data": enterprise()})
    assert "9900000016" == (await ask(registry, HOA_SEN))[0].code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><h1>502</h1>",
        b"[]",
        b'"found"',
        b"null",
        b"{}",
        b'{"Data": {}}',
        b'{"Data": []}',
        b'{"Data": "9900000016"}',
        b'{"Data": {"MainInformation": "none"}}',
        b'{"Data": {"MainInformation": {}}}',
        b'{"Data": {"MainInformation": {"ENTERPRISE_GDT_CODE": "9900000016"}}}',
        b'{"Data": {"MainInformation": {"NAME": "HOA SEN"}}}',
        b'{"Data": {"MainInformation": {"ENTERPRISE_GDT_CODE": "9900000016", "NAME": "\\u0000"}}}',
        b'{"Data": {"MainInformation": {"ENTERPRISE_GDT_CODE": "9900000016", "NAME": "\\ud800"}}}',
        b'{"Data": {"MainInformation": {"ENTERPRISE_GDT_CODE": "9900000016", "NAME": "\xc3"}}}',
        b'{"Data": {"MainInformation": {"ENTERPRISE_GDT_CODE": 9.9e9, "NAME": "HOA SEN"}}}',
        b'{"Data": ' + b"[" * 400_000,
        b'{"Data": {"MainInformation": {"ENTERPRISE_GDT_CODE": ' + b"9" * 5000 + b"}}}",
    ],
)
async def test_a_body_of_another_form_is_garbled(
    registry: Any, respx_mock: respx.MockRouter, body: bytes
) -> None:
    respx_mock.get(url__startswith=URL).respond(200, content=body)

    assert (Garbled(), []) == await ask(registry, HOA_SEN)


@pytest.mark.parametrize(
    "part",
    [
        {"FOUNDING_DATE": "31/02/2015"},
        {"FOUNDING_DATE": "soon"},
        {"CAPITAL_AMOUNT": "5.000.000.000"},
        {"CAPITAL_AMOUNT": "-1"},
        {"CAPITAL_AMOUNT": "9" * 19},
        {"SHORT_NAME": ["HOA SEN"]},
        {"SHORT_NAME": True},
    ],
)
async def test_a_field_that_cannot_be_read_is_not_left_out_in_silence(
    registry: Any, respx_mock: respx.MockRouter, part: dict[str, object]
) -> None:
    main = enterprise()["MainInformation"] | part
    says(respx_mock, DETAIL, {"Data": enterprise(MainInformation=main)})

    assert (Garbled(), []) == await ask(registry, HOA_SEN)


@pytest.mark.parametrize("amount", ["1E999999", "1E-999999", "1e400"])
async def test_a_number_beyond_all_money_is_garbled_and_not_written_out(
    registry: Any, respx_mock: respx.MockRouter, amount: str
) -> None:
    body = json.dumps({"Data": enterprise()}).replace(
        '"NAME":', f'"CAPITAL_AMOUNT": {amount}, "NAME":'
    )
    respx_mock.get(url__startswith=URL).respond(200, content=body)

    assert (Garbled(), []) == await ask(registry, HOA_SEN)
