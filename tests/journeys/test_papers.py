"""The right next step for each paper, and whose paper it is, over all four registries."""

import tomllib
from typing import Any

import pytest

from tests.journeys.documents import PREFILL, purpose
from tests.journeys.house import ROOT, House

WORLD = ROOT / "sandbox" / "world.toml"
AS_OF_OLD = "2020-01-01"


def parcel(
    ward: str, sheet: str, number: str, *holder: str, as_of: str | None = None
) -> dict[str, Any]:
    key = {"ward": ward, "sheet": sheet, "parcel": number, "holder": list(holder)}
    return {"parcel": key | ({"wardAsOf": as_of} if as_of else {})}


def prefill(house: House, procedure: str, *subjects: dict[str, Any]) -> dict[str, Any]:
    answer = house.ask(PREFILL, {"purpose": purpose(procedure), "subjects": list(subjects)})
    assert "errors" not in answer, answer["errors"]
    told: dict[str, Any] = answer["data"]["dossier"]["prefill"]
    return told


def outcomes(told: dict[str, Any]) -> dict[str, str]:
    return {c["id"]: c["outcome"] for c in told["components"]}


def notices(told: dict[str, Any]) -> set[str]:
    return {n["code"] for n in told["notices"]}


def exchange(
    house: House, holder: str, ward: str, sheet: str, number: str, as_of: str | None = None
) -> dict[str, Any]:
    """Prefill an exchange of a land certificate."""
    land = {"role": "parcel", "is": parcel(ward, sheet, number, "holder", as_of=as_of)}
    return prefill(house, "1.012783", house.subject("holder", holder), land)


def residence(house: House, home: dict[str, Any], **roles: str) -> dict[str, Any]:
    people = [house.subject(role, name) for role, name in roles.items()]
    return prefill(house, "1.004222", *people, {"role": "home", "is": home})


def test_the_own_certificate_replaces_the_paper_about_the_dwelling(house: House) -> None:
    told = residence(house, parcel("00004", "12", "7", "applicant"), applicant="an")
    assert "REPLACED_BY_DATA" == outcomes(told)["giay-to-cho-o"]
    paper = next(c for c in told["components"] if c["id"] == "giay-to-cho-o")
    assert "Nghị định 224/2026/NĐ-CP, Điều 18 khoản 4" == paper["legalGround"]


def test_c17_one_spouse_of_a_couples_certificate_is_a_holder_and_the_other_is_needed(
    house: House,
) -> None:
    told = residence(house, parcel("00004", "12", "7", "applicant"), applicant="binh")
    assert "REPLACED_BY_DATA" == outcomes(told)["giay-to-cho-o"]
    assert "OTHER_HOLDER_REQUIRED" in notices(told)
    assert "NEEDS_ACTION" == told["outcome"]


def test_both_spouses_in_the_dossier_need_nobody_else(house: House) -> None:
    home = parcel("00004", "12", "7", "applicant", "owner")
    told = residence(house, home, applicant="binh", owner="an")
    assert "OTHER_HOLDER_REQUIRED" not in notices(told)


def test_a_strangers_certificate_never_replaces_the_paper_and_says_nothing_of_the_stranger(
    house: House,
) -> None:
    """C44: the neighbour's parcel. The answer is that of a parcel which does not exist."""
    neighbour = residence(house, parcel("00004", "12", "8", "applicant"), applicant="an")
    nowhere = residence(house, parcel("00004", "12", "999", "applicant"), applicant="an")
    assert "ASK_SUPPLEMENT" == outcomes(neighbour)["giay-to-cho-o"]
    paper = next(c for c in neighbour["components"] if c["id"] == "giay-to-cho-o")
    assert ["HOLDER_IS_ANOTHER"] == [r["code"] for r in paper["because"]]
    assert house.people["hoa"]["fullName"] not in str(neighbour)
    for told in (neighbour, nowhere):
        del told["sources"]
        for field in told["fields"]:
            field.pop("source")
    assert neighbour == nowhere


def test_the_head_of_the_household_named_as_owner_replaces_the_paper_on_kinship(
    house: House,
) -> None:
    home = parcel("00004", "12", "7", "owner")
    told = residence(house, home, applicant="khoi", owner="an")
    assert "REPLACED_BY_DATA" == outcomes(told)["quan-he"]


def test_somebody_elses_head_of_household_does_not(house: House) -> None:
    home = parcel("00004", "12", "8", "owner")
    told = residence(house, home, applicant="khoi", owner="hoa")
    assert "ASK_SUPPLEMENT" == outcomes(told)["quan-he"]


