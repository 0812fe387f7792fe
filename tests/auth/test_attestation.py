import re
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import serialize_compact

from auth.attestation import digest, verify_attestation
from auth.consumer import Consumer
from auth.refusal import Refused
from tests.auth.mint import AUDIENCE, CITIZEN, EVERY_ALGORITHM, NOW, AnyKey, key, part

PAGE = Path(__file__).parents[2] / "docs" / "attestation.md"
CODE, DRAFT = "H26.12-261101-0001", "draft-0000000000007"
OTHER = "097085000102"
SALT = b"s" * 16
MOMENT = datetime.fromtimestamp(NOW, UTC)
OPENED = date(2027, 1, 10)


def own(name: str) -> ECKey | RSAKey | OKPKey:
    made = key(name)
    assert isinstance(made, ECKey | RSAKey | OKPKey)
    return made


HANOI = Consumer(
    consumer_id="portal-hanoi",
    keys={
        ("ec-portal", "ES256"): own("ec-portal"),
        ("rsa", "PS256"): own("rsa"),
        ("ed", "Ed25519"): own("ed"),
    },
)


def word(
    claims: Mapping[str, object] | bytes | None = None,
    header: Mapping[str, object] | None = None,
    signed_by: AnyKey | None = None,
) -> str:
    """Sign a good attestation, changed in places; None takes a member away."""
    good: dict[str, object] = {
        "iss": "portal-hanoi",
        "aud": AUDIENCE,
        "ref": CODE,
        "procedure": "1.004222",
        "salt": part(SALT),
        "subjects": {"applicant": [digest(SALT, "applicant", CITIZEN)], "owner": []},
        "opened": OPENED.isoformat(),
        "iat": int(NOW) - 60,
        "exp": int(NOW) + 3600,
    }
    if isinstance(claims, bytes):
        payload = claims
    else:
        said = {k: v for k, v in {**good, **(claims or {})}.items() if v is not None}
        payload = msgspec.json.encode(said)
    head = {"alg": "ES256", "typ": "lienthong-dossier+jwt", "kid": "ec-portal", **(header or {})}
    written = {name: value for name, value in head.items() if value is not None}
    signer = signed_by or key("ec-portal")
    return serialize_compact(written, payload, signer, registry=EVERY_ALGORITHM)


def judged(text: str | None, **changed: Any) -> Refused | None:
    request: dict[str, Any] = {
        "consumer": HANOI,
        "audience": AUDIENCE,
        "code": CODE,
        "draft": None,
        "procedure": "1.004222",
        "opened_on": None,
        "parties": {"applicant": [CITIZEN]},
        "now": MOMENT,
    }
    return verify_attestation(text, **{**request, **changed})


def rule_of(refused: Refused | None) -> str:
    return refused.rule if refused else "attested"


GOOD: dict[str, tuple[str, dict[str, Any]]] = {
    "as it should be": (word(), {}),
    "with PS256": (word(header={"alg": "PS256", "kid": "rsa"}, signed_by=key("rsa")), {}),
    "with Ed25519": (word(header={"alg": "Ed25519", "kid": "ed"}, signed_by=key("ed")), {}),
    "of a draft": (word({"ref": DRAFT}), {"code": None, "draft": DRAFT}),
    "of the code, with the draft beside it": (word(), {"draft": DRAFT}),
    "with the opening day": (word(), {"opened_on": OPENED}),
    "with nobody asked about": (word(), {"parties": {}}),
    "by a clock ten seconds ahead": (word({"iat": int(NOW) + 10}), {}),
    "for 24 hours": (word({"iat": int(NOW), "exp": int(NOW) + 86_400}), {}),
    "opened today, which began earlier in Vietnam": (word({"opened": "2027-01-15"}), {}),
}

