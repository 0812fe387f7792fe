"""The business registry's twin: who may ask, what it says, and how it can be wrong."""

import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey

from sandbox import business_names
from sandbox.business_token import TokenService
from tests.sandbox.business_visitor import Office
from tests.sandbox.visitor import Running

AN, QUAN, NOBODY = "097085000101", "098188000161", "099099999999"
HOA_SEN, BA_CAY, SONG_CAU, DA_ONG = "9900000016", "9900000023", "9900000030", "9900000048"

Claims = dict[str, Any]


@pytest.fixture
def office(sandbox: Running) -> Iterator[Office]:
    """Give a client of the shared sandbox's business registry."""
    yield Office(sandbox)
    sandbox.heal()


def test_the_private_key_is_its_owners_only(office: Office) -> None:
    path = Path(office.running.addresses["business_key"])
    assert office.running.directory / "business-client.pem" == path
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert path.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")


def test_a_token_comes_in_the_form_of_the_national_bus(office: Office) -> None:
    answer = office.ask_for_token(office.assertion())
    granted = answer.json()
    assert {
        "access_token": granted["access_token"],
        "scope": "am_application_scope default",
        "token_type": "Bearer",
        "expires_in": 3600,
    } == granted
    assert "no-store" == answer.headers["cache-control"]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "another"},
        {"sub": "another"},
        {"aud": "http://another.test/token"},
        {"exp": int(time.time()) - 120},
        {"exp": int(time.time()) + 7200},
        {"exp": None},
        {"jti": None},
        {"jti": 7},
        {"aud": None},
    ],
)
def test_an_assertion_that_says_something_else_is_refused(office: Office, claims: Claims) -> None:
    answer = office.ask_for_token(office.assertion(**claims))
    assert (401, {"error": "invalid_client"}) == (answer.status_code, answer.json())


def test_an_assertion_by_another_hand_is_refused(office: Office) -> None:
    public = office.key.as_pem(private=False)
    for assertion in (
        office.assertion(ECKey.generate_key("P-256")),
        office.assertion(OctKey.import_key(public.hex()), "HS256"),
        "e30.e30.",
        "",
    ):
        assert 401 == office.ask_for_token(assertion).status_code


def test_an_assertion_is_used_once(office: Office) -> None:
    assertion = office.assertion()
    answers = [office.ask_for_token(assertion).status_code for _ in range(2)]
    assert [200, 401] == answers


def test_another_grant_or_kind_of_assertion_is_refused(office: Office) -> None:
    password = office.ask_for_token(office.assertion(), grant_type="password")
    saml = office.ask_for_token(office.assertion(), client_assertion_type="saml2-bearer")
    assert (400, {"error": "unsupported_grant_type"}) == (password.status_code, password.json())
    assert 401 == saml.status_code


def test_a_token_ends_after_an_hour(tmp_path: Path) -> None:
    now = datetime(2026, 11, 1, 5, tzinfo=UTC)
    service = TokenService("http://bus.test/token", tmp_path, lambda: now)
    header = f"Bearer {service._issue()['access_token']}"
    now += timedelta(minutes=59, seconds=59)
    assert service.admits(header)
    now += timedelta(seconds=1)
    assert not service.admits(header)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer none", "Basic eDp5"])
def test_without_a_token_nothing_is_said(office: Office, header: str) -> None:
    answer = office.running.http.get(
        f"{office.url}/dkkd/1.0/chiTietDoanhNghiep",
        params={"msdn": HOA_SEN},
        headers={"Authorization": header},
    )
    fault = {"code": 900901, "message": "Invalid Credentials"}
    assert (401, {"fault": fault}) == (answer.status_code, answer.json())


def test_an_enterprise_with_one_representative_shows_it_as_an_object(office: Office) -> None:
    told = office.enterprise(HOA_SEN)
    main, seat, he = told["MainInformation"], told["HOAdress"], told["Representatives"]
    assert "CÔNG TY TNHH MTV HOA SEN" == main["NAME"]
    assert (HOA_SEN, HOA_SEN) == (main["ENTERPRISE_CODE"], main["ENTERPRISE_GDT_CODE"])
    assert ("10/06/2015", "01/02/2023", 1) == (
        main["FOUNDING_DATE"],
        main["LAST_AMEND_DATE"],
        main["NUMBER_CHANGES"],
    )
    assert Decimal("5000000000.00") == main["CAPITAL_AMOUNT"]
    assert (81, "Thành phố Hà Nội") == (seat["CityID"], seat["CityName"])
    assert (
        "Số 12 phố Trúc Bạch, Phường Trúc Bạch, Quận Ba Đình, Thành phố Hà Nội"
        == (seat["AddressFullText"])
    )
    assert (AN, "NGUYỄN VĂN AN", "12/05/1985") == (
        he["PERS_DOC_NO"],
        he["FULL_NAME"],
        he["DATE_OF_BIRTH"],
    )


