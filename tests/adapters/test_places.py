"""Places: a code means nothing without a day, and a ward has more than one name."""

from datetime import date

import pytest

from adapters.grades import Grade
from adapters.places import Address, Place, address, place, same_chain
from adapters.places.compare import compare_address
from adapters.places.provinces import province_of_prefix, provinces_before, provinces_now
from adapters.places.tables import predecessors, successors, units_before, units_now
from adapters.places.units import find_ward

_BEFORE, _SINCE = date(2025, 6, 30), date(2025, 7, 1)
_STREET = "12 phố Trấn Vũ"


def _shown(found: Place | None) -> str | None:
    return None if found is None else found.display


def test_the_tables_hold_every_unit() -> None:
    assert (3321, 10040, 9957, 63, 34) == (
        len(units_now()),
        len(units_before()),
        len(successors()),
        len(provinces_before()),
        len(provinces_now()),
    )


def test_every_unit_lies_in_a_known_province_and_every_successor_exists() -> None:
    assert set(provinces_now()) == {u.province_code for u in units_now().values()}
    assert set(provinces_before()) == {u.province_code for u in units_before().values()}
    assert set(predecessors()) <= set(units_now())
    assert set(successors()) <= set(units_before())


def test_a_code_is_read_by_its_day() -> None:
    assert "Phường Trúc Bạch, Quận Ba Đình, Thành phố Hà Nội" == _shown(place("00004", _BEFORE))
    assert "Phường Ba Đình, Thành phố Hà Nội" == _shown(place("00004", _SINCE))
    assert "Phường Ba Đình, Thành phố Hà Nội" == _shown(place("00004", None))


def test_a_place_says_what_lies_in_it_and_when() -> None:
    expected = Place(
        display="12 phố Trấn Vũ, Phường Trúc Bạch, Quận Ba Đình, Thành phố Hà Nội",
        detail=_STREET,
        ward_code="00004",
        ward_name="Phường Trúc Bạch",
        district_name="Quận Ba Đình",
        province_code="01",
        province_name="Thành phố Hà Nội",
        valid_on=_BEFORE,
        successors=(
            Place(
                display="12 phố Trấn Vũ, Phường Ba Đình, Thành phố Hà Nội",
                detail=_STREET,
                ward_code="00004",
                ward_name="Phường Ba Đình",
                province_code="01",
                province_name="Thành phố Hà Nội",
            ),
        ),
    )
    assert expected == place("00004", _BEFORE, _STREET)


@pytest.mark.parametrize(
    ("code", "on"), [("99999", None), ("00001", None), ("06978", _BEFORE), ("", None)]
)
def test_a_code_that_named_nothing_on_that_day_is_no_place(code: str, on: date | None) -> None:
    assert place(code, on) is None


def test_an_old_address_with_one_successor_is_known_today() -> None:
    found = address("00001", recorded_on=date(2019, 3, 1), detail="5 ngõ 9")
    assert "5 ngõ 9, Phường Phúc Xá, Quận Ba Đình, Thành phố Hà Nội" == _shown(found.as_recorded)
    assert "5 ngõ 9, Phường Hồng Hà, Thành phố Hà Nội" == _shown(found.today)
    assert () == found.candidates
    assert found.today is not None
    assert () == found.today.successors


def test_nobody_chooses_among_the_five_wards_of_dai_mo() -> None:
    found = address("00634", recorded_on=date(2020, 1, 1))
    assert found.today is None
    assert ["00622", "00634", "00637", "09556", "09886"] == [p.ward_code for p in found.candidates]
    assert "Phường Đại Mỗ, Quận Nam Từ Liêm, Thành phố Hà Nội" == _shown(found.as_recorded)


@pytest.mark.parametrize(
    ("recorded_on", "district", "province", "name"),
    [
        (None, "001", None, "Phường Trúc Bạch"),
        (None, "Quận Ba Đình", None, "Phường Trúc Bạch"),
        (None, None, None, "Phường Ba Đình"),
        (None, "", "01", "Phường Ba Đình"),
        (_BEFORE, None, None, "Phường Trúc Bạch"),
        (_SINCE, None, None, "Phường Ba Đình"),
        (_SINCE, "001", None, "Phường Trúc Bạch"),
    ],
)
def test_a_district_or_an_early_date_makes_a_reused_code_the_old_ward(
    recorded_on: date | None, district: str | None, province: str | None, name: str
) -> None:
    found = address(
        "00004", recorded_on=recorded_on, district_code=district, province_code=province
    )
    assert found.as_recorded is not None
    assert name == found.as_recorded.ward_name
    assert "Phường Ba Đình, Thành phố Hà Nội" == _shown(found.today)


