from datetime import UTC, date, datetime

import pytest

from auth.grant import Grant
from auth.grants import SANDBOX_GRANTS, GrantsInvalid, load_grants
from auth.profile import Profile
from auth.refusal import Refused
from tests.auth.agreement import FILE, REAL_NUMBER


def at(year: int, month: int, day: int, hour: int = 5) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def test_a_file_says_what_was_agreed() -> None:
    grants = load_grants(FILE)

    first, second = grants.grants
    assert (7, date(2026, 1, 1), date(2027, 12, 31)) == (
        grants.version,
        grants.issued,
        grants.expires,
    )
    expected = Grant(
        grant_id="hanoi-residence",
        consumer_id="portal-hanoi",
        agencies=("H26",),
        procedures=frozenset({"1.004222", "1.004194"}),
        scopes=frozenset({"prefill", "verify"}),
        accountable={"H26": REAL_NUMBER},
        officers_by="request",
        ungranted="restricted",
        attestation="ASSERTED",
        legal_basis="Nghị định 194/2025/NĐ-CP, Điều 16",
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 12, 31),
        assertion_ground="Cổng chưa có khóa ký; Phụ lục 2 của thỏa thuận",
    )
    assert expected == first
    assert (("H26.12",), None, {}) == (second.agencies, second.scopes, second.accountable)


def test_what_is_not_said_is_the_stricter_of_two() -> None:
    silent = load_grants(FILE).grants[1]

    assert ("token", "refuse", "ATTESTED") == (
        silent.officers_by,
        silent.ungranted,
        silent.attestation,
    )
    assert (None, 60, 600, 600) == (
        silent.parts,
        silent.subjects_per_minute,
        silent.subjects_per_hour,
        silent.requests_per_minute,
    )


def test_a_file_lists_consumers_and_registry_owners_with_their_keys() -> None:
    grants = load_grants(FILE)

    consumer = grants.consumers["portal-hanoi"]
    assert ["portal-hanoi"] == list(grants.consumers)
    assert [("hanoi-1", "ES256")] == list(consumer.keys)
    assert ("https://id.example/hanoi", False) == (consumer.issuer, consumer.signs_its_own)
    assert [("land", ["Ed25519"])] == [
        (registry, [algorithm for _, algorithm in ring]) for registry, ring in grants.owners.items()
    ]


def test_a_consumer_signs_its_tokens_itself_only_where_the_file_says_so() -> None:
    grants = load_grants(FILE.replace("keys = [\n", 'keys_sign = "tokens"\nkeys = [\n'))

    assert grants.consumers["portal-hanoi"].signs_its_own


def test_grants_of_the_same_procedure_may_follow_each_other() -> None:
    renewed = FILE.replace('["1.001193"]', '["1.004222"]').replace(
        "valid_from = 2026-01-01\nvalid_until = 2026-12-31\n\n[grant.acc",
        "valid_from = 2026-01-01\nvalid_until = 2026-06-30\n\n[grant.acc",
    )
    renewed = renewed.replace(
        "valid_from = 2026-01-01\nvalid_until = 2026-12-31\n",
        "valid_from = 2026-07-01\nvalid_until = 2026-12-31\n",
    )
    grants = load_grants(renewed)

    found = [grants.find("portal-hanoi", "1.004222", at(2026, month, 1)) for month in (6, 8)]

    assert ["hanoi-residence", "hanoi-births"] == [
        grant.grant_id for grant in found if isinstance(grant, Grant)
    ]


FINDINGS: list[tuple[str, str, datetime, str]] = [
    ("portal-hanoi", "1.004222", at(2026, 6, 1), "hanoi-residence"),
    ("portal-hanoi", "1.001193", at(2026, 6, 1), "hanoi-births"),
    # Days begin at midnight in Vietnam, seven hours before they do in Greenwich.
    ("portal-hanoi", "1.004222", at(2025, 12, 31, 16), "grant-not-in-force"),
    ("portal-hanoi", "1.004222", at(2025, 12, 31, 17), "hanoi-residence"),
    ("portal-hanoi", "1.004222", at(2026, 12, 31, 16), "hanoi-residence"),
    ("portal-hanoi", "1.004222", at(2026, 12, 31, 17), "grant-not-in-force"),
    ("portal-hanoi", "1.001612", at(2026, 6, 1), "procedure-not-granted"),
    ("portal-lamdong", "1.004222", at(2026, 6, 1), "consumer-without-grant"),
    ("Portal-Hanoi", "1.004222", at(2026, 6, 1), "consumer-without-grant"),
    ("portal-hanoi", "1.004222", at(2028, 1, 1), "grants-expired"),
]


def test_a_version_of_the_file_serves_to_the_end_of_its_last_day() -> None:
    grants = load_grants(FILE.replace("expires = 2027-12-31", "expires = 2026-06-30"))
    moments = (at(2026, 6, 30, 16), at(2026, 6, 30, 17))

    found = [grants.find("portal-hanoi", "1.004222", now) for now in moments]

    assert [False, True] == [isinstance(each, Refused) for each in found]


@pytest.mark.parametrize(("consumer", "procedure", "now", "expected"), FINDINGS)
def test_one_grant_answers_or_the_reason_why_none_does(
    consumer: str, procedure: str, now: datetime, expected: str
) -> None:
    found = load_grants(FILE).find(consumer, procedure, now)

    assert expected == (found.rule if isinstance(found, Refused) else found.grant_id)


def test_the_accountable_officer_of_the_nearest_agency_answers() -> None:
    nearer = REAL_NUMBER[:-1] + "2"
    text = FILE.replace(
        f'"H26" = "{REAL_NUMBER}"', f'"H26" = "{REAL_NUMBER}"\n"H26.12" = "{nearer}"'
    )
    grant = load_grants(text).grants[0]

    found = [grant.accountable_for(agency) for agency in ("H26", "H26.1", "H26.12.3", "H36")]

    assert [REAL_NUMBER, REAL_NUMBER, nearer, None] == found


def test_the_sandbox_has_grants_for_its_portals_and_production_refuses_them() -> None:
    grants = load_grants(SANDBOX_GRANTS, profile=Profile.SANDBOX)

    assert ["portal-hanoi", "portal-lamdong", "developer"] == [
        grant.consumer_id for grant in grants.grants
    ]
    for grant in grants.grants:
        for agency in grant.agencies:
            assert (grant.accountable_for(agency) or "").startswith(("097", "098", "099"))
    with pytest.raises(GrantsInvalid) as refused:
        load_grants(SANDBOX_GRANTS)
    assert "every-procedure-in-production" == refused.value.rule
