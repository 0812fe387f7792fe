from auth.challenge import challenge
from auth.refusal import refuse

METADATA = "https://gateway.example/.well-known/oauth-protected-resource"


def test_who_sent_nothing_hears_no_error_code() -> None:
    assert challenge(refuse("token-required")) == "Bearer"
    assert challenge(refuse("scheme-not-bearer")) == "Bearer"
    assert (
        challenge(refuse("token-required"), resource_metadata=METADATA)
        == f'Bearer resource_metadata="{METADATA}"'
    )


def test_a_bad_token_hears_the_rule_it_breaks() -> None:
    expected = (
        'Bearer error="invalid_token", error_description="token-expired", '
        f'resource_metadata="{METADATA}"'
    )

    assert expected == challenge(refuse("token-expired"), resource_metadata=METADATA)


def test_a_missing_scope_is_named() -> None:
    expected = 'Bearer error="insufficient_scope", scope="verify"'

    assert expected == challenge(refuse("scope-missing", scope="verify"))


def test_where_another_token_would_not_help_there_is_no_challenge() -> None:
    assert challenge(refuse("issuer-unavailable")) is None
    assert challenge(refuse("consent-required")) is None
    assert challenge(refuse("agency-not-yours", agency="H26")) is None