def test_a_dissolved_province_makes_a_reused_code_the_old_ward() -> None:
    code = next(
        c for c, u in units_before().items() if u.province_code == "06" and c in units_now()
    )
    found = address(code, recorded_on=None, province_code="06")
    assert found.as_recorded is not None
    assert "Tỉnh Bắc Kạn" == found.as_recorded.province_name


def test_a_code_of_one_table_only_needs_no_date() -> None:
    assert "Phường Phúc Xá, Quận Ba Đình, Thành phố Hà Nội" == _shown(
        address("00001", recorded_on=_SINCE).as_recorded
    )
    assert "Đặc khu Lý Sơn, Tỉnh Quảng Ngãi" == _shown(
        address("21548", recorded_on=_BEFORE).as_recorded
    )


def test_an_island_district_stands_for_its_ward() -> None:
    found = address("", recorded_on=None, district_code="536")
    assert "Huyện Lý Sơn, Tỉnh Quảng Ngãi" == _shown(found.as_recorded)
    assert "Đặc khu Lý Sơn, Tỉnh Quảng Ngãi" == _shown(found.today)


def test_an_old_ward_without_successor_in_the_tables_is_not_guessed() -> None:
    lost = address("00736", recorded_on=_BEFORE)
    kept = address("03244", recorded_on=_BEFORE)
    assert (None, ()) == (lost.today, lost.candidates)
    assert (None, ["03244"]) == (kept.today, [p.ward_code for p in kept.candidates])


def test_an_unknown_ward_keeps_what_was_written() -> None:
    found = address("99999", recorded_on=None, province_code="06", detail="Thôn 1")
    assert "Thôn 1, Tỉnh Bắc Kạn" == _shown(found.as_recorded)
    assert (None, ()) == (found.today, found.candidates)
    assert Address() == address("", recorded_on=None)


@pytest.mark.parametrize(
    ("a", "on_a", "b", "on_b", "same"),
    [
        ("00004", _BEFORE, "00004", _SINCE, True),
        ("00001", _BEFORE, "00097", None, True),
        ("00097", None, "00001", _BEFORE, True),
        ("00634", _BEFORE, "09886", None, True),
        ("00001", _BEFORE, "00004", None, False),
        ("00004", _BEFORE, "00004", _BEFORE, True),
        ("536", _BEFORE, "21548", None, True),
        ("99999", None, "99999", None, False),
    ],
)
def test_a_chain_goes_from_an_old_unit_to_what_took_it_in(
    a: str, on_a: date | None, b: str, on_b: date | None, *, same: bool
) -> None:
    assert same == same_chain(a, on_a, b, on_b)


def test_two_old_wards_of_one_new_ward_are_two_places() -> None:
    first, second, *_ = predecessors()["00004"]
    assert not same_chain(first, _BEFORE, second, _BEFORE)


def test_a_prefix_names_the_province_then_and_now() -> None:
    bac_kan = province_of_prefix("006")
    assert bac_kan is not None
    assert "Tỉnh Bắc Kạn" == bac_kan.then.name
    assert ["Tỉnh Thái Nguyên"] == [p.name for p in bac_kan.now]


@pytest.mark.parametrize("prefix", ["097", "098", "099", "000", "100", "06", "0066", ""])
def test_a_prefix_that_is_no_province_names_none(prefix: str) -> None:
    assert province_of_prefix(prefix) is None


@pytest.mark.parametrize("name", ["Phường Trúc Bạch", "P. Truc Bach", "p.trúc bạch", "TRÚC BẠCH"])
@pytest.mark.parametrize("province", ["01", "Hà Nội", "TP. Ha Noi", "thành phố Hà Nội"])
def test_a_ward_is_found_by_its_name_however_it_is_written(name: str, province: str) -> None:
    assert ["Phường Trúc Bạch, Quận Ba Đình, Thành phố Hà Nội"] == [
        p.display for p in find_ward(name, province)
    ]


def test_todays_ward_is_found_before_those_of_old() -> None:
    found = find_ward("Phường Đại Mỗ", "01")
    assert ["00637", "00634"] == [p.ward_code for p in found]
    assert [None, _BEFORE] == [p.valid_on for p in found]


def test_a_ward_of_another_kind_or_province_is_not_found() -> None:
    assert () == find_ward("Xã Trúc Bạch", "01")
    assert () == find_ward("Phường Trúc Bạch", "TPHCM")
    assert () == find_ward("Phường Trúc Bạch", "Atlantis")


