from pathlib import Path

import pytest

from auth.grant_table import GRANT_RULES
from auth.grants import GrantsInvalid, load_grants
from auth.profile import Profile
from tests.auth.agreement import FILE, KEY_OF_HANOI, KEY_OF_LAND, REAL_NUMBER

KEYS_OF_HANOI = f"keys = [\n  {KEY_OF_HANOI},\n]\n"

# (what stands there, what is put there instead, line, field, rule)
BROKEN: dict[str, tuple[str, str, int | None, str, str]] = {
    "no TOML": ("version = 7", "version 7", 1, "the file", "not-toml"),
    "an open text": ('id = "hanoi-births"', 'id = "hanoi', 23, "the file", "not-toml"),
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
    "an id twice": ('"hanoi-births"', '"hanoi-residence"', 23, "grant 2, id", "same-id"),
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
        25,
        "grant 2, agencies",
        "malformed-agency",
    ),
    "every procedure": (
        'procedures = ["1.001193"]',
        'procedures = "*"',
        26,
        "grant 2, procedures",
        "every-procedure-in-production",
    ),
    "every procedure in a list": (
        'procedures = ["1.001193"]',
        'procedures = ["*"]',
        26,
        "grant 2, procedures",
        "malformed-procedure",
    ),
    "a procedure with a province's suffix": (
        '"1.001193"',
        '"1.001193.H26"',
        26,
        "grant 2, procedures",
        "malformed-procedure",
    ),
    "a procedure twice on the same days": (
        '["1.001193"]',
        '["1.001193", "1.004194"]',
        26,
        "grant 2, procedures",
        "overlaps",
    ),
    "no legal basis": ('legal_basis = "Luật Hộ tịch"\n', "", 22, "grant 2, legal_basis", "missing"),
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
        19,
        "grant 1, accountable",
        "malformed-personal-id",
    ),
    "an officer without quotes": (
        f'"{REAL_NUMBER}"',
        "26",
        19,
        "grant 1, accountable",
        "malformed-personal-id",
    ),
    "an invented officer": (
        f'"{REAL_NUMBER}"',
        '"097185009001"',
        19,
        "grant 1, accountable",
        "sandbox-number-in-production",
    ),
    "number and agency exchanged": (
        f'"H26" = "{REAL_NUMBER}"',
        f'"{REAL_NUMBER}" = "H26"',
        19,
        "grant 1, accountable",
        "malformed-agency",
    ),
    "an officer of an agency of others": (
        f'"H26" = "{REAL_NUMBER}"',
        f'"H36" = "{REAL_NUMBER}"',
        19,
        "grant 1, accountable",
        "agency-not-granted",
    ),
    "accountable no table": (
        f'[grant.accountable]\n"H26" = "{REAL_NUMBER}"',
        f'accountable = "{REAL_NUMBER}"',
        19,
        "grant 1, accountable",
        "not-a-table",
    ),
    "an end before the beginning": (
        "valid_until = 2026-12-31\n\n[grant.acc",
        "valid_until = 2025-12-31\n\n[grant.acc",
        17,
        "grant 1, valid_until",
        "ends-before-it-begins",
    ),
    "the portal's word and no ground": (
        'assertion_ground = "Cổng chưa có khóa ký; Phụ lục 2 của thỏa thuận"\n',
        "",
        5,
        "grant 1, assertion_ground",
        "assertion-without-ground",
    ),
    "an empty ground": (
        '"Cổng chưa có khóa ký; Phụ lục 2 của thỏa thuận"',
        '" "',
        14,
        "grant 1, assertion_ground",
        "not-text",
    ),
    "a quota of nought": (
        "issued = 2026-01-01\nexpires = 2027-12-31\n\n[[grant]]\n",
        "issued = 2026-01-01\nexpires = 2027-12-31\n\n[[grant]]\nsubjects_per_minute = 0\n",
        6,
        "grant 1, subjects_per_minute",
        "not-a-number",
    ),
    "a part that is no code": (
        'procedures = ["1.001193"]',
        'procedures = ["1.001193"]\nparts = ["hộ tịch"]',
        27,
        "grant 2, parts",
        "malformed-procedure",
    ),
    "a consumer of nobody": (
        '[[consumer]]\nid = "portal-hanoi"',
        '[[consumer]]\nid = "portal-hue"',
        7,
        "grant 1, consumer",
        "consumer-not-listed",
    ),
    "a consumer without keys": (KEYS_OF_HANOI, "", 24, "grant 2, consumer", "attests-without-key"),
    "keys that are no tables": (
        KEYS_OF_HANOI,
        'keys = ["hanoi-1"]\n',
        34,
        "consumer 1, keys",
        "not-a-table",
    ),
    "a curve nobody signs with": (
        'crv = "P-256"',
        'crv = "P-384"',
        34,
        "consumer 1, keys",
        "not-a-public-key",
    ),
    "a number of a key that is none": (
        'kid = "hanoi-1", x =',
        'kid = "hanoi-1", x = "", z =',
        34,
        "consumer 1, keys",
        "not-a-public-key",
    ),
    "numbers of no point": (
        'kid = "hanoi-1", x = "yl',
        'kid = "hanoi-1", x = "zl',
        34,
        "consumer 1, keys",
        "not-a-public-key",
    ),
    "a private key": (
        'kid = "hanoi-1"',
        'kid = "hanoi-1", d = "AAAA"',
        34,
        "consumer 1, keys",
        "private-key",
    ),
    "a key of two owners": (
        f"keys = [{KEY_OF_LAND}]",
        f"keys = [{KEY_OF_LAND}, {KEY_OF_LAND}]",
        40,
        "registry_owner 1, keys",
        "same-key",
    ),
    "own tokens without an issuer's name": (
        'issuer = "https://id.example/hanoi"',
        'keys_sign = "tokens"',
        33,
        "consumer 1, keys_sign",
        "issuer-without-key",
    ),
    "an issuer without TLS": (
        '"https://id.example/hanoi"',
        '"http://id.example/hanoi"',
        33,
        "consumer 1, issuer",
        "not-an-address",
    ),
    "an issuer's name taken by another's own": (
        "[[registry_owner]]",
        (
            '[[consumer]]\nid = "portal-hue"\nissuer = "https://id.example/hanoi"\n'
            f'keys_sign = "tokens"\nkeys = [{KEY_OF_LAND}]\n\n[[registry_owner]]'
        ),
        40,
        "consumer 2, issuer",
        "issuer-of-another",
    ),
    "an owner of no registry": (
        'registry = "land"',
        'registry = "vehicles"',
        39,
        "registry_owner 1, registry",
        "not-a-registry",
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
    of_other_files = {"one-of-three", "one-at-least", "malformed-thumbprint"}
    elsewhere = {"real-number-in-sandbox", *of_other_files}

    assert set(GRANT_RULES) == {rule for *_, rule in BROKEN.values()} | elsewhere


def test_a_complaint_reads_as_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "grants.toml"
    path.write_text(FILE.replace('"1.001193"', '"khai sinh"'), encoding="utf-8")

    with pytest.raises(GrantsInvalid) as refused:
        load_grants(path)

    expected = (
        "grants.toml, line 26: grant 2, procedures must hold national codes such as 1.004222 "
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
