"""Requests with a token bound by DPoP, by name: the rule that each breaks, or "accepted"."""

from collections.abc import Callable
from typing import Any

from joserfc.jwk import ECKey, OctKey

from tests.auth.mint import key, part
from tests.auth.sender import OURS, Sender, Sent, digest, public, reheaded, signed
from tests.auth.sent_bearers import Case, Make


def with_proofs(token: str, *proofs: str, scheme: str = "DPoP") -> Sent:
    """Send a token and its proofs."""
    return Sent([("authorization", f"{scheme} {token}"), *(("dpop", each) for each in proofs)])


def proven(**changed: Any) -> Make:
    """Send a bound token with a proof that says something else."""

    def make(it: Sender) -> Sent:
        token = it.bound()
        return with_proofs(token, it.proof(token, **changed))

    return make


def headed(signed_by: str = OURS["ES256"], **changed: object) -> Make:
    """Send a bound token with a proof under another header."""

    def make(it: Sender) -> Sent:
        token = it.bound()
        return with_proofs(token, it.proof(token, header=changed, signed_by=signed_by))

    return make


def by(algorithm: str) -> Make:
    """Send a token bound to, and proven with, a key of this kind."""

    def make(it: Sender) -> Sent:
        token, ours = it.bound(algorithm), OURS[algorithm]
        return with_proofs(token, it.proof(token, header={"alg": algorithm}, signed_by=ours))

    return make


def after(seconds: int) -> Make:
    """Send a proof made so many seconds from now."""
    return lambda it: proven(iat=int(it.now()) + seconds)(it)


def at(change: Callable[[str], str]) -> Make:
    """Send a proof whose `htu` is the right one, changed."""
    return lambda it: proven(htu=change(f"{it.address}/graphql"))(it)


def garbled(change: Callable[[str], str]) -> Make:
    """Send a proof that was changed after it was signed."""

    def make(it: Sender) -> Sent:
        token = it.bound()
        return with_proofs(token, change(it.proof(token)))

    return make


def with_scheme(scheme: str) -> Make:
    """Send everything right, but for the scheme."""

    def make(it: Sender) -> Sent:
        token = it.bound()
        return with_proofs(token, it.proof(token), scheme=scheme)

    return make


def for_another_token(it: Sender) -> Sent:
    return with_proofs(it.bound(), it.proof(it.bound()))


def twice(it: Sender) -> Sent:
    token = it.bound()
    return with_proofs(token, it.proof(token), it.proof(token))


def by_another_key(it: Sender) -> Sent:
    token = it.bound()
    return with_proofs(token, it.proof(token, signed_by=ECKey.generate_key("P-256")))


def with_private_key(it: Sender) -> Sent:
    token = it.bound()
    shown = key(OURS["ES256"]).as_dict(private=True)
    return with_proofs(token, it.proof(token, header={"jwk": shown}))


def by_secret(it: Sender) -> Sent:
    token, secret = it.bound(), OctKey.import_key("c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0")
    header = {"alg": "HS256", "jwk": {"kty": "oct", "k": "c2VjcmV0"}}
    return with_proofs(token, it.proof(token, header=header, signed_by=secret))


def unbound(it: Sender) -> Sent:
    token = it.token()
    return with_proofs(token, it.proof(token))


def bound_to_both(it: Sender) -> Sent:
    jkt = key(OURS["ES256"]).thumbprint()
    token = it.token(cnf={"jkt": jkt, "x5t#S256": "x" * 43})
    return with_proofs(token, it.proof(token))


def a_document(it: Sender) -> Sent:
    token, path = it.bound(), "/documents/1.004222"
    proof = it.proof(token, path=path, htm="GET")
    return with_proofs(token, proof)._replace(method="GET", path=path)


def a_document_with_the_proof_of_graphql(it: Sender) -> Sent:
    token = it.bound()
    sent = with_proofs(token, it.proof(token, htm="GET"))
    return sent._replace(method="GET", path="/documents/1.004222")


def nested(it: Sender) -> Sent:
    header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": public(key(OURS["ES256"]))}
    return with_proofs(it.bound(), signed(header, b"[" * 2000 + b"]" * 2000, OURS["ES256"]))


GOOD: dict[str, Make] = {
    "as RFC 9449 writes it": proven(),
    "by PS256": by("PS256"),
    "by Ed25519": by("Ed25519"),
    "scheme in small letters": with_scheme("dpop"),
    "type in capitals": headed(typ="DPOP+JWT"),
    "htu with a query and a fragment": at(lambda url: f"{url}?a=b#c"),
    "htu with its scheme in capitals": at(lambda url: url.replace("http", "HTTP", 1)),
    "htu with letters encoded": at(lambda url: url.replace("graphql", "%67raph%71l")),
    "htu with dots to walk": at(lambda url: url.replace("/graphql", "/x/.././graphql")),
    "made 10 s ago": after(-10),
    "made 9 s from now": after(9),
    "claims nobody knows": proven(exp=1, nbf=9e12, groups=["a"]),
    "a nonce nobody asked for": proven(nonce="x"),
    "a document": a_document,
}

