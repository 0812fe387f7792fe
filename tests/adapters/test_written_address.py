"""An address in words beside a ward's code: the words tell which day's ward is meant."""

from datetime import date

import pytest

from adapters.places import Address, Place
from adapters.places.written import address_in_words

OLD = "Phường Trúc Bạch, Quận Ba Đình, Thành phố Hà Nội"
TODAY = "Phường Ba Đình, Thành phố Hà Nội"


def shown(address: Address | None) -> tuple[str, str]:
    assert address is not None
    assert address.as_recorded is not None
    assert address.today is not None
    return address.as_recorded.display, address.today.display


@pytest.mark.parametrize(
    ("words", "since", "recorded"),
    [
        ("Số 12 phố Trúc Bạch, Phường Trúc Bạch, Quận Ba Đình, Thành phố Hà Nội", None, OLD),
        ("Số 12 phố Trúc Bạch, P. Trúc Bạch, Q. Ba Đình, Hà Nội", date(2026, 1, 5), OLD),
        ("Số 12 phố Trúc Bạch, phường Ba Đình, TP Hà Nội", date(2014, 9, 15), TODAY),
        ("Số 12 phố Trúc Bạch", date(2014, 9, 15), OLD),
        ("Số 12 phố Trúc Bạch", date(2025, 7, 1), TODAY),
        ("Số 12 phố Trúc Bạch", None, TODAY),
    ],
)
def test_a_district_or_todays_ward_in_the_words_tells_more_than_a_day(
    words: str, since: date | None, recorded: str
) -> None:
    house = "Số 12 phố Trúc Bạch, "
    assert (house + recorded, house + TODAY) == shown(address_in_words("00004", words, since))


def test_a_street_that_bears_the_wards_name_is_not_the_ward() -> None:
    address = address_in_words("00004", "Trúc Bạch, Phường Trúc Bạch, Quận Ba Đình", None)

    assert address is not None
    assert address.as_recorded is not None
    assert "Trúc Bạch" == address.as_recorded.detail


def test_a_divided_ward_leaves_candidates() -> None:
    address = address_in_words("00634", "Tổ 5, Phường Đại Mỗ, Quận Nam Từ Liêm", None)

    assert address is not None
    assert None is address.today
    assert 5 == len(address.candidates)


def test_words_without_a_code_stay_words_and_nothing_stays_nothing() -> None:
    words = "Xứ đồng Cổng Ô"

    assert Address(as_recorded=Place(display=words, detail=words)) == address_in_words(
        None, words, None
    )
    assert None is address_in_words(None, None, None)


def test_a_code_in_no_table_leaves_what_was_written() -> None:
    address = address_in_words("99999", "Thôn Đông", None)

    assert address is not None
    assert address.as_recorded is not None
    assert ("Thôn Đông", "99999") == (address.as_recorded.display, address.as_recorded.ward_code)