def test_c15_a_dead_holder_blocks_and_points_to_the_inheritance(house: House) -> None:
    """The son hands in his dead father's certificate in his father's name."""
    father = tomllib.loads(WORLD.read_text(encoding="utf-8"))["people"]["khai_cha"]
    person = {
        "number": {"personalId": father["number"]},
        "fullName": father["name"],
        "birthDate": father["born"],
    }
    told = prefill(
        house,
        "1.012783",
        {"role": "holder", "is": {"person": person}},
        {"role": "parcel", "is": parcel("09574", "4", "18", "holder", as_of=AS_OF_OLD)},
    )
    assert "HOLDER_DECEASED" in notices(told)
    assert "BLOCKED" == told["outcome"]
    dead = next(n for n in told["notices"] if n["code"] == "HOLDER_DECEASED")
    assert "1.013831" == dead["suggests"]


def test_c18_a_member_of_a_household_certificate_is_a_holder_and_no_other_member_is_named(
    house: House,
) -> None:
    told = exchange(house, "khai", "09574", "9", "301", AS_OF_OLD)
    assert {"OTHER_HOLDER_REQUIRED", "HOUSEHOLD_HEAD_DECEASED"} <= notices(told)
    people = tomllib.loads(WORLD.read_text(encoding="utf-8"))["people"]
    assert people["khai_me"]["name"] not in str(told)


def test_c16_a_certificate_with_the_old_number_is_the_applicants_by_the_link_of_numbers(
    house: House,
) -> None:
    told = exchange(house, "cmnd", "00160", "21", "56", AS_OF_OLD)
    assert "VERIFY_AGAINST_ORIGINAL" == outcomes(told)["ban-goc-gcn"]
    assert "REPLACED_BY_DATA" == outcomes(told)["xac-nhan-so-cmnd"]
    assert {"HOLDER_NUMBER_OLD"} <= notices(told)
    old = next(n for n in told["notices"] if n["code"] == "HOLDER_NUMBER_OLD")
    assert "1.013833" == old["suggests"]


def test_c19_a_divided_ward_gives_candidates_and_chooses_none(house: House) -> None:
    told = prefill(house, "1.004222", house.subject("applicant", "mai"))
    lives = next(f for f in told["fields"] if f["key"] == "nguoiKhai.noiThuongTru")
    assert lives["value"] is None
    divided = next(n for n in told["notices"] if n["code"] == "WARD_DIVIDED")
    assert 5 == len(divided["candidates"])


def test_c21_the_same_sheet_and_number_in_one_new_ward_is_ambiguous_until_the_old_ward_is_given(
    house: House,
) -> None:
    both = exchange(house, "quan", "24778", "15", "123")
    sheet = next(f for f in both["fields"] if f["key"] == "thuaDat.soTo")
    assert "AMBIGUOUS" == sheet["state"]
    one = exchange(house, "quan", "24772", "15", "123", AS_OF_OLD)
    assert "15" == next(f for f in one["fields"] if f["key"] == "thuaDat.soTo")["value"]


def test_c22_a_mortgaged_parcel_warns(house: House) -> None:
    told = exchange(house, "ly", "00160", "21", "90", AS_OF_OLD)
    assert "ENCUMBERED" in notices(told)


def test_c23_an_unknown_use_code_is_shown_as_written(house: House) -> None:
    told = exchange(house, "quan", "24640", "33", "12", AS_OF_OLD)
    assert "UNKNOWN_CODE" in notices(told)
    codes = next(f for f in told["fields"] if f["key"] == "loaiDat.ma[]")
    assert ["OTD"] == codes["value"]


def test_a_certificate_is_found_by_serial_and_by_register_number(house: House) -> None:
    for number in ("SX 100101", "sx100101", "CH00101"):
        certificate = {"number": number, "holder": ["holder"]}
        told = prefill(
            house,
            "1.012783",
            house.subject("holder", "an"),
            {"role": "parcel", "is": parcel("00004", "12", "7", "holder")},
            {"role": "certificate", "is": {"certificate": certificate}},
        )
        serial = next(f for f in told["fields"] if f["key"] == "gcnDeNghi.soPhatHanh")
        assert "SX 100101" == serial["value"], number


def birth(house: House, **roles: str) -> dict[str, Any]:
    people = [house.subject(role, name) for role, name in roles.items()]
    newborn = {"role": "child", "is": {"declared": {"reason": "NEWBORN"}}}
    return prefill(house, "1.001193", *people, newborn)


def test_married_parents_need_no_marriage_certificate(house: House) -> None:
    told = birth(house, requester="nam", father="nam", mother="mai")
    assert "REPLACED_BY_DATA" == outcomes(told)["ket-hon"]
    assert "REPLACED_BY_DATA" == outcomes(told)["cccd-cha"]
    assert "MUST_UPLOAD" == outcomes(told)["giay-chung-sinh"]


