from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from auth.grant import Grant
from auth.grant_table import GRANT_RULES
from auth.grants import SANDBOX_GRANTS, GrantsInvalid, load_grants
from auth.profile import Profile
from auth.refusal import Refused

REAL_NUMBER = "000000000001"
"""Real for the program, being none of the sandbox's; nobody's, for no province has 000."""

FILE = f"""\
version = 7
issued = 2026-01-01
expires = 2027-12-31

[[grant]]
id = "hanoi-residence"
consumer = "portal-hanoi"
agencies = ["H26"]
procedures = ["1.004222", "1.004194"]
scopes = ["prefill", "verify"]
officers_by = "request"
ungranted = "restricted"
attestation = "ASSERTED"
legal_basis = "Nghị định 194/2025/NĐ-CP, Điều 16"
valid_from = 2026-01-01
valid_until = 2026-12-31

[grant.accountable]
"H26" = "{REAL_NUMBER}"

[[grant]]
id = "hanoi-births"
consumer = "portal-hanoi"
agencies = ["000.00.12.H26"]
procedures = ["1.001193"]
legal_basis = "Luật Hộ tịch"
valid_from = 2026-01-01
valid_until = 2026-12-31
"""


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


# (what stands there, what is put there instead, line, field, rule)
BROKEN: dict[str, tuple[str, str, int | None, str, str]] = {
    "no TOML": ("version = 7", "version 7", 1, "the file", "not-toml"),
    "an open text": ('id = "hanoi-births"', 'id = "hanoi', 22, "the file", "not-toml"),
    "a key twice": ("issued = 2026-01-01", "version = 8", 2, "the file", "not-toml"),
    "no version": ("version = 7\n", "", None, "version", "missing"),
    "version nought": ("version = 7", "version = 0", 1, "version", "not-a-number"),
    "version a truth": ("version = 7", "version = true", 1, "version", "not-a-number"),
    "version a text": ("version = 7", 'version = "7"', 1, "version", "not-a-number"),
    "expires a text": ("expires = 2027-12-31", 'expires = "2027"', 3, "expires", "not-a-date"),
    "expires with an hour": (
        "expires = 2027-12-31",
        "expires = 2027-12-31T00:00:00Z",
        3,
        "expires",
        "not-a-date",
    ),
    "expires before issued": (
        "expires = 2027-12-31",
        "expires = 2025-12-31",
        3,
        "expires",
        "ends-before-it-begins",
    ),
    "a field of the file nobody knows": (
        "issued = 2026-01-01",
        "issued = 2026-01-01\nquota = 3",
        3,
        "a field",
        "unknown",
    ),
    "no id": ('id = "hanoi-residence"\n', "", 5, "grant 1, id", "missing"),
    "an id with a blank": ('"hanoi-residence"', '"hà nội"', 6, "grant 1, id", "malformed-name"),
    "an id twice": ('"hanoi-births"', '"hanoi-residence"', 22, "grant 2, id", "same-id"),
    "no consumer": (
        'consumer = "portal-hanoi"\nagencies = ["H26"]',
        'agencies = ["H26"]',
        5,
        "grant 1, consumer",
        "missing",
    ),
    "consumer empty": (
        'consumer = "portal-hanoi"\nagencies = ["H26"]',
        'consumer = " "\nagencies = ["H26"]',
        7,
        "grant 1, consumer",
        "not-text",
    ),
    "a misspelt field": ("scopes =", "scope =", 10, "grant 1, a field", "unknown"),
    "agencies a text": (
        'agencies = ["H26"]',
        'agencies = "H26"',
        8,
        "grant 1, agencies",
        "not-a-list",
    ),
    "agencies empty": ('agencies = ["H26"]', "agencies = []", 8, "grant 1, agencies", "not-a-list"),
    "agencies of numbers": (
        'agencies = ["H26"]',
        "agencies = [26]",
        8,
        "grant 1, agencies",
        "not-a-list",
    ),
    "no agency's code": (
        'agencies = ["000.00.12.H26"]',
        'agencies = ["Hà Nội"]',
        24,
        "grant 2, agencies",
        "malformed-agency",
    ),
    "every procedure": (
        'procedures = ["1.001193"]',
        'procedures = "*"',
        25,
        "grant 2, procedures",
        "every-procedure-in-production",
    ),
    "every procedure in a list": (
        'procedures = ["1.001193"]',
        'procedures = ["*"]',
        25,
        "grant 2, procedures",
        "malformed-procedure",
    ),
    "a procedure with a province's suffix": (
        '"1.001193"',
        '"1.001193.H26"',
        25,
        "grant 2, procedures",
        "malformed-procedure",
    ),
    "a procedure twice on the same days": (
        '["1.001193"]',
        '["1.001193", "1.004194"]',
        25,
        "grant 2, procedures",
        "overlaps",
    ),
    "no legal basis": ('legal_basis = "Luật Hộ tịch"\n', "", 21, "grant 2, legal_basis", "missing"),
    "a word nobody knows": (
        'ungranted = "restricted"',
        'ungranted = "null"',
        12,
        "grant 1, ungranted",
        "not-a-choice",
    ),
    "an attestation nobody knows": (
        '"ASSERTED"',
        '"BELIEVED"',
        13,
        "grant 1, attestation",
        "not-a-choice",
    ),
    "an officer of eleven digits": (
        f'"{REAL_NUMBER}"',
        f'"{REAL_NUMBER[1:]}"',
        18,
        "grant 1, accountable",
        "malformed-personal-id",
    ),
    "an officer without quotes": (
        f'"{REAL_NUMBER}"',
        "26",
        18,
        "grant 1, accountable",
        "malformed-personal-id",
    ),
    "an invented officer": (
        f'"{REAL_NUMBER}"',
        '"097185009001"',
        18,
        "grant 1, accountable",
        "sandbox-number-in-production",
    ),
    "number and agency exchanged": (
        f'"H26" = "{REAL_NUMBER}"',
        f'"{REAL_NUMBER}" = "H26"',
        18,
        "grant 1, accountable",
        "malformed-agency",
    ),
    "an officer of an agency of others": (
        f'"H26" = "{REAL_NUMBER}"',
        f'"H36" = "{REAL_NUMBER}"',
        18,
        "grant 1, accountable",
        "agency-not-granted",
    ),
    "accountable no table": (
        f'[grant.accountable]\n"H26" = "{REAL_NUMBER}"',
        f'accountable = "{REAL_NUMBER}"',
        18,
        "grant 1, accountable",
        "not-a-table",
    ),
    "an end before the beginning": (
        "valid_until = 2026-12-31\n\n[grant.acc",
        "valid_until = 2025-12-31\n\n[grant.acc",
        16,
        "grant 1, valid_until",
        "ends-before-it-begins",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_by_line_field_and_rule(case: str) -> None:
    before, after, line, field, rule = BROKEN[case]
    assert 1 == FILE.count(before)

    with pytest.raises(GrantsInvalid) as refused:
        load_grants(FILE.replace(before, after))

    assert (line, field, rule) == (refused.value.line, refused.value.field, refused.value.rule)
    assert REAL_NUMBER[3:] not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_file_without_grants_is_refused() -> None:
    head = FILE.partition("[[grant]]")[0]

    for text, rule in ((head, "missing"), (head + "grant = 1", "not-a-table")):
        with pytest.raises(GrantsInvalid) as refused:
            load_grants(text)
        assert ("grant", rule) == (refused.value.field, refused.value.rule)


def test_the_sandbox_has_no_officer_with_a_real_number() -> None:
    with pytest.raises(GrantsInvalid) as refused:
        load_grants(FILE, profile=Profile.SANDBOX)

    assert "real-number-in-sandbox" == refused.value.rule


def test_every_rule_of_the_file_is_broken_by_some_case() -> None:
    elsewhere = {"real-number-in-sandbox"}

    assert set(GRANT_RULES) == {rule for *_, rule in BROKEN.values()} | elsewhere


def test_a_complaint_reads_as_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "grants.toml"
    path.write_text(FILE.replace('"1.001193"', '"khai sinh"'), encoding="utf-8")

    with pytest.raises(GrantsInvalid) as refused:
        load_grants(path)

    expected = (
        "grants.toml, line 25: grant 2, procedures must hold national codes such as 1.004222 "
        "(malformed-procedure)"
    )
    assert expected == str(refused.value)


def test_a_file_in_another_encoding_is_no_grants_file(tmp_path: Path) -> None:
    path = tmp_path / "grants.toml"
    path.write_bytes(FILE.encode("utf-16"))

    with pytest.raises(GrantsInvalid) as refused:
        load_grants(path)

    assert ("grants.toml", None, "not-toml") == (
        refused.value.source,
        refused.value.line,
        refused.value.rule,
    )


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
