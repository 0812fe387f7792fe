"""What is refused before any registry is asked: long texts, hidden signs, guessing."""

from collections.abc import Mapping

import pytest

from resolvers.preflight import Arguments, check
from resolvers.refusals import refuse
from resolvers.texts import check_purpose
from tests.resolvers.invented import procedure

AN = {
    "role": "applicant",
    "is": {
        "person": {
            "number": {"personalId": "097085000101"},
            "fullName": "Nguyễn Văn An",
            "birthDate": "1985-05-12",
        }
    },
}
LIVES, CERTIFICATES = "nguoiKhai.noiThuongTru", "choO.soGCN[]"


def claim(key: str, value: str, role: str = "applicant") -> dict[str, str]:
    """Make a claim."""
    return {"role": role, "key": key, "value": value}


def verify(*claims: Mapping[str, object], alias: str = "verify") -> Arguments:
    """Make the arguments of a verify."""
    given = {"subjects": [AN], "claims": list(claims)}
    return Arguments(field="verify", key=alias, role=None, given=given)


def rules(*fields: Arguments) -> list[tuple[str, dict[str, str]]]:
    """Give the rules by which *fields* are refused, and their facts."""
    return [(r.rule, dict(r.facts)) for r in check(fields, procedure("1.004222"), {})]


def test_a_claim_holds_five_hundred_signs() -> None:
    assert [] == rules(verify(claim(LIVES, "ơ" * 500)))
    too_long = [("text-too-long", {"argument": "claims[0].value", "limit": "500"})]
    assert too_long == rules(verify(claim(LIVES, "ơ" * 501)))


@pytest.mark.parametrize(
    ("sign", "reason"),
    [("\u202e", "bidi"), ("\u0000", "control"), ("\u200b", "invisible"), ("\ue000", "unassigned")],
)
def test_a_sign_that_nobody_sees_is_refused_in_every_text(sign: str, reason: str) -> None:
    text = f"Hà{sign}Nội"
    malformed = [("text-malformed", {"argument": "claims[0].value", "reason": reason})]
    assert malformed == rules(verify(claim(LIVES, text)))
    check_name = Arguments(field="nameCheck", key="nameCheck", role=None, given={"name": text})
    assert [("text-malformed", {"argument": "name", "reason": reason})] == rules(check_name)
    assert (refuse("text-malformed", argument="purpose.consent", reason=reason),) == check_purpose(
        {"consent": text}
    )


def test_an_address_may_have_lines() -> None:
    assert [] == rules(verify(claim(LIVES, "Số 12 phố Trúc Bạch\r\nPhường Ba Đình")))


def test_a_proposed_name_holds_two_hundred_signs() -> None:
    def proposed(length: int) -> Arguments:
        return Arguments(
            field="nameCheck", key="nameCheck", role=None, given={"name": "a" * length}
        )

    assert [] == rules(proposed(200))
    assert [("text-too-long", {"argument": "name", "limit": "200"})] == rules(proposed(201))


@pytest.mark.parametrize("name", ["sheet", "parcel"])
@pytest.mark.parametrize("length", [40, 41])
def test_the_numbers_of_a_parcel_hold_forty_signs(name: str, length: int) -> None:
    key = {"ward": "00004", "sheet": "1", "parcel": "2", "holder": [], name: "9" * length}
    typed = Arguments(field="parcel", key="home", role="home", given={"key": key})
    subject = {"role": "home", "is": {"parcel": key}}
    filled = Arguments(field="prefill", key="prefill", role=None, given={"subjects": [AN, subject]})

    expected = [40, 41].index(length)
    for field, where in ((typed, "key"), (filled, "subjects[1].is.parcel")):
        too_long = ("text-too-long", {"argument": f"{where}.{name}", "limit": "40"})
        assert [too_long] * expected == rules(field)


def test_the_texts_of_a_purpose_hold_five_hundred_signs() -> None:
    long = "a" * 501
    purpose = {
        "consent": long,
        "actor": {"employer": long},
        "assistedBy": {"employer": long},
        "actingFor": {"evidence": long},
    }
    named = [refused.facts["argument"] for refused in check_purpose(purpose)]
    assert [
        "purpose.consent",
        "purpose.actor.employer",
        "purpose.assistedBy.employer",
        "purpose.actingFor.evidence",
    ] == named
    assert () == check_purpose({"consent": "a" * 500, "actor": None})


def test_a_field_is_claimed_once_in_a_request_over_all_aliases() -> None:
    repeated = [("claim-repeated", {"key": LIVES, "role": "applicant", "limit": "1"})]
    one, other = claim(LIVES, "Huế"), claim(LIVES, "Hà Nội")

    assert [] == rules(verify(one))
    assert repeated == rules(verify(one, other))
    assert repeated == rules(verify(one), verify(other, alias="again"))


def test_a_list_is_claimed_ten_times_and_not_eleven() -> None:
    claims = [claim(CERTIFICATES, f"SX {n}", "home") for n in range(11)]

    assert [] == rules(verify(*claims[:10]))
    assert [("claim-repeated", {"key": CERTIFICATES, "role": "home", "limit": "10"})] == rules(
        verify(*claims)
    )
