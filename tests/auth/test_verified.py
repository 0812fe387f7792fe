from datetime import UTC, datetime

from auth.caller import Caller
from auth.verified import Verified, VerifiedTokens
from tests.auth.mint import HANOI, NOW


def verified(expires_in: float = 300) -> Verified:
    caller = Caller(
        consumer_id="portal-hanoi",
        scopes=frozenset(),
        token_id="token-1",
        issuer=HANOI.issuer,
        expires_at=datetime.fromtimestamp(NOW + expires_in, UTC),
    )
    return Verified(
        caller=caller, bound=None, key_version=1, trust_version=1, expires=NOW + expires_in
    )


def test_it_holds_no_more_than_it_may_and_drops_the_one_not_used_for_longest() -> None:
    tokens = VerifiedTokens(capacity=2)
    for digest in (b"a", b"b"):
        tokens.put(digest, verified(), NOW)
    tokens.get(b"a", NOW)

    tokens.put(b"c", verified(), NOW)

    assert 2 == len(tokens)
    assert [True, False, True] == [tokens.get(each, NOW) is not None for each in (b"a", b"b", b"c")]


def test_ten_thousand_is_the_most_it_holds() -> None:
    tokens = VerifiedTokens()
    for number in range(10_010):
        tokens.put(number.to_bytes(4, "big"), verified(), NOW)

    assert 10_000 == len(tokens)


def test_a_token_leaves_after_a_minute_or_at_its_expiry() -> None:
    tokens = VerifiedTokens()
    tokens.put(b"long", verified(), NOW)
    tokens.put(b"short", verified(expires_in=5), NOW)

    found = [
        [tokens.get(digest, NOW + later) is not None for later in (4.9, 5, 59.9, 60)]
        for digest in (b"long", b"short")
    ]

    assert [[True, True, True, False], [True, False, False, False]] == found
    assert 0 == len(tokens)