NOT_A_PROOF: dict[str, Case] = {
    "none": ("dpop-required", lambda it: with_proofs(it.bound())),
    "two": ("dpop-repeated", twice),
    "empty": ("dpop-malformed", lambda it: with_proofs(it.bound(), "")),
    "no JWT": ("dpop-malformed", lambda it: with_proofs(it.bound(), "proof")),
    "two in one header": ("dpop-malformed", garbled(lambda proof: f"{proof}, {proof}")),
    "in capitals": ("dpop-malformed", garbled(str.upper)),
    "longer than 8 KiB": ("dpop-malformed", garbled(lambda proof: proof + "A" * 8192)),
    "100 kB": ("dpop-malformed", garbled(lambda proof: proof + "A" * 100_000)),
    "no typ": ("dpop-malformed", headed(typ=None)),
    "typ JWT": ("dpop-type", headed(typ="JWT")),
    "typ of a token": ("dpop-type", headed(typ="at+jwt")),
    "no alg": ("dpop-malformed", garbled(lambda proof: f"{part(b'{}')}.{proof.split('.', 1)[1]}")),
    "alg none": ("dpop-algorithm", garbled(lambda proof: reheaded(proof, alg="none"))),
    "RS256": ("dpop-algorithm", headed("rsa-portal", alg="RS256")),
    "HS256 with a secret of its own": ("dpop-algorithm", by_secret),
    "crit": ("dpop-malformed", garbled(lambda proof: reheaded(proof, crit=["x"]))),
    "payload not encoded": ("dpop-malformed", garbled(lambda proof: reheaded(proof, b64=False))),
}

NOT_BY_THE_KEY: dict[str, Case] = {
    "no jwk": ("dpop-key", headed(jwk=None)),
    "jwk a text": ("dpop-malformed", garbled(lambda proof: reheaded(proof, jwk="x"))),
    "jwk with the private key": ("dpop-key", with_private_key),
    "jwk a secret": ("dpop-key", headed(jwk={"kty": "oct", "k": "c2VjcmV0"})),
    "jwk of another algorithm": ("dpop-key", headed(jwk=public(key("rsa-portal")))),
    "jwk of another curve": ("dpop-key", headed(jwk=public(key("p384")))),
    "jwk without its numbers": ("dpop-other-key", headed(jwk={"kty": "EC", "crv": "P-256"})),
    "another key": ("dpop-other-key", by_another_key),
    "signed by another key than shown": (
        "dpop-signature",
        headed("ec-2", jwk=public(key(OURS["ES256"]))),
    ),
    "no signature": ("dpop-signature", garbled(lambda proof: proof.rsplit(".", 1)[0] + ".")),
    "claims changed afterwards": (
        "dpop-signature",
        garbled(lambda proof: ".".join((proof.split(".")[0], part(b"{}"), proof.split(".")[2]))),
    ),
}

NOT_FOR_THIS: dict[str, Case] = {
    "no jti": ("dpop-claims", proven(jti=None)),
    "jti of 257 letters": ("dpop-claims", proven(jti="x" * 257)),
    "jti empty": ("dpop-claims", proven(jti="")),
    "no htm": ("dpop-claims", proven(htm=None)),
    "no htu": ("dpop-claims", proven(htu=None)),
    "no iat": ("dpop-claims", proven(iat=None)),
    "iat a text": ("dpop-claims", proven(iat="now")),
    "no ath": ("dpop-claims", proven(ath=None)),
    "claims no object": ("dpop-claims", nested),
    "another method": ("dpop-method", proven(htm="GET")),
    "method in small letters": ("dpop-method", proven(htm="post")),
    "another path": ("dpop-url", at(lambda url: f"{url}/other")),
    "path with a slash more": ("dpop-url", at(lambda url: f"{url}/")),
    "path in capitals": ("dpop-url", at(lambda url: url.replace("graphql", "GraphQL"))),
    "another host": ("dpop-url", proven(htu="https://other.example/graphql")),
    "another scheme": ("dpop-url", at(lambda url: "ftp" + url[url.index(":") :])),
    "another port": ("dpop-url", at(lambda url: "http://127.0.0.1:1" + url[-8:])),
    "user and password": ("dpop-url", at(lambda url: url.replace("://", "://a:b@"))),
    "no absolute URL": ("dpop-url", proven(htu="/graphql")),
    "another resource": ("dpop-url", a_document_with_the_proof_of_graphql),
    "another token": ("dpop-token", for_another_token),
    "ath of nothing": ("dpop-token", proven(ath=digest(""))),
    "made an hour ago": ("dpop-time", after(-3600)),
    "made 62 s ago": ("dpop-time", after(-62)),
    "made in an hour": ("dpop-time", after(3600)),
    "made in 13 s": ("dpop-time", after(13)),
}

NOT_SO_BOUND: dict[str, Case] = {
    "a bound token as a bearer": ("token-bound-as-bearer", with_scheme("Bearer")),
    "a bound token as a bearer, no proof": (
        "token-bound-as-bearer",
        lambda it: with_proofs(it.bound(), scheme="Bearer"),
    ),
    "an unbound token by DPoP": ("token-not-bound-by-dpop", unbound),
    "bound to a certificate, sent by DPoP": (
        "token-not-bound-by-dpop",
        lambda it: with_proofs(it.token(cnf={"x5t#S256": "x" * 43})),
    ),
    "bound to both, no certificate": ("token-certificate", bound_to_both),
}

CASES: dict[str, Case] = {
    **{name: ("accepted", make) for name, make in GOOD.items()},
    **NOT_A_PROOF,
    **NOT_BY_THE_KEY,
    **NOT_FOR_THIS,
    **NOT_SO_BOUND,
}
