"""Requests with a bearer token, by name: the rule that each breaks, or "accepted"."""

from collections.abc import Callable
from typing import Any

import msgspec
from joserfc.jwk import ECKey, OctKey

from tests.auth.mint import AUDIENCE, key, part
from tests.auth.sender import Sender, Sent, public, reheaded

Make = Callable[[Sender], Sent]
Case = tuple[str, Make]


def bearer(token: str, scheme: str = "Bearer") -> Sent:
    """Send a token."""
    return Sent([("authorization", f"{scheme} {token}")])


def said(**changed: Any) -> Make:
    """Send a good token with other claims."""
    return lambda it: bearer(it.token(**changed))


def after(**seconds: float) -> Make:
    """Send a good token whose times lie so many seconds from now."""

    def make(it: Sender) -> Sent:
        times: dict[str, Any] = {name: int(it.now() + s) for name, s in seconds.items()}
        return bearer(it.token(**times))

    return make


def headed(signed_by: str = "ec-1", **changed: object) -> Make:
    """Send a good token under another header."""
    return lambda it: bearer(it.token(changed, signed_by))


def as_it_is(*headers: tuple[str, str], query: str = "") -> Make:
    """Send these headers."""
    return lambda _: Sent(headers, query=query)


def unsigned(alg: str) -> Make:
    """Leave the signature away, and say so."""

    def make(it: Sender) -> Sent:
        header = msgspec.json.encode({"alg": alg, "typ": "at+jwt"})
        return bearer(f"{part(header)}.{part(msgspec.json.encode(it.claims()))}.")

    return make


def with_public_key_as_secret(it: Sender) -> Sent:
    """Take the published key for the secret of an HMAC."""
    secret = OctKey.import_key(msgspec.json.encode(key("ec-1").as_dict(private=False)))
    return bearer(it.token({"alg": "HS256"}, secret))


def with_own_key(parameter: str) -> Make:
    """Bring the key, or its address, in the token's own header."""

    def make(it: Sender) -> Sent:
        own = ECKey.generate_key("P-256")
        inside = public(own) if parameter == "jwk" else "https://attacker.example/keys"
        return bearer(it.token({parameter: inside}, own))

    return make


def changed_afterwards(it: Sender) -> Sent:
    """Keep the signature, change what was signed."""
    head, _, signature = it.token().split(".")
    return bearer(f"{head}.{part(msgspec.json.encode(it.claims(scope='audit:read')))}.{signature}")


def in_the_url(it: Sender) -> Sent:
    """Send a good token in the header, and one more in the URL."""
    return bearer(it.token())._replace(query=f"access_token={it.token()}")


GOOD: dict[str, Make] = {
    "as RFC 9068 writes it": said(),
    "scheme in small letters": lambda it: bearer(it.token(), "bearer"),
    "scheme in capitals": lambda it: bearer(it.token(), "BEARER"),
    "PS256": headed("rsa", alg="PS256", kid="rsa"),
    "Ed25519": headed("ed", alg="Ed25519", kid="ed"),
    "the long type": headed(typ="application/at+jwt"),
    "no kid, one key of that kind": headed(kid=None),
    "a claim nobody knows": said(groups=["a"]),
    "several audiences": said(aud=["other", AUDIENCE]),
    "issuer's clock 9 s ahead": after(iat=9),
    "a bearer with a proof nobody asked for": lambda it: Sent(
        [("authorization", f"Bearer {it.token()}"), ("dpop", "x.y.z")]
    ),
}

NOT_SENT_RIGHT: dict[str, Case] = {
    "no header": ("token-required", as_it_is()),
    "Basic": ("scheme-unknown", as_it_is(("authorization", "Basic dXNlcjpwYXNz"))),
    "the token alone": ("scheme-unknown", lambda it: Sent([("authorization", it.token())])),
    "the scheme alone": ("token-malformed", as_it_is(("authorization", "Bearer"))),
    "two tokens": ("token-malformed", lambda it: bearer(f"{it.token()} {it.token()}")),
    "two headers": ("token-malformed", lambda it: Sent([*bearer(it.token()).headers] * 2)),
    "in the URL, too": ("token-in-url", in_the_url),
    "in the URL only": ("token-in-url", as_it_is(query="access_token=a.b.c")),
    "in the URL, encoded": ("token-in-url", as_it_is(query="x=y&%61ccess_token=a.b.c")),
    "longer than 8 KiB": ("token-too-large", said(x="y" * 6500)),
    "100 kB": ("token-too-large", lambda it: bearer(it.token() + "A" * 100_000)),
    "one part": ("token-malformed", lambda _: bearer("abc")),
    "encrypted, five parts": ("token-malformed", lambda _: bearer("a.b.c.d.e")),
    "padded": ("token-malformed", lambda it: bearer(it.token() + "=")),
    "header no JSON": ("token-malformed", lambda _: bearer(f"{part(b'{alg')}.e30.x")),
    "header nested 2000 deep": (
        "token-malformed",
        lambda _: bearer(f"{part(b'[' * 2000 + b']' * 2000)}.e30.x"),
    ),
}

