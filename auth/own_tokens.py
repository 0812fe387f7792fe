"""A consumer as its own issuer: no authorization server, only a key in the signed grants.

Its tokens are short and always bound to a key, in the sandbox too: one that leaks is worth nothing
without that key, and nothing at all after five minutes.
"""

from collections.abc import Mapping

from auth.claims import Claims, Header
from auth.consumer import Consumer
from auth.keys import Key, pick
from auth.refusal import Refused, refuse

OWN_SCOPES = frozenset({"prefill", "verify", "records"})
"""Of others (the schema, the access log, the metrics) a consumer's own word opens none."""

LONGEST_LIFE_S = 300.0
"""Seconds from `iat` to `exp`."""


def own_issuer(consumers: Mapping[str, Consumer], issuer: str) -> Consumer | None:
    """Find the consumer that signs its own tokens as *issuer*; two of one name are nobody."""
    named = [each for each in consumers.values() if each.signs_its_own and each.issuer == issuer]
    return named[0] if len(named) == 1 else None


def own_key(consumer: Consumer, header: Header) -> Key | Refused:
    """Find the key of the grants by which the token wants to be judged."""
    return pick(consumer.keys, header.kid, header.alg) or refuse("token-key-unknown")


def not_its_own(consumer: Consumer, claims: Claims) -> Refused | None:
    """Refuse a token that speaks for somebody else, or lives longer than such a one may."""
    if claims.client_id != consumer.consumer_id:
        return refuse("token-issuer-not-the-consumers")
    if claims.exp - claims.iat > LONGEST_LIFE_S:
        return refuse("token-lives-too-long", limit=str(int(LONGEST_LIFE_S)))
    return None
