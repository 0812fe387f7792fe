"""The good and the bad tokens, by name: one table, so that a missing case is seen.

Each is made when it is asked for, with real keys; a bad one stands beside the rule it breaks.
"""

from collections.abc import Callable

import msgspec
from joserfc.jwk import ECKey, OctKey

from tests.auth.mint import (
    AUDIENCE,
    CITIZEN,
    HANOI,
    LAMDONG,
    NOW,
    AnyKey,
    claims,
    forged,
    key,
    part,
    token,
)

Make = Callable[[], str | None]
T = int(NOW)
HEADER = b'{"alg":"ES256","typ":"at+jwt","kid":"ec-1"}'
SCOPES_OF_AN_AUDITOR = "audit:read"


def sent(authorization: str | None) -> Make:
    """Send exactly this."""
    return lambda: authorization


def said(**changed: object) -> Make:
    """Send a good token with other claims."""
    return lambda: f"Bearer {token(claims(**changed))}"


def headed(signed_by: str = "ec-1", **changed: object) -> Make:
    """Send a good token under another header."""
    return lambda: f"Bearer {token(header=changed, signed_by=key(signed_by))}"


def put_together(header: bytes, payload: bytes = b"{}") -> Make:
    """Send what no library would sign."""
    return lambda: f"Bearer {forged(header, payload)}"


def around(before: str, after: str = "") -> Make:
    """Send a good token with something around it."""
    return lambda: f"{before}{token()}{after}"


def with_public_key_as_secret() -> str:
    """Take the published key as the secret of an HMAC: the oldest confusion."""
    published = msgspec.json.encode(key("ec-1").as_dict(private=False))
    return f"Bearer {token(header={'alg': 'HS256'}, signed_by=OctKey.import_key(published))}"


def with_own_key(parameter: str) -> Make:
    """Bring the key, or the address of it, in the token's own header."""

    def make() -> str:
        own: AnyKey = ECKey.generate_key("P-256")
        inside: object = own.as_dict(private=False)
        if parameter != "jwk":
            inside = "https://attacker.example/keys"
        return f"Bearer {token(header={parameter: inside}, signed_by=own)}"

    return make


def unsigned(alg: str) -> Make:
    """Leave the signature away and say so."""
    header = msgspec.json.encode({"alg": alg, "typ": "at+jwt"})
    return sent(f"Bearer {part(header)}.{part(msgspec.json.encode(claims()))}.")


def changed_afterwards(**changed: object) -> Make:
    """Keep the signature, change what was signed."""

    def make() -> str:
        head, _, signature = token().split(".")
        return f"Bearer {head}.{part(msgspec.json.encode(claims(**changed)))}.{signature}"

    return make


def nested(depth: int) -> bytes:
    return b'{"iss":' + b"[" * depth + b"]" * depth + b"}"


def by_lamdong() -> str:
    content = claims(iss=LAMDONG.issuer)
    return f"Bearer {token(content, {'kid': 'ec-lamdong'}, key('ec-lamdong'))}"


GOOD: dict[str, Make] = {
    "as RFC 9068 writes it": around("Bearer "),
    "scheme in small letters": around("bearer "),
    "scheme in capitals": around("BEARER "),
    "more than one space": around("  Bearer   ", "  "),
    "PS256": headed("rsa", alg="PS256", kid="rsa"),
    "Ed25519": headed("ed", alg="Ed25519", kid="ed"),
    "the other issuer": by_lamdong,
    "the long type": headed(typ="application/at+jwt"),
    "the type in capitals": headed(typ="AT+JWT"),
    "no kid, one key of that kind": headed(kid=None),
    "a header parameter nobody knows": headed(note="x"),
    "a claim nobody knows": said(groups=["a", {"b": 1}]),
    "several audiences": said(aud=["other", AUDIENCE]),
    "issuer's clock 5 s ahead": said(iat=T + 5),
    "issuer's clock 10 s ahead": said(iat=T + 10),
    "valid from in 5 s": said(nbf=T + 5),
    "issued an hour ago": said(iat=T - 3600),
    "one second left": said(exp=T + 1),
    "a fraction of a second left": said(exp=NOW + 0.25),
    "no scope at all": said(scope=None),
    "an actor without a number": said(actor={"kind": "SYSTEM"}),
}