NOT_SIGNED_RIGHT: dict[str, Case] = {
    "no typ": ("token-type", headed(typ=None)),
    "typ JWT": ("token-type", headed(typ="JWT")),
    "typ of a DPoP proof": ("token-type", headed(typ="dpop+jwt")),
    "alg none": ("token-algorithm", unsigned("none")),
    "alg NoNe": ("token-algorithm", unsigned("NoNe")),
    "HS256 with the public key": ("token-algorithm", with_public_key_as_secret),
    "RS256 with the right key": ("token-algorithm", headed("rsa", alg="RS256", kid="rsa")),
    "PS384": ("token-algorithm", headed("rsa", alg="PS384", kid="rsa")),
    "ES384": ("token-algorithm", headed("p384", alg="ES384")),
    "own key in jwk": ("token-header", with_own_key("jwk")),
    "own address in jku": ("token-header", with_own_key("jku")),
    "own address in x5u": ("token-header", with_own_key("x5u")),
    "crit": ("token-header", lambda it: bearer(reheaded(it.token(), crit=["exp"]))),
    "payload not encoded": ("token-header", lambda it: bearer(reheaded(it.token(), b64=False))),
    "kid of a key of another kind": ("token-key-unknown", headed(kid="rsa")),
    "kid that is a path": ("token-key-unknown", headed(kid="../../dev/null")),
    "kid that is a query": ("token-key-unknown", headed(kid="' OR 1=1 --")),
    "signed by a stranger": ("token-signature", headed("ec-2")),
    "other scopes": ("token-signature", changed_afterwards),
    "other header": ("token-signature", lambda it: bearer(reheaded(it.token(), x="y"))),
}

NOT_FOR_US: dict[str, Case] = {
    "unknown issuer": ("token-issuer-unknown", said(iss="https://x.example")),
    "issuer with a slash more": (
        "token-issuer-unknown",
        lambda it: bearer(it.token(iss=it.issuer + "/")),
    ),
    "no issuer": ("token-issuer-unknown", said(iss=None)),
    "no aud": ("token-claims", said(aud=None)),
    "no exp": ("token-claims", said(exp=None)),
    "no iat": ("token-claims", said(iat=None)),
    "no jti": ("token-claims", said(jti=None)),
    "no client_id": ("token-claims", said(client_id=None)),
    "exp a text": ("token-claims", said(exp="1900000000")),
    "subject with a letter": ("token-claims", said(subject="09708500010l")),
    "actor of no agency": ("token-claims", said(actor={"kind": "OFFICER", "unit": "Hà Nội"})),
    "another audience": ("token-audience", said(aud="other")),
    "an audience that begins like ours": ("token-audience", said(aud=AUDIENCE[:-1])),
    "expired an hour ago": ("token-expired", after(exp=-3600)),
    "expired this second": ("token-expired", after(exp=0)),
    "issued in a minute": ("token-not-yet-valid", after(iat=60)),
    "valid from in a minute": ("token-not-yet-valid", after(nbf=60)),
    "bound to nothing": ("token-binding-unknown", said(cnf={})),
    "bound in another way": ("token-binding-unknown", said(cnf={"kid": "ec-1"})),
    "bound to no thumbprint": ("token-claims", said(cnf={"jkt": "thumbprint"})),
    "bound to a certificate, none shown": (
        "token-certificate",
        said(cnf={"x5t#S256": "x" * 43}),
    ),
    "bound to a certificate, in a header of anybody": (
        "token-certificate",
        lambda it: Sent(
            [*bearer(it.token(cnf={"x5t#S256": "x" * 43})).headers, ("client-cert", ":AAAA:")]
        ),
    ),
}

CASES: dict[str, Case] = {
    **{name: ("accepted", make) for name, make in GOOD.items()},
    **NOT_SENT_RIGHT,
    **NOT_SIGNED_RIGHT,
    **NOT_FOR_US,
}
