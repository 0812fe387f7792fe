"""A portal keeps its receipts: each can be checked, and none is a promise that was not kept."""

import base64
import json
import re
import stat
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from audit.months import load_or_create_months
from audit.receipt_keys import key_of_seed
from audit.receipts import Receipts, answer_hmac
from audit.tree.signing import check_checkpoint, parse_vkeys
from audit.tree.tlog_proof import parse_tlog_proof
from tests.audit.tree import slow_merkle
from tests.auth.sender import Sender, Sent
from tests.journeys.documents import purpose
from tests.journeys.own_gateway import OwnGateway, OwnIssuer
from tests.patience import soon
from tests.sandbox.visitor import Running

VERIFIER = Path(__file__).parents[2] / "audit" / "verify.py"
PERSON = """
query Person($purpose: Purpose!, $key: PersonKey!) {
  dossier(purpose: $purpose) { person(role: "applicant", key: $key) { fullName sex } }
}
"""
AN = {
    "number": {"personalId": "097085000101"},
    "fullName": "Nguyễn Văn An",
    "birthDate": "1985-05-12",
}


class Answered(msgspec.Struct):
    """An answer as its receiver cuts it: each member's own bytes."""

    extensions: dict[str, Any]
    data: msgspec.Raw = msgspec.Raw(b"")
    errors: msgspec.Raw = msgspec.Raw(b"")


class Portal:
    """A portal before a gateway of its own, whose folders the test may look into."""

    def __init__(self, folder: Path, sandbox: Running, **settings: str) -> None:
        self.folder = folder
        self.keys = folder / "keys"
        self.issuer = OwnIssuer()
        self.gateway = OwnGateway(folder, sandbox.addresses, self.issuer.url, **settings)
        self.sender = Sender(self.issuer.url, self.gateway.address, time.time)

    def ask(self, document: str = PERSON, **changed: Any) -> httpx2.Response:
        """Ask about An for a new dossier."""
        variables = {"purpose": purpose(), "key": AN, **changed}
        sent = Sent([("authorization", f"Bearer {self.sender.token()}")])
        return self.gateway.send(sent, {"query": document, "variables": variables})

    def receipt(self) -> str:
        """Ask, and keep the receipt."""
        kept: str = self.ask().json()["extensions"]["receipt"]
        return kept

    def get(self, path: str, **headers: str) -> httpx2.Response:
        """Fetch what needs no token."""
        return self.gateway.http.get(f"{self.gateway.address}{path}", headers=headers)

    def proof(self, entry: str, receipt: str) -> httpx2.Response:
        """Fetch the proof of an entry by a receipt, once its place may be expected."""
        return soon(
            lambda: self.get(f"/log/entry/{entry}/proof", receipt=receipt),
            lambda answer: answer.status_code != 404,
        )

    def keys_served(self, many: int) -> list[dict[str, str]]:
        """Fetch the keys of receipts, once there may be *many*."""
        return soon(
            lambda: self.get("/.well-known/jwks.json").json()["keys"],
            lambda keys: len(keys) == many,
        )

    def opened(self, receipt: str) -> dict[str, Any]:
        """Verify by the served keys, with a library."""
        keys = KeySet.import_key_set(self.get("/.well-known/jwks.json").json())
        payload: dict[str, Any] = json.loads(
            jws.deserialize_compact(receipt, keys, algorithms=["Ed25519"]).payload
        )
        return payload

    def log(self, *words: str) -> None:
        """Type `lienthong log …`."""
        lienthong = str(Path(sys.executable).with_name("lienthong"))
        where = ("--dir", str(self.folder))
        subprocess.run([lienthong, "log", *words, *where], check=True, capture_output=True)

    def stop(self) -> None:
        """End it all."""
        assert 0 == self.gateway.stop()
        self.issuer.stop()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, shared: Running) -> Iterator[Portal]:
    shared.heal()
    made = Portal(tmp_path_factory.mktemp("receipts"), shared)
    yield made
    made.stop()


def test_a_receipt_is_verified_by_the_served_keys_and_names_its_entry(portal: Portal) -> None:
    answer = portal.ask()
    outcome = portal.gateway.entries(answer.headers["x-request-id"])[-1]
    said = portal.opened(answer.json()["extensions"]["receipt"])
    assert (outcome["entry_id"], outcome["at"]) == (said["entry"], said["at"])
    assert outcome["answer_hmac"] == said["answer_hmac"]
    assert {"id": outcome["grant_id"], "version": outcome["grant_version"]} == said["grant"]
    assert "1.004222" == said["procedure"]["code"]
    assert [{"registry": "POPULATION", "state": "VALUE", "cached": False}] == said["sources"]
    assert (60, f"127.0.0.1:{portal.gateway.port}/log") == (said["mmd"], said["origin"])


def test_the_keys_may_be_kept_for_a_minute_by_anybody(portal: Portal) -> None:
    served = portal.get("/.well-known/jwks.json")
    assert "application/jwk-set+json" == served.headers["content-type"]
    assert "public, max-age=60" == served.headers["cache-control"]
    assert all(
        {"kty", "crv", "x", "kid", "alg", "use"} == set(key) for key in served.json()["keys"]
    )


