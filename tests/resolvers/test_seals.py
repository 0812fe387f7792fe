"""A seal knows the value it was made for, and no other; and nothing of the value is in it."""

import base64
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.registry import RegistryName
from audit.months import MonthKeys, period
from resolvers.enums import FieldState
from resolvers.seals import LIFETIME, LONGEST_SEAL, Broken, Expired, Right
from tests.resolvers.sealing import AN, BINH, CODE, DRAFT, NOW, OURS, SOURCE, House, Room

NAME = "Nguyễn Văn An"
TOLD = msgspec.structs.replace(SOURCE, upstream_request_id=None)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
SECOND = timedelta(seconds=1)


def changed(**differs: Any) -> Room:
    return msgspec.structs.replace(OURS, **differs)


ANOTHER = {
    "consumer": changed(consumer="portal-lamdong"),
    "procedure": changed(procedure="1.001612", code="H26.12-261121-0002"),
    "dossier": changed(code="H26.12-261121-0002"),
    "draft of that spelling": changed(code=None, draft=CODE),
    "role": changed(role="owner"),
    "subject": changed(code="H26.12-261121-0002", numbers=(BINH,)),
    "one subject more": changed(code="H26.12-261121-0002", numbers=(AN, BINH)),
    "field": changed(key="chuHo.hoTen"),
}


async def test_what_comes_back_as_it_was_told_is_right_and_says_where_it_came_from() -> None:
    house = House()
    seal = await house.seal(NAME)
    assert Right(source=TOLD) == await house.back(seal, NAME)
    assert Right(source=TOLD) == await house.back(seal, NAME)


@pytest.mark.parametrize("where", ANOTHER)
async def test_a_seal_of_another_room_is_broken(where: str) -> None:
    house = House()
    seal = await house.seal(NAME)
    assert Broken() == await house.back(seal, NAME, ANOTHER[where])
    other = await house.seal(NAME, ANOTHER[where])
    assert Right(source=TOLD) == await house.back(other, NAME, ANOTHER[where])


async def test_a_seal_of_an_installation_with_another_key_is_broken() -> None:
    seal = await House(MonthKeys(b"k" * 32)).seal(NAME)
    assert Broken() == await House().back(seal, NAME)


@given(TEXTS, TEXTS)
async def test_no_other_value_fits_a_seal(value: str, other: str) -> None:
    house = House()
    seal = await house.seal(value)
    assert Right(source=TOLD) == await house.back(seal, value)
    assert (value == other) == isinstance(await house.back(seal, other), Right)


@given(
    st.tuples(TEXTS, TEXTS, st.lists(TEXTS, max_size=3), TEXTS, TEXTS),
    st.tuples(TEXTS, TEXTS, st.lists(TEXTS, max_size=3), TEXTS, TEXTS),
)
@settings(max_examples=300)
async def test_parts_never_run_into_one_another(one: Any, two: Any) -> None:
    """Whatever stands in consumer, role, numbers, key and value: only the very same fits."""
    house = House()
    told, back = (
        msgspec.structs.replace(
            OURS, consumer=each[0], role=each[1], numbers=tuple(each[2]), key=each[3]
        )
        for each in (one, two)
    )
    seals = await house.seals(changed(consumer=told.consumer))
    other = await house.seals(changed(consumer=back.consumer))
    seal = await house.seal(one[4], told)
    same = (*one[:2], sorted(one[2]), *one[3:]) == (*two[:2], sorted(two[2]), *two[3:])
    for reader, room, value, fits in ((seals, told, one[4], True), (other, back, two[4], same)):
        judged = await reader.judge(seal, room.role, room.numbers, room.key, value)
        assert fits == isinstance(judged, Right)