BAD: dict[str, tuple[str, str | None, dict[str, Any]]] = {
    "nothing": ("attestation-missing", None, {}),
    "an empty text": ("attestation-missing", "", {}),
    "no JWS": ("attestation-malformed", "attested", {}),
    "two parts": ("attestation-malformed", word().rpartition(".")[0], {}),
    "signs that are no base64url": ("attestation-malformed", word() + "\u00e9", {}),
    "too long": ("attestation-malformed", word({"ref": "x" * 8192}), {}),
    "an access token": ("attestation-malformed", word(header={"typ": "at+jwt"}), {}),
    "no type": ("attestation-malformed", word(header={"typ": None}), {}),
    "a key of its own": ("attestation-malformed", word(header={"jwk": {}}), {}),
    "a critical extension": ("attestation-malformed", word(header={"jku": "https://x"}), {}),
    "an unknown key": ("attestation-key-unknown", word(header={"kid": "ec-2"}), {}),
    "no key id": ("attestation-key-unknown", word(header={"kid": None}), {}),
    "another algorithm": (
        "attestation-key-unknown",
        word(header={"alg": "RS256", "kid": "rsa"}, signed_by=key("rsa")),
        {},
    ),
    "no consumer": ("attestation-key-unknown", word(), {"consumer": None}),
    "a consumer without keys": (
        "attestation-key-unknown",
        word(),
        {"consumer": Consumer(consumer_id="portal-hanoi")},
    ),
    "another's signature": ("attestation-signature", word(signed_by=key("ec-thief")), {}),
    "a changed payload": (
        "attestation-signature",
        ".".join((word().split(".")[0], part(b"{}"), word().split(".")[2])),
        {},
    ),
    "no JSON": ("attestation-claims", word(b"no JSON"), {}),
    "a list": ("attestation-claims", word(b"[]"), {}),
    "a deep payload": ("attestation-claims", word(b"[" * 3000), {}),
    "another issuer": ("attestation-claims", word({"iss": "portal-lamdong"}), {}),
    "another audience": ("attestation-claims", word({"aud": "elsewhere"}), {}),
    "a claim we do not know": ("attestation-claims", word({"scope": "all"}), {}),
    "a short salt": ("attestation-claims", word({"salt": part(b"s" * 15)}), {}),
    "a salt that is no base64url": ("attestation-claims", word({"salt": "s" * 25}), {}),
    "a digest that is none": ("attestation-claims", word({"subjects": {"applicant": [""]}}), {}),
    "an opening day that is none": ("attestation-claims", word({"opened": "today"}), {}),
    "expired": ("attestation-expired", word({"exp": int(NOW)}), {}),
    "of tomorrow": ("attestation-untimely", word({"iat": int(NOW) + 11}), {}),
    "for more than a day": ("attestation-untimely", word({"exp": int(NOW) + 86_341}), {}),
    "of another dossier": ("attestation-of-another-dossier", word({"ref": "H26-2"}), {}),
    "of another procedure": (
        "attestation-of-another-dossier",
        word({"procedure": "2.000488"}),
        {},
    ),
    "of the draft, though there is a code": (
        "attestation-of-another-dossier",
        word({"ref": DRAFT}),
        {"draft": DRAFT},
    ),
    "with no reference in the request": ("attestation-of-another-dossier", word(), {"code": None}),
    "opened on another day": (
        "attestation-opened-otherwise",
        word(),
        {"opened_on": OPENED - timedelta(days=1)},
    ),
    "opened in the future": ("attestation-opened-otherwise", word({"opened": "2027-01-16"}), {}),
    "about somebody else": (
        "subject-not-attested",
        word(),
        {"parties": {"applicant": [CITIZEN, OTHER]}},
    ),
    "about the same person in another role": (
        "subject-not-attested",
        word(),
        {"parties": {"owner": [CITIZEN]}},
    ),
    "about a role it does not have": (
        "subject-not-attested",
        word(),
        {"parties": {"child": [CITIZEN]}},
    ),
}
for claim in ("iss", "aud", "ref", "procedure", "salt", "subjects", "opened", "iat", "exp"):
    BAD[f"without {claim}"] = ("attestation-claims", word({claim: None}), {})


@pytest.mark.parametrize("case", GOOD)
def test_a_good_attestation_is_believed(case: str) -> None:
    text, changed = GOOD[case]
    assert judged(text, **changed) is None


@pytest.mark.parametrize("case", BAD)
def test_a_bad_attestation_says_what_is_wrong(case: str) -> None:
    rule, text, changed = BAD[case]
    assert rule == rule_of(judged(text, **changed))


def test_whatever_is_refused_names_a_role_at_most() -> None:
    said = [judged(text, **changed) for _, text, changed in BAD.values()]
    codes = {refused.code for refused in said if refused}
    assert {"ATTESTATION_REQUIRED", "NOT_A_PARTY"} == codes
    facts = {fact for refused in said if refused for fact in refused.facts.values()}
    assert {"applicant", "owner", "child"} == facts


def test_an_attestation_tells_no_number() -> None:
    assert CITIZEN not in word()
    assert digest(SALT, "applicant", CITIZEN) != digest(SALT, "owner", CITIZEN)
    assert digest(SALT, "applicant", CITIZEN) != digest(b"t" * 16, "applicant", CITIZEN)


def test_the_example_of_the_page_is_believed() -> None:
    page = PAGE.read_text("utf-8")
    [example] = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    there: dict[str, Any] = {}
    exec(compile(example, PAGE.name, "exec"), there)  # noqa: S102 - the page promises that it runs
    parties = {"applicant": [CITIZEN], "owner": [OTHER]}
    text = there["attest"](
        key("ec-portal"), "portal-hanoi", AUDIENCE, CODE, "1.004222", "2026-11-01", parties
    )
    now = datetime.fromtimestamp(time.time(), UTC)

    assert judged(text, parties=parties, now=now) is None
    assert "subject-not-attested" == rule_of(judged(text, parties={"x": [CITIZEN]}, now=now))