def test_an_enterprise_with_three_shows_them_as_an_array(office: Office) -> None:
    told = office.enterprise(BA_CAY)["Representatives"]
    assert ["ĐẶNG VĂN ĐỨC", "LÊ PHƯƠNG THẢO", "VŨ THỊ VÂN"] == [it["FULL_NAME"] for it in told]


def test_branches_have_codes_of_their_own_and_locations_have_counters(office: Office) -> None:
    told = office.enterprise(HOA_SEN)
    assert ["9900000016-001"] == [it["ENTERPRISE_GDT_CODE"] for it in told["Branches"]]
    assert ["00036"] == [it["COUNTER"] for it in told["BusinessLocations"]]
    assert [("4620", 1), ("4632", 0)] == [
        (it["MaNganh"], it["LaNganhChinh"]) for it in told["NganhNgheKinhDoanh"]
    ]


def test_a_branch_is_found_with_its_dash_and_is_nobodys_company(office: Office) -> None:
    told = office.enterprise("9900000016-001")
    assert "9900000016-001" == told["MainInformation"]["ENTERPRISE_GDT_CODE"]
    assert "Chi nhánh" == told["MainInformation"]["ENTERPRISE_TYPE_NAME"]
    assert told["Representatives"] is None
    assert office.enterprise("9900000016-002")["MainInformation"] is None


def test_a_suspension_has_its_days_and_a_dissolution_its_first(office: Office) -> None:
    suspended = office.enterprise(SONG_CAU)["TinhTrangPhapLy"][-1]
    assert ("2", "01/07/2026", "30/06/2027", "Khó khăn về thị trường") == (
        suspended["MaTinhTrangPhapLy"],
        suspended["NgayBatDauTamNgung"],
        suspended["NgayKetThucTamNgung"],
        suspended["LyDoTamNgung"],
    )
    [dissolved] = office.enterprise(DA_ONG)["TinhTrangPhapLy"]
    assert ("Đã giải thể", "30/12/2022", None) == (
        dissolved["TinhTrangPhapLy"],
        dissolved["NgayBatDauTamNgung"],
        dissolved["NgayKetThucTamNgung"],
    )


def test_what_is_not_recorded_is_empty_in_one_record_and_null_in_another(office: Office) -> None:
    even, odd = office.enterprise(DA_ONG), office.enterprise("9900000016-001")
    assert ("", None) == (even["MainInformation"]["NAME_F"], odd["MainInformation"]["NAME_F"])


def test_nothing_found_is_a_200_with_nothing_in_it(office: Office) -> None:
    nothing = {"MainInformation": None, "HOAdress": None, "Representatives": None}
    assert nothing == office.enterprise("9900000055")
    assert nothing == office.data("hoKinhDoanh", maSo=NOBODY)
    assert {"Enterprises": [], "HouseholdBusinesses": []} == office.data(
        "theoNguoiDaiDien", soGiayTo=NOBODY
    )


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        ("chiTietDoanhNghiep", {"msdn": "9900000016001"}),
        ("chiTietDoanhNghiep", {"msdn": AN}),
        ("chiTietDoanhNghiep", {}),
        ("hoKinhDoanh", {"maSo": HOA_SEN}),
        ("theoNguoiDaiDien", {"soGiayTo": "AN"}),
        ("kiemTraTen", {"ten": " ", "maPhuongXa": "00004"}),
        ("kiemTraTen", {"ten": "Hoa Sen"}),
    ],
)
def test_a_malformed_question_is_an_error_inside_a_200(
    office: Office, operation: str, fields: dict[str, str]
) -> None:
    answer = office.ask(operation, **fields)
    assert (200, "400", None) == (
        answer.status_code,
        answer.json()["code"],
        answer.json()["Data"],
    )
    assert not any(value in answer.text for value in fields.values() if value.strip())


