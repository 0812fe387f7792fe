"""What the population registry's twin demands of a call before it looks anybody up."""

from typing import Any

import pytest

from tests.sandbox.visitor import Asker, body_of, fault_of

AN = {"number": "097085000101", "name": "NGUYỄN VĂN AN", "birth": "19850512"}
HOA = {"number": "097185900001", "name": "NGUYỄN THỊ HÒA", "birth": "19850512"}
HOUR = 3600


@pytest.mark.parametrize("seconds", [-290, 0, 290])
def test_a_clock_within_five_minutes_is_accepted(population: Asker, seconds: int) -> None:
    body = population.envelope(population.fields(**AN), "TraCuuThongTinCongDan")
    answer = population.post(body, population.headers(seconds=seconds))
    assert [] != list(body_of(answer)[0])


@pytest.mark.parametrize("seconds", [-HOUR, -310, 310, HOUR])
def test_a_clock_that_is_further_off_is_refused(population: Asker, seconds: int) -> None:
    body = population.envelope(population.fields(**AN), "TraCuuThongTinCongDan")
    answer = population.post(body, population.headers(seconds=seconds))
    assert (500, "TIMESTAMP") == fault_of(answer)


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "9" * 17])
def test_a_timestamp_is_milliseconds(population: Asker, stamp: str) -> None:
    headers = population.headers() | {"Timestamp": stamp}
    assert (500, "TIMESTAMP") == fault_of(population.post(b"", headers))


@pytest.mark.parametrize("header", ["X-Road-Client", "ApiKey", "Authorization"])
def test_every_header_of_the_agreement_is_needed(population: Asker, header: str) -> None:
    headers = population.headers() | {header: ""}
    assert (401, "UNAUTHORIZED") == fault_of(population.post(b"", headers))


@pytest.mark.parametrize("basic", ["Basic x", "Basic Zm9v", "Bearer Zm9v", "Basic \u00e9"])
def test_credentials_of_another_form_are_refused(population: Asker, basic: str) -> None:
    headers: dict[Any, Any] = population.headers() | {"Authorization": basic.encode("latin-1")}
    assert (401, "UNAUTHORIZED") == fault_of(population.post(b"", headers))


def test_the_signature_is_over_the_secret_and_the_address_posted_to(population: Asker) -> None:
    body = population.envelope(population.fields(**AN), "TraCuuThongTinCongDan")
    for headers in (
        population.headers(secret="another"),
        population.headers(url="http://127.0.0.1:1/"),
    ):
        assert (401, "UNAUTHORIZED") == fault_of(population.post(body, headers))
    with_slash = population.post(body, population.headers(url=f"{population.url}/"))
    assert with_slash.status_code == 200


@pytest.mark.parametrize("officer", ["", "lan", "12345678901", "1234567890123", "٠٩٧١٨٨٠٠٠١٧١"])
def test_an_officer_without_a_personal_id_is_refused(population: Asker, officer: str) -> None:
    assert (500, "MA_CAN_BO") == fault_of(population.ask(**AN, officer=officer))


def test_a_call_without_a_procedure_is_refused(population: Asker) -> None:
    assert (500, "MA_DVC") == fault_of(population.ask(**AN, procedure=" "))


def test_a_request_id_is_used_once(population: Asker) -> None:
    first = population.ask(**AN, request_id="REQUEST-1")
    again = population.ask(**HOA, request_id="REQUEST-1")
    assert first.status_code == 200
    assert (500, "MA_YEU_CAU") == fault_of(again)
    assert ["found", "refused"] == [row["outcome"] for row in population.running.journal()]
    assert (500, "MA_YEU_CAU") == fault_of(population.ask(**AN, request_id=""))


def test_the_order_of_elements_matters(population: Asker) -> None:
    fields = population.fields(**AN)
    turned = dict(reversed(fields.items()))
    doubled = fields | {"SoCMND": "390000101"}
    for name in fields:
        lacking = {key: text for key, text in fields.items() if key != name}
        body = population.envelope(lacking, "TraCuuThongTinCongDan")
        assert (500, "ELEMENTS") == fault_of(population.post(body))
    for wrong in (turned, doubled):
        body = population.envelope(wrong, "TraCuuThongTinCongDan")
        assert (500, "ELEMENTS") == fault_of(population.post(body))


def test_elements_outside_of_the_request_namespace_are_refused(population: Asker) -> None:
    fields = population.fields(**AN)
    elsewhere = population.envelope(fields, "TraCuuThongTinCongDan", "{http://example.test}")
    assert (500, "OPERATION") == fault_of(population.post(elsewhere))
    unqualified = population.envelope(fields, "TraCuuThongTinCongDan").replace(
        b"ns1:MaDVC", b"MaDVC"
    )
    assert (500, "ELEMENTS") == fault_of(population.post(unqualified))
    unknown = population.envelope(fields, "XoaCongDan")
    assert (500, "OPERATION") == fault_of(population.post(unknown))


@pytest.mark.parametrize("birth", ["1985-05-12", "1985-5-2", "85", ""])
def test_a_birth_date_has_one_of_two_forms(population: Asker, birth: str) -> None:
    assert (500, "NGAY_SINH") == fault_of(population.ask(**AN | {"birth": birth}))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "XML"),
        (b"<a", "XML"),
        (b"\xff\xfe\x00", "XML"),
        (b"<a/>", "SOAP"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "XML"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "XML"),
        (b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>', "SOAP"),
    ],
)
def test_what_is_no_soap_call_is_refused_without_being_quoted(
    population: Asker, body: bytes, code: str
) -> None:
    answer = population.post(body)
    assert (500, code) == fault_of(answer)
    assert b"passwd" not in answer.content