NOT_A_BEARER: dict[str, tuple[str, Make]] = {
    "no header": ("token-required", sent(None)),
    "empty header": ("token-required", sent("")),
    "blanks": ("token-required", sent("   ")),
    "Basic": ("scheme-unknown", sent("Basic dXNlcjpwYXNz")),
    "DPoP without a proof, unbound": ("token-not-bound-by-dpop", around("DPoP ")),
    "the token alone": ("scheme-unknown", around("")),
    "the scheme alone": ("token-malformed", sent("Bearer")),
    "two tokens": ("token-malformed", around("Bearer abc ")),
    "two tokens and a comma": ("token-malformed", around("Bearer ", ",a.b.c")),
    "letters beyond ASCII": ("token-malformed", sent("Bearer é.é.é")),
    "a newline": ("token-malformed", around("Bearer ", "\n")),
    "longer than 8 KiB": ("token-too-large", said(x="y" * 6500)),
}

NOT_SIGNED: dict[str, tuple[str, Make]] = {
    "one part": ("token-malformed", sent("Bearer abc")),
    "two parts": ("token-malformed", sent("Bearer abc.def")),
    "encrypted, five parts": ("token-malformed", sent("Bearer a.b.c.d.e")),
    "padded": ("token-malformed", around("Bearer ", "=")),
    "header of an impossible length": ("token-malformed", sent("Bearer abcde.e30.x")),
    "header no JSON": ("token-malformed", put_together(b"{alg")),
    "header a list": ("token-malformed", put_together(b"[1]")),
    "header no UTF-8": ("token-malformed", put_together(b'{"alg":"\xff"}')),
    "header without alg": ("token-malformed", put_together(b"{}")),
    "header with a list of algs": ("token-malformed", put_together(b'{"alg":["ES256"]}')),
    "header nested 2000 deep": ("token-malformed", put_together(nested(2000))),
    "no typ": ("token-type", headed(typ=None)),
    "typ JWT": ("token-type", headed(typ="JWT")),
    "typ of an ID token": ("token-type", headed(typ="id_token")),
    "typ of a DPoP proof": ("token-type", headed(typ="dpop+jwt")),
    "alg none": ("token-algorithm", unsigned("none")),
    "alg None": ("token-algorithm", unsigned("None")),
    "alg empty": ("token-algorithm", unsigned("")),
    "alg in small letters": ("token-algorithm", unsigned("es256")),
    "HS256 with the public key": ("token-algorithm", with_public_key_as_secret),
    "RS256 with the right key": ("token-algorithm", headed("rsa", alg="RS256", kid="rsa")),
    "PS384": ("token-algorithm", headed("rsa", alg="PS384", kid="rsa")),
    "ES384": ("token-algorithm", headed("p384", alg="ES384")),
    "EdDSA, the old name": ("token-algorithm", unsigned("EdDSA")),
    "own key in jwk": ("token-header", with_own_key("jwk")),
    "own address in jku": ("token-header", with_own_key("jku")),
    "own address in x5u": ("token-header", with_own_key("x5u")),
    "crit": ("token-header", put_together(HEADER[:-1] + b',"crit":["exp"]}')),
    "payload not encoded": ("token-header", put_together(HEADER[:-1] + b',"b64":false}')),
}

NOT_BY_AN_ISSUER: dict[str, tuple[str, Make]] = {
    "unknown issuer": ("token-issuer-unknown", said(iss="https://x.example")),
    "issuer with a slash more": ("token-issuer-unknown", said(iss=HANOI.issuer + "/")),
    "issuer in capitals": ("token-issuer-unknown", said(iss=HANOI.issuer.upper())),
    "no issuer": ("token-issuer-unknown", said(iss=None)),
    "two issuers": ("token-issuer-unknown", said(iss=[HANOI.issuer, LAMDONG.issuer])),
    "payload no JSON": ("token-issuer-unknown", put_together(HEADER, b"iss")),
    "payload nested 2000 deep": ("token-issuer-unknown", put_together(HEADER, nested(2000))),
    "unknown kid": ("token-key-unknown", headed(kid="ec-9")),
    "kid of a key of another kind": ("token-key-unknown", headed(kid="rsa")),
    "kid that is a path": ("token-key-unknown", headed(kid="../../dev/null")),
    "key of the other issuer": ("token-key-unknown", headed("ec-lamdong", kid="ec-lamdong")),
    "signed by a stranger": ("token-signature", headed("ec-2")),
    "signed by the other issuer": ("token-signature", headed("ec-lamdong")),
    "no signature": (
        "token-signature",
        sent(f"Bearer {part(HEADER)}.{part(msgspec.json.encode(claims()))}."),
    ),
    "a signature of nothing": (
        "token-signature",
        put_together(HEADER, msgspec.json.encode(claims())),
    ),
    "other scopes": ("token-signature", changed_afterwards(scope=SCOPES_OF_AN_AUDITOR)),
    "a later expiry": ("token-signature", changed_afterwards(exp=T + 9000)),
    "a header of 600 bytes": (
        "token-signature",
        put_together(HEADER[:-1] + b',"x":"' + b"y" * 600 + b'"}', msgspec.json.encode(claims())),
    ),
}

