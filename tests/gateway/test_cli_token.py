"""`lienthong token --dpop`: a token bound to a key that stays in the caller's file."""

import base64
import json
import stat
from pathlib import Path

from joserfc.jwk import ECKey

from tests.gateway.lienthong import lienthong
from tests.journeys.house import House


def claims_of(token: str) -> dict[str, object]:
    payload = token.split(".")[1]
    claims: dict[str, object] = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return claims


def test_the_token_is_bound_to_a_key_that_only_the_file_holds(house: House, tmp_path: Path) -> None:
    file = tmp_path / "portal.key"
    words = ["token", "--dir", str(house.directory), "--dpop", "--key-file", str(file)]

    first, second = lienthong(*words), lienthong(*words)

    key = ECKey.import_key(json.loads(file.read_text()))
    for said in (first, second):
        assert 0 == said.status
        assert {"jkt": key.thumbprint()} == claims_of(said.out.strip())["cnf"]
        assert "DPoP" in said.err
        assert str(key.as_dict(private=True)["d"]) not in said.out + said.err
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)


def test_without_dpop_it_is_a_plain_bearer(house: House) -> None:
    said = lienthong("token", "--dir", str(house.directory))

    assert (0, "") == (said.status, said.err)
    assert "cnf" not in claims_of(said.out.strip())


def test_a_key_needs_a_file_and_a_file_a_key(house: House, tmp_path: Path) -> None:
    file = tmp_path / "other"
    file.write_text("not a key")
    words = ["token", "--dir", str(house.directory)]

    said = [
        lienthong(*words, "--dpop"),
        lienthong(*words, "--key-file", str(file)),
        lienthong(*words, "--dpop", "--key-file", str(file)),
        lienthong(*words, "--dpop", "--key-file", str(tmp_path / "no" / "where")),
    ]

    assert [2, 2, 2, 1] == [each.status for each in said]
    assert ["", "", "", ""] == [each.out for each in said]
    assert "not a key" == file.read_text()
