"""What somebody might put where grants, revocations and notices are read from."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from auth.bundle import BundleKind, Rejected, seal
from auth.grant_table import GrantsInvalid
from auth.keys import PublicKey
from auth.signing_key import new_signing_key
from auth.withdrawals import load_withdrawal
from gateway.trust import Trust, open_notice
from gateway.watched import SourceUnusableError
from tests.auth.agreement import FILE
from tests.gateway.test_watched import (
    GRANTS,
    NOTICE,
    OPERATOR,
    OWNER,
    REVOKED,
    Place,
    ground,
    nothing,
    version,
)

HANOIS_KEY = PublicKey(
    kty="EC",
    crv="P-256",
    x="ylYjSGn_XrmdMB4y3waCLBXTjPmOxQgqZkSpCBm0HmA",
    y="HVv_9We42f4GyZmbnLO7uyaeK45BOt7Tho4bIovpjH4",
)
ENDLESS = f"{NOTICE}until = {'9' * 5000}\n"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_number_without_end_is_no_toml() -> None:
    with pytest.raises(GrantsInvalid) as refused:
        load_withdrawal(ENDLESS)
    assert "not-toml" == refused.value.rule
    assert "999" not in str(refused.value)


async def test_a_notice_with_a_number_without_end_does_not_end_the_watch(place: Place) -> None:
    trust = place.trust()
    await trust.open()
    signed = seal(ENDLESS, BundleKind.WITHDRAWAL, OWNER)
    genuine = seal(NOTICE, BundleKind.WITHDRAWAL, OWNER)
    assert isinstance(open_notice(signed, trust.grants().owners), Rejected)

    place.withdrawals.write_text(f"{signed}\n{genuine}\n")
    more = REVOKED.replace("version = 1", "version = 2").replace("jti-1", "jti-2")
    place.revocations.write_text(seal(more, BundleKind.REVOCATIONS, OPERATOR))
    await trust.look()

    assert trust.revocations().revoked("jti-2", "portal-hanoi", None)
    assert "Công văn 12" == ground(trust)
    await trust.aclose()


async def test_a_kept_version_that_has_expired_is_still_no_way_back(place: Place) -> None:
    short = GRANTS.replace("expires = 2027-12-31", "expires = 2026-06-30")
    place.grants.write_text(
        seal(short.replace("version = 7", "version = 8"), BundleKind.GRANTS, OPERATOR)
    )
    first = place.trust()
    await first.open()
    await first.aclose()

    place.grants.write_text(version(7))
    in_july = datetime(2026, 7, 2, tzinfo=UTC)
    again = Trust(place.settings(), fetch=nothing, now=lambda: in_july)
    with pytest.raises(SourceUnusableError) as refused:
        await again.open()
    assert "(older)" in str(refused.value)

    place.grants.write_text(version(9))
    after = Trust(place.settings(), fetch=nothing, now=lambda: in_july)
    await after.open()
    assert 9 == after.grants().version
    await after.aclose()


async def test_a_consumers_key_that_was_revoked_signs_nothing_any_more(place: Place) -> None:
    trust = place.trust()
    await trust.open()
    assert 1 == len(trust.consumers()["portal-hanoi"].keys)
    before = trust.version()

    revoked = REVOKED.replace("version = 1", "version = 2").replace(
        'token = "jti-1"', f'key = "{HANOIS_KEY.thumbprint()}"'
    )
    place.revocations.write_text(seal(revoked, BundleKind.REVOCATIONS, OPERATOR))
    await trust.look()

    assert {} == trust.consumers()["portal-hanoi"].keys
    assert "https://id.example/hanoi" == trust.consumers()["portal-hanoi"].issuer
    # Tokens that were believed by it are judged anew.
    assert before < trust.version()
    await trust.aclose()


async def test_a_stranger_who_signs_the_right_words_is_a_stranger(place: Place) -> None:
    place.grants.write_text(seal(FILE, BundleKind.GRANTS, new_signing_key()))
    with pytest.raises(SourceUnusableError) as refused:
        await place.trust().open()
    assert "(key-unknown)" in str(refused.value)