def test_a_household_business_is_its_owners_number(office: Office) -> None:
    told = office.data("hoKinhDoanh", maSo=QUAN)
    assert QUAN == told["MainInformation"]["ENTERPRISE_GDT_CODE"] == told["Owner"]["PERS_DOC_NO"]
    assert "HỘ KINH DOANH CÀ PHÊ H'LIÊNG" == told["MainInformation"]["NAME"]
    url = f"{office.url}/dkkd/1.0/hoKinhDoanh?maSo={QUAN}"
    assert 405 == office.running.http.get(url).status_code


def test_a_person_leads_to_what_they_represent_and_own(office: Office) -> None:
    his, hers = (office.data("theoNguoiDaiDien", soGiayTo=number) for number in (AN, QUAN))
    assert [HOA_SEN] == [it["MainInformation"]["ENTERPRISE_CODE"] for it in his["Enterprises"]]
    assert [] == his["HouseholdBusinesses"] == hers["Enterprises"]
    assert [QUAN] == [it["Owner"]["PERS_DOC_NO"] for it in hers["HouseholdBusinesses"]]


@pytest.mark.parametrize("name", ["CÔNG TY TNHH MTV HOA SEN", "Công ty TNHH Hoa  Sen", "hoa sen"])
def test_a_name_is_taken_in_the_ward_that_its_seat_lies_in_today(office: Office, name: str) -> None:
    taken = {"TrungTen": True, "TenTuongTu": ["CÔNG TY TNHH MTV HOA SEN"]}
    assert taken == office.data("kiemTraTen", ten=name, maPhuongXa="00004")
    free = {"TrungTen": False, "TenTuongTu": []}
    assert free == office.data("kiemTraTen", ten=name, maPhuongXa="00097")


def test_names_resemble_each_other_by_whole_words_and_without_their_marks() -> None:
    known = ["CÔNG TY CỔ PHẦN HOA SEN TRẮNG", "HỘ KINH DOANH HÒA SEN", "HỘ KINH DOANH HOA SENG"]
    assert (False, known[:2]) == business_names.compare("Hoa Sen", known)
    assert (True, [known[2]]) == business_names.compare("Hộ kinh doanh Hoa Seng", known)


def test_each_fault_of_an_answer_is_about_somebody_else_or_two(office: Office) -> None:
    office.running.fault("business", "wrong_person")
    assert HOA_SEN != office.enterprise(HOA_SEN)["MainInformation"]["ENTERPRISE_GDT_CODE"]
    assert QUAN != office.data("hoKinhDoanh", maSo=QUAN)["Owner"]["PERS_DOC_NO"]
    theirs = office.data("theoNguoiDaiDien", soGiayTo=AN)["Enterprises"]
    assert HOA_SEN not in [it["MainInformation"]["ENTERPRISE_CODE"] for it in theirs]
    office.running.fault("business", "duplicated")
    assert 2 == len(office.enterprise(HOA_SEN))
    assert 2 == len(office.data("hoKinhDoanh", maSo=QUAN))
    assert 1 < len(office.data("theoNguoiDaiDien", soGiayTo=AN)["Enterprises"])


def test_a_counted_fault_is_used_up_by_answers_with_a_record_only(office: Office) -> None:
    office.running.fault("business", "wrong_person", times=1)
    office.enterprise("9900000055")
    office.data("theoNguoiDaiDien", soGiayTo=NOBODY)
    assert HOA_SEN != office.enterprise(HOA_SEN)["MainInformation"]["ENTERPRISE_GDT_CODE"]
    assert HOA_SEN == office.enterprise(HOA_SEN)["MainInformation"]["ENTERPRISE_GDT_CODE"]


def test_each_call_leaves_one_row_that_names_nobody(office: Office) -> None:
    office.data("hoKinhDoanh", maSo=QUAN)
    office.data("theoNguoiDaiDien", soGiayTo=NOBODY)
    office.ask("chiTietDoanhNghiep", msdn="x")
    key = office.running.key
    told = [
        (row["operation"], row["key"], row["request_id"], row["outcome"])
        for row in office.running.journal()
    ]
    assert told == [
        ("token", None, None, "issued"),
        ("hoKinhDoanh", key(QUAN), "REQUEST-1", "found"),
        ("theoNguoiDaiDien", key(NOBODY), "REQUEST-1", "empty"),
        ("chiTietDoanhNghiep", None, "REQUEST-1", "refused"),
    ]
    assert QUAN not in (office.running.directory / "journal.jsonl").read_text()