NOT_OF_THE_FORM: dict[str, tuple[str, Make]] = {
    "no aud": ("token-claims", said(aud=None)),
    "no exp": ("token-claims", said(exp=None)),
    "no iat": ("token-claims", said(iat=None)),
    "no jti": ("token-claims", said(jti=None)),
    "no client_id": ("token-claims", said(client_id=None)),
    "no sub": ("token-claims", said(sub=None)),
    "exp a text": ("token-claims", said(exp="1900000000")),
    "exp true": ("token-claims", said(exp=True)),
    "exp after the year 9999": ("token-claims", said(exp=1e15)),
    "exp negative": ("token-claims", said(exp=-1)),
    "aud an object": ("token-claims", said(aud={"x": AUDIENCE})),
    "scope a list": ("token-claims", said(scope=["prefill"])),
    "client_id with a newline": ("token-claims", said(client_id="portal\n")),
    "client_id empty": ("token-claims", said(client_id="")),
    "jti with a blank": ("token-claims", said(jti="a b")),
    "actor of no kind": ("token-claims", said(actor={"unit": "H26"})),
    "actor of an unknown kind": ("token-claims", said(actor={"kind": "KING"})),
    "actor with eleven digits": (
        "token-claims",
        said(actor={"kind": "OFFICER", "personal_id": "09718800017"}),
    ),
    "actor of no agency": ("token-claims", said(actor={"kind": "OFFICER", "unit": "Hà Nội"})),
    "subject with a letter": ("token-claims", said(subject="09708500010l")),
    "subject in Arabic digits": ("token-claims", said(subject="٠٩٧٠٨٥٠٠٠١٠١")),
    "subject with a newline": ("token-claims", said(subject=CITIZEN + "\n")),
    "birth date in our order": ("token-claims", said(birthdate="12/03/1985")),
}

NOT_FOR_US_OR_NOW: dict[str, tuple[str, Make]] = {
    "another audience": ("token-audience", said(aud="other")),
    "our audience with a tail": ("token-audience", said(aud=AUDIENCE + "2")),
    "an audience that begins like ours": ("token-audience", said(aud=AUDIENCE[:-1])),
    "no audience in the list": ("token-audience", said(aud=[])),
    "expired an hour ago": ("token-expired", said(exp=T - 3600)),
    "expired this second": ("token-expired", said(exp=T)),
    "issued in a minute": ("token-not-yet-valid", said(iat=T + 60)),
    "issued in 11 s": ("token-not-yet-valid", said(iat=T + 11)),
    "valid from in a minute": ("token-not-yet-valid", said(nbf=T + 60)),
    "bound by DPoP": ("token-bound-as-bearer", said(cnf={"jkt": "x" * 43})),
    "bound by mutual TLS": ("token-certificate", said(cnf={"x5t#S256": "x" * 43})),
    "bound to nothing": ("token-binding-unknown", said(cnf={})),
    "bound in another way": ("token-binding-unknown", said(cnf={"kid": "ec-1"})),
    "bound to null": ("token-claims", lambda: f"Bearer {token({**claims(), 'cnf': None})}"),
    "bound to a list": ("token-claims", said(cnf=["jkt"])),
    "bound to no thumbprint": ("token-claims", said(cnf={"jkt": "thumbprint"})),
    "bound to a number": ("token-claims", said(cnf={"x5t#S256": 7})),
}

BAD: dict[str, tuple[str, Make]] = {
    **NOT_A_BEARER,
    **NOT_SIGNED,
    **NOT_BY_AN_ISSUER,
    **NOT_OF_THE_FORM,
    **NOT_FOR_US_OR_NOW,
}