@given(st.data())
async def test_a_seal_of_which_one_bit_is_another_is_worth_nothing(data: st.DataObject) -> None:
    house = House()
    raw = bytearray(_bytes(await house.seal("1985-05-12", display="12/05/1985")))
    bit = data.draw(st.integers(0, 8 * len(raw) - 1))
    raw[bit // 8] ^= 1 << bit % 8
    for value in ("1985-05-12", "12/05/1985"):
        assert not isinstance(await house.back(_text(bytes(raw)), value), Right)


async def test_a_seal_that_is_cut_lengthened_or_written_otherwise_is_broken() -> None:
    house = House()
    seal = await house.seal(NAME)
    forms = [seal[:end] for end in range(len(seal))]
    forms += [seal + "A", seal + "=", " " + seal, seal + "\n", seal * 2, f"{seal[:-1]}\u00e9"]
    forms += [_text(_bytes(seal) + b"\0"), seal.replace("_", "/").replace("-", "+") + "!"]
    for form in forms:
        assert Broken() == await house.back(form, NAME)


async def test_a_last_letter_with_other_spare_bits_is_not_the_same_seal() -> None:
    house = House()
    for length in range(3):
        seal = await house.seal(
            NAME, source=msgspec.structs.replace(SOURCE, authority="x" * length)
        )
        twins = [seal[:-1] + chr(last) for last in range(33, 127) if chr(last) != seal[-1]]
        assert all([Broken() == await house.back(twin, NAME) for twin in twins])


@given(st.binary(max_size=200) | st.binary(min_size=90, max_size=90).map(lambda b: b"\1" + b))
async def test_nonsense_is_broken_or_old_and_nothing_worse(raw: bytes) -> None:
    assert isinstance(await House().back(_text(raw), NAME), Broken | Expired)


async def test_after_thirty_days_a_seal_is_expired_and_up_to_then_right() -> None:
    house = House()
    seal = await house.seal(NAME)
    assert Right(source=TOLD) == await house.back(seal, NAME, changed(at=NOW + LIFETIME))
    assert Expired() == await house.back(seal, NAME, changed(at=NOW + LIFETIME + SECOND))


async def test_a_seal_of_the_future_is_broken_but_for_clocks_that_differ() -> None:
    house = House()
    seal = await house.seal(NAME)
    ahead = timedelta(minutes=1)
    assert Right(source=TOLD) == await house.back(seal, NAME, changed(at=NOW - ahead))
    assert Broken() == await house.back(seal, NAME, changed(at=NOW - ahead - SECOND))


async def test_no_key_is_made_for_a_time_that_somebody_wrote_into_a_seal() -> None:
    months = MonthKeys(bytes(32), since=period(NOW))
    house = House(months)
    raw = _bytes(await house.seal(NAME))
    known = len(months._keys)
    for seconds in (0, 2**32 - 1, int((NOW + timedelta(days=90)).timestamp())):
        await house.back(_text(raw[:1] + seconds.to_bytes(4) + raw[5:]), NAME)
    assert known == len(months._keys)


async def test_a_seal_lives_on_in_the_next_month_until_the_key_of_its_own_is_burnt() -> None:
    months = MonthKeys(bytes(32), since="2026-11")
    house = House(months)
    seal = await house.seal(NAME)
    december = changed(at=NOW + timedelta(days=20))
    assert Right(source=TOLD) == await house.back(seal, NAME, december)
    months.forget_before("2026-12")
    assert Expired() == await house.back(seal, NAME, december)


@pytest.mark.parametrize(
    ("value", "display", "sent"),
    [
        ("1985-05-12", "12/05/1985", "1985-05-12"),
        ("1985-05-12", "12/05/1985", "12/05/1985"),
        ("MALE", "Nam", "Nam"),
        (True, "Có", "true"),
        (True, "Có", "Có"),
        (12, "12", "12"),
        (["An", None, "Bình"], "An; Bình", '["An",null,"Bình"]'),
        (["An", None, "Bình"], "An; Bình", ' [ "An", null,\n "B\\u00ecnh" ] '),
        ([["1"], []], "1", '[["1"], []]'),
    ],
)
async def test_a_value_comes_back_as_json_or_as_displayed(
    value: object, display: str, sent: str
) -> None:
    house = House()
    seal = await house.seal(value, display=display)
    assert Right(source=TOLD) == await house.back(seal, sent)


@pytest.mark.parametrize(
    "sent",
    ["An; Bình", "An", '["An","Bình"]', '["Bình",null,"An"]', "[]", "[", "[" * 5000, '[{"a":1}]'],
)
async def test_a_list_comes_back_whole_and_in_order_or_not_at_all(sent: str) -> None:
    house = House()
    seal = await house.seal(["An", None, "Bình"], display="An; Bình")
    assert Broken() == await house.back(seal, sent)


async def test_the_subjects_of_a_role_of_several_may_be_named_in_another_order() -> None:
    house = House()
    seal = await house.seal(NAME, changed(role="child", numbers=(AN, BINH)))
    back = changed(role="child", numbers=(BINH, AN))
    assert Right(source=TOLD) == await house.back(seal, NAME, back)


async def test_what_was_told_to_a_draft_is_right_in_the_dossier_that_it_became() -> None:
    house = House()
    draft = changed(code=None, draft=DRAFT)
    seal = await house.seal(NAME, draft)
    both = changed(draft=DRAFT)
    assert Right(source=TOLD) == await house.back(seal, NAME, both)
    assert Right(source=TOLD) == await house.back(seal, NAME)
    told_to_both = await house.seal(NAME, both)
    for room in (draft, both, OURS):
        assert Right(source=TOLD) == await house.back(told_to_both, NAME, room)


async def test_asking_for_a_draft_leaves_no_mark_on_a_dossier() -> None:
    house = House()
    seal = await house.seal(NAME, changed(code=None, draft=DRAFT))
    assert Broken() == await house.back(seal, NAME)
    other = changed(draft="another-draft-of-the-portal")
    assert Right(source=TOLD) == await house.back(await house.seal(NAME, other), NAME, other)
    assert Broken() == await house.back(seal, NAME)


@pytest.mark.parametrize("state", [each for each in FieldState if each is not FieldState.VALUE])
async def test_without_a_value_there_is_no_seal(state: FieldState) -> None:
    assert "" == await House().seal(None, state=state)
    assert "" == await House().seal(["An", None], state=state)


@pytest.mark.parametrize("registry", RegistryName)
async def test_a_seal_is_short_whatever_registry_it_names(registry: RegistryName) -> None:
    longest = "Sở Nông nghiệp và Môi trường, cơ sở dữ liệu đất đai thành phố Hồ Chí Minh"
    source = msgspec.structs.replace(
        SOURCE, registry=registry, authority=longest, as_of=NOW.date(), stale=True
    )
    house = House()
    seal = await house.seal("x" * 5000, source=source)
    assert 150 < len(seal) <= LONGEST_SEAL
    assert Right(source=source) == await house.back(seal, "x" * 5000)


async def test_a_name_too_long_for_a_seal_makes_none() -> None:
    source = msgspec.structs.replace(SOURCE, authority="x" * 200)
    assert "" == await House().seal(NAME, source=source)


async def test_nothing_of_value_subject_or_dossier_can_be_read_in_a_seal() -> None:
    raw = _bytes(await House().seal(NAME, display=NAME.upper()))
    for secret in (NAME, NAME.upper(), AN, CODE, "portal-hanoi", OURS.key):
        assert secret.encode() not in raw


async def test_equal_values_of_two_people_have_nothing_in_common_in_their_seals() -> None:
    house = House()
    one = _bytes(await house.seal("Nam"))
    two = _bytes(await house.seal("Nam", changed(code="H26.12-261121-0002", numbers=(BINH,))))
    hashes = [{raw[at : at + 16] for at in (22, 38, 54)} for raw in (one, two)]
    assert set() == hashes[0] & hashes[1]


async def test_seals_and_their_parts_print_no_value() -> None:
    seals = await House().seals(OURS)
    assert "Seals(…)" == repr(seals)


def _bytes(seal: str) -> bytes:
    return base64.urlsafe_b64decode(seal + "=" * (-len(seal) % 4))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
