"""The sandbox as a visitor meets it: a process that was started, and calls over its sockets."""

import base64
import hashlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
from lxml import etree

ROOT = Path(__file__).parents[2]
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
ASKED = "{http://dancuquocgia.bca}"
SECRET = "sandbox-secret"
TOLD = "{http://www.mic.gov.vn/dancu/1.0}"

Start = Callable[..., "Running"]
"""Starts a sandbox with command-line options, by default on any free ports."""


class Running:
    """A started sandbox; *addresses* is its ready line."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.directory = directory
        started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--dir", str(directory), *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        self.seconds_to_start = time.monotonic() - started
        self.addresses: dict[str, Any] = json.loads(line) if line else {}
        self.http = httpx2.Client(timeout=30)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> tuple[int, float, str]:
        """Stop it: the exit status, the seconds it took, and all it said after the ready line."""
        self.http.close()
        started = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(by)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, time.monotonic() - started, out + err

    def fault(self, registry: str, mode: str, **more: int) -> httpx2.Response:
        """Set a fault."""
        url = f"{self.addresses['control']}/faults/{registry}"
        return self.http.put(url, json={"mode": mode, **more})

    def heal(self) -> None:
        """Lift all faults."""
        self.http.delete(f"{self.addresses['control']}/faults").raise_for_status()

    def journal(self) -> list[dict[str, Any]]:
        """Read the journal."""
        rows: list[dict[str, Any]] = self.http.get(f"{self.addresses['control']}/journal").json()
        return rows

    def key(self, number: str) -> str:
        """Digest a number as the journal does."""
        salt = (self.directory / "salt").read_bytes()
        return hashlib.sha256(salt + number.encode()).hexdigest()[:16]


class Asker:
    """A client of the population registry that can break each rule."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.url: str = running.addresses["population"]
        self._ids = count(1)

    def fields(self, **proof: str) -> dict[str, str]:
        """Return the call's elements in their order; *number*, *name*, *birth* are the proof."""
        number, birth = proof["number"], proof["birth"]
        return {
            "MaYeuCau": proof.get("request_id", f"{time.monotonic_ns()}-{next(self._ids)}"),
            "MaDVC": proof.get("procedure", "1.004222"),
            "MaTichHop": "037",
            "MaCanBo": proof.get("officer", "097188000171"),
            "MaDonVi": "H26.12",
            "TaiKhoan": "portal-hanoi",
            "SoDienThoai": "",
            "SoCMND" if len(number) == 9 else "SoDinhDanh": number,
            "HoVaTen": proof["name"],
            "NgayThangNam" if len(birth) == 8 else "Nam": birth,
        }

    def envelope(self, fields: dict[str, str], operation: str, namespace: str = ASKED) -> bytes:
        """Write the call; the two birth elements are wrapped as the service wants them."""
        envelope = etree.Element(f"{SOAP}Envelope")
        call = etree.SubElement(etree.SubElement(envelope, f"{SOAP}Body"), namespace + operation)
        for name, text in fields.items():
            parent = call
            if name in {"NgayThangNam", "Nam"}:
                parent = etree.SubElement(call, f"{namespace}NgayThangNamSinh")
            etree.SubElement(parent, namespace + name).text = text
        return etree.tostring(envelope)

    def headers(self, *, seconds: float = 0, url: str = "", secret: str = SECRET) -> dict[str, str]:
        """Sign the call; *seconds* moves the clock, *url* and *secret* change the signature."""
        stamp = str(int((time.time() + seconds) * 1000))
        digest = hashlib.sha256(f"{url or self.url}lienthong{stamp}{secret}".encode()).hexdigest()
        basic = base64.b64encode(f"lienthong:{digest}".encode()).decode()
        return {
            "Timestamp": stamp,
            "Authorization": f"Basic {basic}",
            "X-Road-Client": "VN:GOV:lienthong",
            "ApiKey": "sandbox-key",
            "Content-Type": "text/xml",
            "SOAPAction": "",
        }

    def post(self, body: bytes, headers: dict[str, str] | None = None) -> httpx2.Response:
        """Send a body as it is."""
        return self.running.http.post(self.url, content=body, headers=headers or self.headers())

    def ask(self, operation: str = "TraCuuThongTinCongDan", **proof: str) -> httpx2.Response:
        """Ask as an honest client does."""
        return self.post(self.envelope(self.fields(**proof), operation))

    def numbers(self, **proof: str) -> list[str | None]:
        """Ask, and return the numbers of the citizens in the answer."""
        answer = self.ask(**proof)
        assert answer.status_code == 200
        found = etree.fromstring(answer.content).iterfind(f".//{TOLD}CongDan/{TOLD}SoDinhDanh")
        return [number.text for number in found]


def body_of(answer: httpx2.Response) -> etree._Element:
    """Return the SOAP body of an answer."""
    [body] = etree.fromstring(answer.content).iterfind(f"{SOAP}Body")
    return body


def fault_of(answer: httpx2.Response) -> tuple[int, str | None]:
    """Return the HTTP status and the code of a fault; there must be one."""
    [fault] = body_of(answer).iterfind(f"{SOAP}Fault")
    assert fault.findtext("faultcode") == "soapenv:Client"
    return answer.status_code, fault.findtext(f"detail/{TOLD}MaLoi")
