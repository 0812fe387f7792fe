"""Production as its operator sets it up, with the commands that docs/grants.md shows.

TLS by an authority of one's own, signed grants and revocations, tokens bound to their senders; no
sandbox anywhere. What stops the start is in test_refused_starts.py.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.auth.sender import Sender
from tests.journeys.documents import PREFILL, VERIFY, purpose
from tests.journeys.official import (
    AUDIENCE,
    NAME,
    NUMBER,
    OFFICER,
    PERSON,
    Official,
    grants,
    person,
)
from tests.journeys.test_papers import parcel

CATALOGUE = "{ registries { name } myGrants { procedure } }"
SCHEMA = "{ __schema { queryType { name } } }"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Official]:
    """Start an official installation."""
    official = Official(tmp_path_factory.mktemp("production"))
    official.start()
    yield official
    status = official.gateway.stop()
    official.close()
    assert 0 == status


@pytest.fixture
def official(started: Official) -> Official:
    """Give it with an empty count of the registry's calls."""
    started.outside.calls = 0
    return started


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[Official]:
    """Give an installation of one test's own, not yet started."""
    official = Official(tmp_path)
    yield official
    official.close()


def asking() -> dict[str, Any]:
    return {"purpose": purpose(), "applicant": person()}


def of_lamdong(official: Official, **changed: Any) -> str:
    return official.token("portal-lamdong", **{"scope": "prefill verify records", **changed})


def of_developer(official: Official) -> str:
    return official.token("developers", scope="developer prefill verify records")


def rule_of(answer: httpx2.Response) -> str:
    told = answer.json()
    return str(told["errors"][0]["extensions"]["rule"]) if "errors" in told else "accepted"


def test_a_portal_that_signs_its_own_tokens_reads_a_person(official: Official) -> None:
    answer = official.ask(PERSON, asking(), of_lamdong(official))

    assert NAME == answer.json()["data"]["dossier"]["applicant"]["fullName"]
    intent, outcome = official.gateway.entries(answer.headers["x-request-id"])
    assert ("INTENT", "OUTCOME") == (intent["kind"], outcome["kind"])
    assert ("portal-lamdong", "lamdong-residence", 1) == (
        outcome["consumer_id"],
        outcome["grant_id"],
        outcome["grant_version"],
    )
    assert [] == [each for each in (NUMBER, NAME, OFFICER) if each in f"{intent} {outcome}"]
    assert 1 == official.outside.calls


def test_what_is_not_connected_is_said_and_the_rest_is_filled(official: Official) -> None:
    home = {"role": "home", "is": parcel("00004", "12", "7", "applicant")}
    subjects = [{"role": "applicant", "is": {"person": person()}}, home]

    answer = official.ask(
        PREFILL, {"purpose": purpose(), "subjects": subjects}, of_lamdong(official)
    )

    told = answer.json()["data"]["dossier"]["prefill"]
    states = {f["key"]: f["state"] for f in told["fields"]}
    assert "VALUE" == states["nguoiKhai.hoTen"]
    assert "SOURCE_NOT_CONNECTED" == states["choO.soGCN[]"]


def test_an_issuers_portal_gets_in_by_keys_of_our_own_authority(official: Official) -> None:
    answer = official.ask(CATALOGUE)

    assert [{"procedure": "1.004222"}] == answer.json()["data"]["myGrants"]


def test_a_plain_bearer_is_refused(official: Official) -> None:
    sender = Sender(official.outside.url, official.address, time.time)
    free = sender.token(aud=AUDIENCE)
    bound = official.token()

    for token, rule in [(free, "sender-constraint-required"), (bound, "token-bound-as-bearer")]:
        answer = official.http.post(
            f"{official.address}/graphql",
            json={"query": PERSON, "variables": asking()},
            headers={"authorization": f"Bearer {token}"},
        )
        assert 401 == answer.status_code
        assert ("TOKEN_INVALID", rule) == official.refused(answer, asked_before=0)


