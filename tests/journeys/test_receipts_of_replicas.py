"""Receipts of two replicas with one log, and of somebody who asks for what is not theirs."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.documents import purpose
from tests.journeys.house import House
from tests.journeys.own_gateway import OwnGateway
from tests.journeys.test_receipts import PERSON, Portal
from tests.patience import soon
from tests.sandbox.visitor import Running

LAND = """
query Land($purpose: Purpose!, $holder: PersonKey!, $parcel: ParcelKey, $paper: CertificateKey) {
  dossier(purpose: $purpose) {
    holder: person(role: "holder", key: $holder) { fullName }
    parcel: parcel(role: "parcel", key: $parcel) { sheet }
    certificate: landCertificate(role: "certificate", key: $paper) { serialNumber }
  }
}
"""
NOWHERE = {"ward": "24778", "sheet": "15", "parcel": "999", "holder": ["holder"]}
THERE = {"ward": "24778", "sheet": "15", "parcel": "123", "holder": ["holder"]}


class Pair:
    """Two gateways with one log, one folder of keys and one public address."""

    def __init__(self, folder: Path, sandbox: Running) -> None:
        self.one = Portal(folder, sandbox, PUBLIC_URL="https://pair.example")
        second = folder / "second"
        second.mkdir()
        self.two = OwnGateway(
            second,
            sandbox.addresses,
            self.one.issuer.url,
            PUBLIC_URL="https://pair.example",
            REPLICA="replica-2",
            KEYS_DIR=str(self.one.keys),
            ACCESS_LOG_URL=f"sqlite+aiosqlite:///{self.one.gateway.log}",
        )

    def at_two(self, path: str, **headers: str) -> Any:
        """Fetch from the second one."""
        return self.two.http.get(f"{self.two.address}{path}", headers=headers)

    def stop(self) -> None:
        """End it all."""
        assert 0 == self.two.stop()
        self.one.stop()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, shared: Running) -> Iterator[Pair]:
    shared.heal()
    made = Pair(tmp_path_factory.mktemp("pair"), shared)
    yield made
    made.stop()


def test_one_replica_proves_by_the_receipt_that_another_one_gave(pair: Pair) -> None:
    receipt = pair.one.receipt()
    said = pair.one.opened(receipt)
    where = f"/log/entry/{said['entry']}/proof"
    assert 200 == pair.one.proof(said["entry"], receipt).status_code
    assert 200 == pair.at_two(where, receipt=receipt).status_code
    assert pair.one.get("/.well-known/jwks.json").json() == (
        pair.at_two("/.well-known/jwks.json").json()
    )
    assert "pair.example/log" == said["origin"]


def test_the_replica_that_stands_by_is_ready_too(pair: Pair) -> None:
    told = soon(
        lambda: [pair.one.get("/ready").json(), pair.at_two("/ready").json()],
        lambda told: (
            all(each["lag"] is not None for each in told)
            and "SEQUENCING" in {each["sequencer"] for each in told}
        ),
    )
    assert ["SEQUENCING", "STANDBY"] == sorted(each["sequencer"] for each in told)
    assert all(each["ready"] for each in told)


def test_a_key_that_is_rotated_signs_on_both_within_seconds(pair: Pair) -> None:
    before = pair.one.receipt()
    pair.one.log("rotate", "--receipts")
    served = soon(
        lambda: pair.at_two("/.well-known/jwks.json").json()["keys"], lambda keys: len(keys) == 2
    )
    assert 2 == len(served)
    entry = pair.one.opened(before)["entry"]
    pair.one.proof(entry, before)
    assert 200 == pair.at_two(f"/log/entry/{entry}/proof", receipt=before).status_code


def told_of(answer: dict[str, Any]) -> dict[str, Any]:
    """Give what a receipt tells besides what is drawn or hashed."""
    part = answer["extensions"]["receipt"].split(".")[1]
    payload: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return {k: v for k, v in payload.items() if k not in {"entry", "leaf", "at", "answer_hmac"}}


@pytest.mark.parametrize("silent", [None, "land-01", "land-68"])
def test_a_receipt_does_not_tell_a_stranger_whether_there_is_a_record(
    house: House, silent: str | None
) -> None:
    if silent:
        house.fault(silent, "down")
    told = []
    for parcel, number in ((THERE, "SX 100101"), (NOWHERE, "SX 999999")):
        variables = {
            "purpose": purpose("1.012783"),
            "holder": house.key("hoa"),
            "parcel": parcel,
            "paper": {"number": number, "holder": ["holder"]},
        }
        # Asked again within the dossier, it is answered from what was kept, or it is not.
        told.append([told_of(house.ask(LAND, variables)) for _ in range(2)])
    assert told[0] == told[1]
    assert ["POPULATION", "LAND"] == [each["registry"] for each in told[0][0]["sources"]]


def test_a_receipt_holds_no_number_and_no_name(house: House) -> None:
    key = house.key("an")
    answer = house.ask(PERSON, {"purpose": purpose(), "key": key})
    assert key["fullName"] == answer["data"]["dossier"]["person"]["fullName"]
    written = str(told_of(answer))
    assert not re.search(r"\d{9}", written)
    assert key["fullName"] not in written