def test_the_receipt_opens_the_proof_of_its_entry_up_to_the_checkpoint(portal: Portal) -> None:
    receipt = portal.receipt()
    said = portal.opened(receipt)
    given = portal.proof(said["entry"], receipt)
    proof = parse_tlog_proof(given.text)
    signed = check_checkpoint(proof.note, parse_vkeys(portal.get("/log/vkeys").text)).checkpoint
    leaf = bytes.fromhex(said["leaf"])
    assert said["origin"] == signed.origin
    assert slow_merkle.includes(proof.index, signed.size, leaf, proof.path, signed.root)
    assert "private, no-store" == given.headers["cache-control"]


def test_without_a_right_receipt_there_is_no_proof_and_it_says_what_to_do(portal: Portal) -> None:
    receipt, other = portal.receipt(), portal.receipt()
    entry = portal.opened(receipt)["entry"]
    strange = Receipts([key_of_seed(bytes(32))], lambda: "x/log")
    known = Receipts([key_of_seed((portal.keys / "receipts/1.key").read_bytes())], lambda: "x/log")
    read = known.read(receipt)
    assert read
    assert strange.read(receipt) is None
    wrong = {receipt[:-9] + "AAAAAAAAA": "whole", other: "of another entry", "x": "whole"}
    for shown, sentence in wrong.items():
        answer = portal.proof(entry, shown)
        assert 403 == answer.status_code
        assert sentence in answer.text
        assert entry not in answer.text
    assert 401 == portal.get(f"/log/entry/{entry}/proof").status_code
    assert 200 == portal.proof(entry, receipt).status_code


def test_what_was_shown_is_proved_by_the_key_of_the_month_and_nothing_else_fits(
    portal: Portal,
) -> None:
    answer = portal.ask()
    sent = msgspec.json.decode(answer.content, type=Answered)
    said = portal.opened(sent.extensions["receipt"])
    at = datetime.fromisoformat(said["at"])
    month = load_or_create_months(portal.keys / "months.key", at).of(at)
    data, errors = bytes(sent.data), bytes(sent.errors)
    assert b"Nguy" in data
    assert said["answer_hmac"] == answer_hmac(month, data, errors)
    changed = data.replace(b"MALE", b"FEMALE")
    assert changed != data
    assert said["answer_hmac"] != answer_hmac(month, changed, errors)
    assert said["answer_hmac"] != answer_hmac(month, data + b" ", errors)


def test_an_answer_with_errors_is_covered_whole(portal: Portal) -> None:
    answer = portal.ask(key={**AN, "fullName": "Trần Thị Khác"})
    sent = msgspec.json.decode(answer.content, type=Answered)
    said = portal.opened(sent.extensions["receipt"])
    at = datetime.fromisoformat(said["at"])
    month = load_or_create_months(portal.keys / "months.key", at).of(at)
    assert b"NOT_FOUND_OR_MISMATCH" in bytes(sent.errors)
    assert said["answer_hmac"] == answer_hmac(month, bytes(sent.data), bytes(sent.errors))
    assert said["answer_hmac"] != answer_hmac(month, bytes(sent.data), b"")


def test_a_refusal_and_a_catalogue_have_no_receipt(portal: Portal) -> None:
    refused = portal.ask(purpose={"procedure": "9.999999"}).json()
    assert "receipt" not in refused["errors"][0]["extensions"]
    assert "extensions" not in refused
    assert {"requestId"} == set(portal.ask("{ registries { name } }").json()["extensions"])


def test_an_export_and_a_receipt_are_all_that_a_verifier_needs(portal: Portal) -> None:
    kept = [portal.receipt()]  # Before the rotation: the gateway may take it over at once.
    portal.log("rotate", "--receipts")
    served = portal.keys_served(2)
    kept.append(portal.receipt())
    first, second = (json.loads(base64.urlsafe_b64decode(r.split(".")[0] + "==")) for r in kept)
    assert [second["kid"], first["kid"]] == [key["kid"] for key in served]
    for each in kept:
        assert 200 == portal.proof(portal.opened(each)["entry"], each).status_code
    export, held = portal.folder / "export", portal.folder / "held"
    held.write_text("".join(f"{each}\n" for each in kept))
    portal.log("export", str(export))
    told = subprocess.run(
        [sys.executable, str(VERIFIER), str(export), "--receipts", str(held)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert served == json.loads((export / "jwks.json").read_text())["keys"]
    # Not everything could be checked: nobody gave keys of their own, or a checkpoint.
    assert 3 == told.returncode, told.stdout
    assert re.search(r"RECEIPTS_RIGHT[^A-Z]*\b2\b", told.stdout), told.stdout
    assert not re.search("RECEIPT_|ENTRY_MISSING", told.stdout)


def test_the_seed_is_for_its_owner_only_and_the_receipt_stays_out_of_what_is_said(
    portal: Portal,
) -> None:
    receipt = portal.receipt()
    portal.proof(str(uuid.uuid4()), "x")
    portal.proof(portal.opened(receipt)["entry"], receipt)
    modes = {stat.S_IMODE(each.stat().st_mode) for each in (portal.keys / "receipts").iterdir()}
    assert {0o600} == modes
    said = portal.gateway.said()
    assert not [part for part in receipt.split(".") if part in said]


def test_readiness_tells_what_the_sequencer_does_and_how_far_it_is(portal: Portal) -> None:
    ready = soon(lambda: portal.get("/ready"), lambda ready: ready.json()["lag"] is not None)
    assert (200, "SEQUENCING") == (ready.status_code, ready.json()["sequencer"])
    assert 0 <= ready.json()["lag"] < 10
