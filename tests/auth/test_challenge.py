from auth.challenge import challenges
from auth.refusal import refuse

METADATA = "https://gateway.example/.well-known/oauth-protected-resource"
ALGORITHMS = 'algs="ES256 PS256 Ed25519"'


def test_who_sent_nothing_hears_no_error_code() -> None:
    expected = [
        f'Bearer resource_metadata="{METADATA}"',
        f'DPoP {ALGORITHMS}, resource_metadata="{METADATA}"',
    ]

    assert ["Bearer", f"DPoP {ALGORITHMS}"] == challenges(refuse("token-required"))
    assert expected == challenges(refuse("token-required"), resource_metadata=METADATA)
    assert expected == challenges(refuse("scheme-unknown"), resource_metadata=METADATA)


def test_a_bad_token_hears_the_rule_it_breaks() -> None:
    said = 'error="invalid_token", error_description="token-expired"'
    expected = [
        f'Bearer {said}, resource_metadata="{METADATA}"',
        f'DPoP {said}, {ALGORITHMS}, resource_metadata="{METADATA}"',
    ]

    assert expected == challenges(refuse("token-expired"), resource_metadata=METADATA)


def test_a_missing_scope_is_named() -> None:
    said = 'error="insufficient_scope", scope="verify"'

    assert [f"Bearer {said}", f"DPoP {said}, {ALGORITHMS}"] == challenges(
        refuse("scope-missing", scope="verify")
    )


def test_a_bad_proof_is_a_matter_of_dpop_alone() -> None:
    said = 'error="invalid_dpop_proof", error_description="dpop-time"'

    assert [f"DPoP {said}, {ALGORITHMS}"] == challenges(refuse("dpop-time"))


def test_a_proof_without_our_nonce_is_asked_to_name_it() -> None:
    said = 'error="use_dpop_nonce", error_description="dpop-nonce"'

    assert [f"DPoP {said}, {ALGORITHMS}"] == challenges(refuse("dpop-nonce"))


def test_where_another_token_would_not_help_there_is_no_challenge() -> None:
    assert [] == challenges(refuse("issuer-unavailable"))
    assert [] == challenges(refuse("consent-required"))
    assert [] == challenges(refuse("agency-not-yours", agency="H26"))
