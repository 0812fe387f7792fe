import base64
import json

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from auth.bundle import LONGEST, REJECTIONS, BundleKind, Rejected, is_sealed, seal, unseal
from auth.signing_key import SigningKey, new_signing_key, read_public_keys, read_signing_key
from tests.auth.agreement import FILE, REAL_NUMBER

KEY = new_signing_key()
RING = read_public_keys(KEY.published()) or {}
SEALED = seal(FILE, BundleKind.GRANTS, KEY)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def headed(**changed: object) -> str:
    """Give the sealed file under another header, with the signature it had."""
    header = {"alg": "Ed25519", "typ": "lienthong-grants", "kid": KEY.kid, **changed}
    return ".".join([part(header), *SEALED.split(".")[1:]])


def rule_of(opened: str | Rejected) -> str:
    return opened.rule if isinstance(opened, Rejected) else "opened"


def test_a_sealed_file_opens_to_the_very_text_that_was_signed() -> None:
    assert is_sealed(SEALED)
    assert not is_sealed(FILE)
    assert FILE == unseal(f"{SEALED}\n", BundleKind.GRANTS, RING)


@pytest.mark.parametrize(
    "key",
    [ECKey.generate_key("P-256"), RSAKey.generate_key(2048), OKPKey.generate_key("Ed25519")],
    ids=["ES256", "PS256", "Ed25519"],
)
def test_each_kind_of_key_signs_from_pem_and_from_a_jwk(key: ECKey | RSAKey | OKPKey) -> None:
    for written in (key.as_pem(private=True), json.dumps(key.as_dict(private=True)).encode()):
        signing = read_signing_key(written)
        assert signing is not None
        ring = read_public_keys(signing.published())
        assert ring is not None
        assert FILE == unseal(
            seal(FILE, BundleKind.REVOCATIONS, signing), BundleKind.REVOCATIONS, ring
        )


BROKEN = {
    "toml": (FILE, "not-signed"),
    "nothing": ("", "not-signed"),
    "two parts": (SEALED.rpartition(".")[0], "not-signed"),
    "a header of another form": (
        ".".join([part([1]), *SEALED.split(".")[1:]]),
        "not-signed",
    ),
    "no signature": (SEALED.rpartition(".")[0] + ".", "signature"),
    "another payload": (
        ".".join([SEALED.split(".")[0], part({"version": 8}), SEALED.split(".")[2]]),
        "signature",
    ),
    "another kind": (seal(FILE, BundleKind.REVOCATIONS, KEY), "wrong-kind"),
    "no kind": (headed(typ=None), "wrong-kind"),
    "none": (headed(alg="none"), "algorithm"),
    "a shared secret": (headed(alg="HS256"), "algorithm"),
    "RS256": (headed(alg="RS256"), "algorithm"),
    "a key it brings along": (headed(jwk={"kty": "OKP"}), "header"),
    "a key from elsewhere": (headed(jku="https://example.org/jwks"), "header"),
    "critical": (headed(crit=["exp"]), "header"),
    "another's key": (seal(FILE, BundleKind.GRANTS, new_signing_key()), "key-unknown"),
    "no key id": (headed(kid=None), "key-unknown"),
    "the key's name with another key": (
        seal(
            FILE,
            BundleKind.GRANTS,
            SigningKey(kid=KEY.kid, algorithm="Ed25519", key=new_signing_key().key),
        ),
        "signature",
    ),
    "too large": ("a" * (LONGEST + 1), "too-large"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_whatever_is_not_signed_by_the_operator_is_refused_by_rule(case: str) -> None:
    sealed, rule = BROKEN[case]
    opened = unseal(sealed, BundleKind.GRANTS, RING)

    assert rule == rule_of(opened)
    assert isinstance(opened, Rejected)
    assert opened.sentence == f"{REJECTIONS[rule]} ({rule})"
    assert REAL_NUMBER not in opened.sentence


def test_what_is_no_private_key_signs_nothing() -> None:
    ec = ECKey.generate_key("P-256")
    p384 = ECKey.generate_key("P-384")
    for content in (
        b"",
        b"{",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ec.as_pem(private=False),
        json.dumps(ec.as_dict(private=False)).encode(),
        p384.as_pem(private=True),
        json.dumps(OctKey.generate_key(256).as_dict()).encode(),
    ):
        assert read_signing_key(content) is None


def test_a_signing_key_prints_without_its_numbers() -> None:
    assert f"SigningKey(kid='{KEY.kid}', algorithm='Ed25519')" == repr(KEY)
    assert b'"d"' not in KEY.published()


def test_a_key_set_without_a_usable_key_is_none() -> None:
    for content in (b"", b"[]", b'{"keys": []}', b'{"keys": [{"kty": "oct", "k": "AAAA"}]}'):
        assert read_public_keys(content) is None