def test_numbered_wards_are_found_with_and_without_zero() -> None:
    assert find_ward("P.01", "TP.HCM") == find_ward("Phường 1", "79")
    assert 10 == len(find_ward("p1", "hcm"))


_OF_OLD = address("00004", recorded_on=_BEFORE, detail=_STREET)
_OF_TODAY = address("00004", recorded_on=_SINCE)
_NGHIA_TAN = address("00160", recorded_on=_BEFORE, detail=_STREET)
_NO_HOUSE = ("detail-missing", "place-renamed")
_DIVIDED = address("00634", recorded_on=_BEFORE)


@pytest.mark.parametrize(
    ("claimed", "known", "grade", "words"),
    [
        ("phường Trúc Bạch", _OF_TODAY, Grade.EQUIVALENT, ("place-renamed",)),
        ("phường Trúc Bạch", _OF_OLD, Grade.EQUIVALENT, ("place-renamed",)),
        ("Phường Ba Đình, Hà Nội", _OF_TODAY, Grade.EXACT, ()),
        ("phuong Ba Dinh", _OF_TODAY, Grade.UNACCENTED_ONLY, ("marks-ignored",)),
        ("P.Trúc Bạch, Q.Tây Hồ", _OF_TODAY, Grade.DIFFERENT, ()),
        ("Phường Ba Đình, Tỉnh Hà Nam", _OF_TODAY, Grade.DIFFERENT, ()),
        ("Xã Ba Đình", _OF_TODAY, Grade.DIFFERENT, ()),
        ("Phường Quán Thánh", _OF_TODAY, Grade.COMPATIBLE, ("place-merged",)),
        ("Phường Quán Thánh", _OF_OLD, Grade.DIFFERENT, ()),
        ("Phường Ba Đình", _OF_OLD, Grade.COMPATIBLE, ("detail-missing",)),
        ("Phường Trúc Bạch, Quận Ba Đình", _OF_OLD, Grade.COMPATIBLE, _NO_HOUSE),
        ("Phường Nghĩa Tân, Quận Cầu Giấy, Hà Nội", _NGHIA_TAN, Grade.COMPATIBLE, _NO_HOUSE),
        ("phường Nghĩa Tân quận Cầu Giấy Hà Nội", _NGHIA_TAN, Grade.COMPATIBLE, _NO_HOUSE),
        ("Phường Nghĩa Tân", _NGHIA_TAN, Grade.EQUIVALENT, ("place-renamed",)),
        (f"{_STREET}, Phường Nghĩa Tân", _NGHIA_TAN, Grade.EQUIVALENT, ("place-renamed",)),
        (f"{_STREET}, Phường Ba Đình, Hà Nội", _OF_OLD, Grade.EXACT, ()),
        (f"{_STREET}, P.Trúc Bạch, Q.Ba Đình, TP.Hà Nội", _OF_OLD, Grade.EXACT, ("abbreviation",)),
        (f"{_STREET} phường Trúc Bạch quận Ba Đình Hà Nội", _OF_OLD, Grade.EXACT, ()),
        (f"số nhà {_STREET}, Trúc Bạch", _OF_OLD, Grade.EQUIVALENT, ("place-renamed",)),
        ("12 Trấn Vũ, Phường Ba Đình", _OF_OLD, Grade.PARTIAL, ("street-words",)),
        ("14 phố Trấn Vũ, Phường Ba Đình", _OF_OLD, Grade.DIFFERENT, ()),
        ("Phường Đại Mỗ, Quận Nam Từ Liêm", _DIVIDED, Grade.EXACT, ()),
        ("Phường Tây Mỗ", _DIVIDED, Grade.COMPATIBLE, ("place-divided",)),
        ("Phường Ba Đình", _DIVIDED, Grade.DIFFERENT, ()),
        ("", _OF_TODAY, Grade.DIFFERENT, ()),
        ("a," * 250, _OF_TODAY, Grade.DIFFERENT, ()),
        ("Phường Ba Đình" + " " * 500, _OF_TODAY, Grade.DIFFERENT, ()),
    ],
)
def test_the_ward_decides_under_any_name_it_has_borne(
    claimed: str, known: Address, grade: Grade, words: tuple[str, ...]
) -> None:
    found = compare_address(claimed, known)
    assert (grade, words) == (found.grade, found.normalisations)


def test_an_address_abroad_is_compared_by_its_words() -> None:
    abroad = Address(as_recorded=Place(display="5 Rue de la Paix, Paris"))
    assert Grade.EXACT == compare_address("5 rue de la Paix,Paris", abroad).grade
    assert Grade.DIFFERENT == compare_address("Paris", abroad).grade
    assert Grade.DIFFERENT == compare_address("Paris", Address()).grade