def test_nobody_speaks_for_another_portal(official: Official) -> None:
    """The issuer not for Lâm Đồng, which signs itself; Lâm Đồng not for Hà Nội."""
    by_issuer = Sender(official.outside.url, official.address, time.time).bound(
        client_id="portal-lamdong", aud=AUDIENCE
    )
    by_lamdong = of_lamdong(official, client_id="portal-hanoi")

    for token in (by_issuer, by_lamdong):
        answer = official.ask(PERSON, asking(), token)
        assert ("TOKEN_INVALID", "token-issuer-not-the-consumers") == official.refused(
            answer, asked_before=0
        )


def test_the_sandboxs_audience_opens_nothing(official: Official) -> None:
    answer = official.ask(PERSON, asking(), official.token(aud="lienthong-sandbox"))

    assert ("TOKEN_INVALID", "token-audience") == official.refused(answer, asked_before=0)


def test_the_way_in_is_told_over_tls_only_to_who_believes_our_authority(official: Official) -> None:
    known = official.http.get(f"{official.address}/.well-known/oauth-protected-resource").json()

    assert official.address == known["resource"]
    with pytest.raises(httpx2.TransportError):
        httpx2.get(f"http://127.0.0.1:{official.gateway.port}/live", trust_env=False)
    with httpx2.Client(trust_env=False) as stranger, pytest.raises(httpx2.ConnectError):
        stranger.get(f"{official.address}/live")


def test_the_schema_is_a_developers(official: Official) -> None:
    refused = official.ask(SCHEMA)
    shown = official.ask(SCHEMA, token=of_developer(official))

    assert 403 == refused.status_code
    assert ("SCOPE_REQUIRED", "introspection-needs-developer") == official.refused(
        refused, asked_before=0
    )
    assert {"__schema": {"queryType": {"name": "Query"}}} == shown.json()["data"]


def test_a_developer_reads_the_catalogue_and_rehearses(official: Official) -> None:
    token = of_developer(official)
    subjects = [{"role": "applicant", "is": {"person": person()}}]
    variables = {"purpose": purpose(), "subjects": subjects, "dryRun": True}

    catalogue = official.ask(CATALOGUE, token=token)
    rehearsed = official.ask(PREFILL, variables, token)

    assert "accepted" == rule_of(catalogue)
    told = rehearsed.json()["data"]["dossier"]["prefill"]
    assert {None} == {field["value"] for field in told["fields"]}
    assert 0 == official.outside.calls
    [entry] = official.gateway.entries(rehearsed.headers["x-request-id"])
    assert "DRY_RUN" == entry["kind"]


@pytest.mark.parametrize("query", [PREFILL, VERIFY, PERSON], ids=["prefill", "verify", "person"])
def test_a_developer_reads_nobody(official: Official, query: str) -> None:
    given = purpose()
    variables: dict[str, Any] = {"purpose": given, "applicant": person()}
    if query is not PERSON:
        subjects = [{"role": "applicant", "is": {"person": person()}}]
        variables = {"purpose": given, "subjects": subjects}
    if query is VERIFY:
        variables["claims"] = [{"role": "applicant", "key": "nguoiKhai.hoTen", "value": NAME}]

    answer = official.ask(query, variables, of_developer(official))

    assert 403 == answer.status_code
    assert ("SCOPE_REQUIRED", "developer-reads-nobody") == official.refused(answer, asked_before=0)


@pytest.mark.parametrize("path", ["/graphql", "/graphql/config.json"])
def test_graphiql_is_a_developers(official: Official, path: str) -> None:
    def get(headers: dict[str, str]) -> httpx2.Response:
        return official.http.get(
            f"{official.address}{path}", headers={"accept": "text/html", **headers}
        )

    nobody = get({})
    portal = get(official.headers(official.token(), "GET", path))
    developer = get(official.headers(of_developer(official), "GET", path))

    assert ("TOKEN_REQUIRED", "token-required") == official.refused(nobody, asked_before=0)
    assert ("SCOPE_REQUIRED", "scope-missing") == official.refused(portal, asked_before=0)
    # 503: the page was not built here, and says so.
    assert developer.status_code in {200, 503}
    assert [] == official.gateway.entries(developer.headers["x-request-id"])


