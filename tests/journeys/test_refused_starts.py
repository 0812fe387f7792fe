"""Production does not start with grants by which nobody may serve, nor without whom it believes.

What each setting is refused for stands in tests/gateway/test_production.py.
"""

from collections.abc import Callable, Iterator

import pytest

from auth.bundle import BundleKind, seal
from auth.grant_table import GRANT_RULES
from auth.signing_key import read_signing_key
from tests.gateway.lienthong import lienthong
from tests.journeys.official import OFFICER, Official, grants


@pytest.fixture(scope="module")
def unstarted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Official]:
    """Give an installation that never gets as far as serving."""
    official = Official(tmp_path_factory.mktemp("unstarted"))
    yield official
    official.close()


def unsigned(official: Official, text: str) -> None:
    (official.directory / "grants.jws").write_text(text, encoding="utf-8")


def anothers(official: Official, text: str) -> None:
    official.keygen("another")
    official.sign("grants", text, by="another")


def sealed(official: Official, text: str) -> None:
    """Sign what the command would refuse to sign."""
    key = read_signing_key((official.directory / "operator.pem").read_bytes())
    assert key is not None
    unsigned(official, seal(text, BundleKind.GRANTS, key))


def groundless(text: str) -> str:
    return text.replace('assertion_ground = "Phụ lục 2 của thỏa thuận"\n', "")


def of_the_sandbox(text: str) -> str:
    return text.replace(OFFICER, "097185009001")


def as_it_is(text: str) -> str:
    return text


@pytest.mark.parametrize(
    ("put", "changed", "named"),
    [
        (unsigned, as_it_is, "(not-signed)"),
        (anothers, as_it_is, "(key-unknown)"),
        (
            sealed,
            groundless,
            f"line 31: grant 2, assertion_ground {GRANT_RULES['assertion-without-ground']}",
        ),
        (sealed, of_the_sandbox, "(sandbox-number-in-production)"),
        (sealed, lambda text: text.replace("2099-12-31", "2025-12-31"), "(expired)"),
    ],
)
def test_grants_nobody_may_serve_by_stop_the_start(
    unstarted: Official,
    put: Callable[[Official, str], None],
    changed: Callable[[str], str],
    named: str,
) -> None:
    put(unstarted, changed(grants(unstarted.outside.url)))

    said = unstarted.refused_start()

    assert (1, "") == (said.status, said.out)
    assert named in said.err
    assert [] == [each for each in (OFFICER, "097185009001") if each in said.err]


def test_the_operators_command_does_not_sign_a_word_without_its_ground(unstarted: Official) -> None:
    file = unstarted.directory / "groundless.toml"
    file.write_text(groundless(grants(unstarted.outside.url)), encoding="utf-8")
    out = unstarted.directory / "groundless.jws"

    words = ("--key", str(unstarted.directory / "operator.pem"), "--out", str(out))
    said = lienthong("grants", "sign", str(file), *words)

    assert 1 == said.status
    assert "line 31: grant 2, assertion_ground " in said.err
    assert not out.exists()


def test_an_authority_file_that_is_missing_or_none_stops_the_start(unstarted: Official) -> None:
    missing = unstarted.refused_start(OUTBOUND_CA=str(unstarted.directory / "nowhere.pem"))
    other = unstarted.refused_start(OUTBOUND_CA=str(unstarted.directory / "grants.toml"))

    assert (1, 1) == (missing.status, other.status)
    assert str(unstarted.directory / "nowhere.pem") in missing.err
    assert "LIENTHONG_OUTBOUND_CA" in other.err
