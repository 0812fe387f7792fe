"""The page for portal developers shows how a receipt is checked: it is run here as it stands."""

import base64
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.errors import BadSignatureError

from audit.tree.signing import check_checkpoint, parse_vkeys
from audit.tree.tlog_proof import parse_tlog_proof
from tests.audit.tree import slow_merkle
from tests.journeys.documents import purpose
from tests.journeys.house import House
from tests.patience import soon

PAGE = Path(__file__).parents[2] / "docs" / "graphql.md"
PERSON = """
query Person($purpose: Purpose!, $key: PersonKey!) {
  dossier(purpose: $purpose) { person(role: "applicant", key: $key) { fullName } }
}
"""


def kept(house: House) -> str:
    """Ask about An, and keep the receipt."""
    answer = house.ask(PERSON, {"purpose": purpose(), "key": house.key("an")})
    receipt: str = answer["extensions"]["receipt"]
    return receipt


def checked(receipt: str, gateway: str) -> dict[str, Any]:
    """Run the block of the page with *receipt*, and give the names that it made."""
    found = re.search(
        r"<!-- example: receipt -->\n```python\n(.*?)```", PAGE.read_text(), re.DOTALL
    )
    assert found
    block = found[1].replace("http://127.0.0.1:8000", gateway)
    names: dict[str, Any] = {"receipt": receipt}
    exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102 - our own page, as a reader would
    return names


def test_the_page_checks_a_receipt_and_gets_a_proof_that_leads_to_the_served_checkpoint(
    house: House,
) -> None:
    receipt, gateway = kept(house), house.addresses["gateway"]

    made = soon(lambda: checked(receipt, gateway), lambda names: names["proof"].status_code != 404)

    promise = made["promise"]
    proof = parse_tlog_proof(made["proof"].text)
    keys = parse_vkeys(house.http.get(f"{gateway}/log/vkeys").text)
    signed = check_checkpoint(proof.note, keys).checkpoint
    leaf = bytes.fromhex(promise["leaf"])
    assert slow_merkle.includes(proof.index, signed.size, leaf, proof.path, signed.root)
    assert promise["origin"] == signed.origin


def test_the_page_refuses_a_receipt_that_was_changed(house: House) -> None:
    with pytest.raises(BadSignatureError):
        checked(f"{kept(house)[:-9]}AAAAAAAAA", house.addresses["gateway"])


def test_the_signature_covers_the_bytes_before_the_last_dot_for_whom_no_library_knows_the_name(
    house: House,
) -> None:
    receipt = kept(house)
    said, _, signature = receipt.rpartition(".")
    [key] = house.http.get(f"{house.addresses['gateway']}/.well-known/jwks.json").json()["keys"]
    assert ("Ed25519", "sig") == (key["alg"], key["use"])
    Ed25519PublicKey.from_public_bytes(_bytes(key["x"])).verify(_bytes(signature), said.encode())


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(f"{text}==")