def test_an_authority_nobody_named_is_not_believed(quiet: Official) -> None:
    """Then neither the issuer's keys nor the registry are asked; who signs alone still gets in."""
    quiet.start(OUTBOUND_CA="")
    issuers = quiet.ask(CATALOGUE)
    own = quiet.ask(PERSON, asking(), of_lamdong(quiet))
    quiet.gateway.stop()

    assert "issuer-unavailable" == rule_of(issuers)
    assert 503 == issuers.status_code
    assert own.json()["data"]["dossier"]["applicant"] is None
    assert 0 == quiet.outside.calls


def test_a_signed_revocation_holds_within_the_time_set(official: Official) -> None:
    spoilt, kept = of_lamdong(official, jti="spoilt"), of_lamdong(official)
    assert ["accepted"] * 2 == [rule_of(official.ask(CATALOGUE, token=t)) for t in (spoilt, kept)]

    official.sign(
        "revocations",
        "version = 2\nissued = 2025-07-01\nexpires = 2099-12-31\n\n"
        '[[revoked]]\ntoken = "spoilt"\nreason = "Lộ mã"\nat = 2026-11-20\n',
    )
    official.wait_until_said("version taken over")

    answer = official.ask(PERSON, asking(), spoilt)
    assert ("TOKEN_INVALID", "token-revoked") == official.refused(answer, asked_before=0)
    assert "accepted" == rule_of(official.ask(CATALOGUE, token=kept))


def test_an_older_version_stops_nothing_and_is_not_taken(quiet: Official) -> None:
    """Neither while serving nor by a restart: what was kept is no older than what was used."""
    first = grants(quiet.outside.url)
    quiet.sign("grants", grants(quiet.outside.url, version=2))
    quiet.start()

    quiet.sign("grants", first)
    quiet.wait_until_said("older")
    served = quiet.ask(PERSON, asking(), of_lamdong(quiet))
    again = [version_of(quiet, served)]
    quiet.gateway.stop()
    quiet.start()
    again.append(version_of(quiet, quiet.ask(PERSON, asking(), of_lamdong(quiet))))

    quiet.sign("grants", grants(quiet.outside.url, version=3))
    quiet.wait_until_said("version taken over")
    again.append(version_of(quiet, quiet.ask(PERSON, asking(), of_lamdong(quiet))))
    assert 0 == quiet.gateway.stop()
    assert [2, 2, 3] == again


def version_of(official: Official, answer: httpx2.Response) -> int:
    assert NAME == answer.json()["data"]["dossier"]["applicant"]["fullName"]
    [version] = {
        e["grant_version"] for e in official.gateway.entries(answer.headers["x-request-id"])
    }
    return int(version)


def test_a_second_process_of_a_single_node_is_refused(official: Official) -> None:
    said = official.refused_start()

    assert (1, "") == (said.status, said.out)
    assert "LIENTHONG_SINGLE_NODE=yes" in said.err


def test_a_client_that_keeps_its_connection_does_not_hold_up_the_end(quiet: Official) -> None:
    quiet.start()
    assert "accepted" == rule_of(quiet.ask(CATALOGUE))
    began = time.monotonic()

    assert 0 == quiet.gateway.stop()

    assert time.monotonic() - began < 5


def test_the_process_said_nothing_of_anybody_all_the_while(official: Official) -> None:
    """DEBUG lines included; of the others' requests too, where they ran before."""
    official.ask(PERSON, asking(), of_lamdong(official))
    said = official.gateway.said()

    assert "request" in said
    assert [] == [each for each in (NUMBER, NAME, OFFICER, "eyJ") if each in said]