def test_somebody_elses_spouse_never_replaces_the_marriage_certificate(house: House) -> None:
    told = birth(house, requester="thao", father="duc", mother="thao")
    assert "ASK_SUPPLEMENT" == outcomes(told)["ket-hon"]
    assert "Vân" not in str(told)


def test_c13_a_father_who_is_not_on_file_leaves_his_fields_empty_and_editable(
    house: House,
) -> None:
    told = birth(house, requester="mai", mother="mai")
    father = [f for f in told["fields"] if f["role"] == "father"]
    assert {("NOT_ASKED", True)} == {(f["state"], f["editable"]) for f in father}
    assert "NOT_REQUIRED" == outcomes(told)["ket-hon"]


def test_c14_a_foreign_mother_without_number_must_upload_her_papers(house: House) -> None:
    mother = {"reason": "FOREIGN_NATIONAL", "fullName": "Kim", "nationality": "KR"}
    told = prefill(
        house,
        "1.001193",
        house.subject("requester", "nam"),
        house.subject("father", "nam"),
        {"role": "mother", "is": {"declared": mother}},
        {"role": "child", "is": {"declared": {"reason": "NEWBORN"}}},
    )
    assert "MUST_UPLOAD" == outcomes(told)["cccd-me"]
    assert "NOT_APPLICABLE" == next(f for f in told["fields"] if f["role"] == "mother")["state"]


def test_c27_an_owner_of_a_household_business_is_told_before_founding_another(
    house: House,
) -> None:
    told = prefill(house, "1.001612", house.subject("owner", "quan"))
    assert "HOUSEHOLD_BUSINESS_EXISTS" in notices(told)
    assert "REPLACED_BY_DATA" == outcomes(told)["cccd-chu-ho"]


def test_land_sees_one_statement_for_each_province_and_level(house: House) -> None:
    residence(house, parcel("00004", "12", "7", "applicant", "owner"), applicant="an", owner="binh")
    assert 1 == len(house.journal("land"))


@pytest.mark.parametrize("mode", ["down", "hang", "garbled", "html", "wrong_person", "maintenance"])
@pytest.mark.parametrize("registry", ["land", "insurance"])
def test_a_failing_registry_empties_its_own_fields_only_and_nothing_of_a_stranger_leaves(
    house: House, registry: str, mode: str
) -> None:
    house.fault(registry, mode)
    told = residence(house, parcel("00004", "12", "7", "applicant"), applicant="an")
    states = {f["key"]: f["state"] for f in told["fields"]}
    assert "VALUE" == states["nguoiKhai.hoTen"]
    of_land = {states["choO.diaChi"], states["choO.soGCN[]"]}
    of_insurance = {states["thanhVien.theBHYTDenNgay[]"]}
    failing, healthy = (of_land, of_insurance) if registry == "land" else (of_insurance, of_land)
    wanted = {"down": "SOURCE_DOWN", "hang": "SOURCE_DOWN", "maintenance": "SOURCE_MAINTENANCE"}
    assert {wanted.get(mode, "SOURCE_GARBLED")} == failing
    assert {"VALUE"} == healthy
    if registry == "land":
        paper = next(c for c in told["components"] if c["id"] == "giay-to-cho-o")
        assert "ASK_SUPPLEMENT" == paper["outcome"]
        if mode in wanted:
            assert paper["retryAfter"] > 0
    strangers = {p["fullName"] for n, p in house.people.items() if n not in {"an", "binh"}}
    told.pop("notices")
    family = {"Nguyễn Minh Khôi", "Nguyễn An Nhiên"}
    assert not {name for name in strangers - family if name in str(told)}


@pytest.mark.parametrize("mode", ["down", "hang", "garbled", "html", "wrong_person", "maintenance"])
def test_a_failing_business_registry_empties_its_own_fields_only(house: House, mode: str) -> None:
    house.fault("business", mode)
    told = prefill(house, "1.001612", house.subject("owner", "quan"))
    failed = {s["registry"]: s["state"] for s in told["sources"]}
    wanted = {"down": "SOURCE_DOWN", "hang": "SOURCE_DOWN", "maintenance": "SOURCE_MAINTENANCE"}
    assert wanted.get(mode, "SOURCE_GARBLED") == failed["BUSINESS"]
    assert "VALUE" == failed["POPULATION"]
    assert "REPLACED_BY_DATA" == outcomes(told)["cccd-chu-ho"]
    assert "INCOMPLETE" == told["outcome"]
