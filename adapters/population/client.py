"""The population registry over SOAP 1.1: a lookup with proof, never a search.

Number, name and birth date together find one record or an *empty* answer, so a failed proof and
an unknown number look alike. Three forms of one proof are tried, since registries keep names and
dates differently; what comes back is graded by our own rules and dropped when it contradicts
the claim, so that the year and the bare letters are no way round the proof.

`TraCuuHoGiaDinh` is INVENTED after the two real operations; the real household service was not
read.
"""

import base64
import hashlib
import itertools
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from functools import partial
from http import HTTPStatus

import httpx2
import msgspec
import structlog
from lxml import etree

from adapters import dates, names, soap
from adapters.channel import Channel, Reply
from adapters.population import records
from adapters.population.records import Household, HouseholdKey, HouseholdMember, Person, PersonKey
from adapters.registry import (
    Absent,
    Ambiguous,
    Errand,
    Failure,
    Garbled,
    Refused,
    RegistryName,
    Source,
    Unavailable,
)
from adapters.wave import answer_each

AUTHORITY = "Bộ Công an, Cơ sở dữ liệu quốc gia về dân cư"
REQUEST_NAMESPACE = "http://dancuquocgia.bca"

OLD_NUMBER_LENGTH = 9
FAULTS_ABOUT_US = frozenset({"TIMESTAMP", "UNAUTHORIZED", "MA_CAN_BO", "MA_DON_VI", "MA_DVC"})
"""Fault details that speak of our clock, credentials, officer, agency or procedure."""

_OPERATIONS = {PersonKey: "TraCuuThongTinCongDan", HouseholdKey: "TraCuuHoGiaDinh"}

log = structlog.get_logger()


class ProofForm(msgspec.Struct, frozen=True, kw_only=True):
    """One way of writing a proof: the name as sent, the birth date as `yyyyMMdd` or `yyyy`."""

    number: str
    name: str
    birth: str

    def __repr__(self) -> str:
        """Say nothing of the person."""
        return "ProofForm(…)"


class _Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What stood in a SOAP body, and the source that the records in it will name."""

    answer: list[etree._Element]
    source: Source


class PopulationRegistry:
    """The national population database; *url* is signed as it is written here.

    *profile* is MaTichHop, the agreement that fixes which fields come back.
    """

    name = RegistryName.POPULATION

    def __init__(
        self,
        channel: Channel,
        *,
        url: str,
        account: str,
        secret: str,
        api_key: str,
        member_code: str,
        clock: Callable[[], datetime],
        profile: str = "037",
        phone: str = "",
    ) -> None:
        self._channel = channel
        self._url = url
        self._account = account
        self._secret = secret
        self._api_key = api_key
        self._member_code = member_code
        self._clock = clock
        self._profile = profile
        self._phone = phone
        self._calls = itertools.count(1)

    async def fetch_many(self, keys: Sequence[Hashable], errand: Errand) -> list[object]:
        """Answer PersonKeys and HouseholdKeys; all leave together, equal ones once."""
        return await answer_each(keys, partial(self._answer, errand=errand))

    async def aclose(self) -> None:
        """Give back connections."""
        await self._channel.aclose()

    async def _answer(self, key: Hashable, errand: Errand) -> object:
        """Try the forms of a proof, until one of them finds more than nothing."""
        if not isinstance(key, PersonKey | HouseholdKey):
            msg = "the population registry answers PersonKey and HouseholdKey"
            raise TypeError(msg)
        answer: object = Refused()
        if not errand.officer_id:
            return answer  # the registry demands the officer's own number
        for form in proof_forms(_proof(key)):
            heard = await self._ask(_OPERATIONS[type(key)], form, errand)
            answer = _judged(heard, key) if isinstance(heard, _Heard) else heard
            if not isinstance(answer, Absent):
                break
        return answer

    async def _ask(self, operation: str, form: ProofForm, errand: Errand) -> _Heard | Failure:
        """Make one call; a second attempt carries a new MaYeuCau, since an old one is refused."""
        request_id = ""

        def request() -> httpx2.Request:
            nonlocal request_id
            request_id = f"{errand.request_id}-{next(self._calls)}"
            return self._request(operation, form, errand, request_id)

        reply = await self._channel.send(
            request(), deadline=errand.deadline, again=request, speaks=_blames_the_call
        )
        if not isinstance(reply, Reply):
            return reply
        answer = soap.read(reply.body)
        if isinstance(answer, soap.Fault):
            return _failure(answer)
        if answer is None or reply.status != HTTPStatus.OK:
            return Garbled()
        source = Source(
            registry=self.name,
            authority=AUTHORITY,
            fetched_at=self._clock(),
            upstream_request_id=request_id,
        )
        return _Heard(answer=answer, source=source)

    def _request(
        self, operation: str, form: ProofForm, errand: Errand, request_id: str
    ) -> httpx2.Request:
        timestamp = str(int(self._clock().timestamp() * 1000))
        signed = f"{self._url}{self._account}{timestamp}{self._secret}"
        digest = hashlib.sha256(signed.encode()).hexdigest()
        credentials = base64.b64encode(f"{self._account}:{digest}".encode()).decode()
        return self._channel.client.build_request(
            "POST",
            self._url,
            headers={
                "Content-Type": soap.CONTENT_TYPE,
                "SOAPAction": '""',
                "Timestamp": timestamp,
                "Authorization": f"Basic {credentials}",
                "X-Road-Client": self._member_code,
                "ApiKey": self._api_key,
            },
            content=self._envelope(operation, form, errand, request_id),
        )

    def _envelope(self, operation: str, form: ProofForm, errand: Errand, request_id: str) -> bytes:
        """Write the call; the order of the elements is part of the agreement."""
        old = len(form.number) == OLD_NUMBER_LENGTH
        fields = {
            "MaYeuCau": request_id,
            "MaDVC": errand.procedure,
            "MaTichHop": self._profile,
            "MaCanBo": errand.officer_id,
            "MaDonVi": errand.agency,
            "TaiKhoan": self._account,
            "SoDienThoai": self._phone,
            "SoCMND" if old else "SoDinhDanh": form.number,
            "HoVaTen": form.name,
        }
        call = etree.Element(_dan(operation), nsmap={"dan": REQUEST_NAMESPACE})
        for name, value in fields.items():
            etree.SubElement(call, _dan(name)).text = value
        birth = etree.SubElement(call, _dan("NgayThangNamSinh"))
        kind = "Nam" if len(form.birth) == len("yyyy") else "NgayThangNam"
        etree.SubElement(birth, _dan(kind)).text = form.birth
        return soap.write(call)


def _dan(name: str) -> str:
    return f"{{{REQUEST_NAMESPACE}}}{name}"


def proof_forms(proof: PersonKey) -> list[ProofForm]:
    """Write a proof as given, then with the year alone, then without marks: at most three.

    The last keeps to the year, so that a lost mark and an unwritten day may meet in one record.
    """
    name = " ".join(names.compose(proof.full_name).split()).upper()
    year = f"{proof.birth_date.year:04}"
    full = dates.compact(proof.birth_date) if dates.as_date(proof.birth_date) else year
    written = ((name, full), (name, year), (names.bare(proof.full_name), year))
    return [
        ProofForm(number=proof.number, name=name, birth=birth)
        for name, birth in dict.fromkeys(written)
    ]


def _proof(key: PersonKey | HouseholdKey) -> PersonKey:
    return key.person if isinstance(key, HouseholdKey) else key


def _judged(heard: _Heard, key: PersonKey | HouseholdKey) -> object:
    """Choose the one record about the person asked for that does not contradict the proof."""
    found: Sequence[Person | Household]
    try:
        if isinstance(key, HouseholdKey):
            found = records.households_from_wire(heard.answer, key, heard.source)
        else:
            found = records.persons_from_wire(heard.answer, key, heard.source)
    except ValueError:
        return Garbled()
    about = [record for record in found if _is_about(record, _proof(key))]
    if len(about) < len(found):
        request_id = heard.source.upstream_request_id
        log.error("a registry answered about another person", request_id=request_id)
        return Ambiguous(source=heard.source) if about else Garbled(another_person=True)
    proven = [it for record in about if (it := _proven(record, _proof(key))) is not None]
    if len(proven) > 1:
        return Ambiguous(source=heard.source)
    return proven[0] if proven else Absent(source=heard.source)


def _is_about(record: Person | Household, proof: PersonKey) -> bool:
    """Whether the record bears the number asked for; no household member shows an old one."""
    if isinstance(record, Person):
        return proof.number in {record.personal_id, *record.old_id_numbers}
    return any(_may_be(member, proof) for member in record.members)


def _may_be(member: HouseholdMember, proof: PersonKey) -> bool:
    return member.personal_id == proof.number or len(proof.number) == OLD_NUMBER_LENGTH


def _proven(record: Person | Household, proof: PersonKey) -> Person | Household | None:
    """Give the record if the person in it agrees with the proof, or None."""
    if isinstance(record, Person):
        return record if records.proves(record.name_grade, record.birth_grade) else None
    for member in record.members:
        name = records.name_grade(proof, member.full_name)
        birth = records.birth_grade(proof, member.birth_date)
        if _may_be(member, proof) and records.proves(name, birth):
            return msgspec.structs.replace(record, relation_to_head=member.relation_to_head)
    return None


def _failure(fault: soap.Fault) -> Failure:
    """Read a Fault: the registry's own trouble, something about us, or a call it did not know."""
    if fault.code.startswith("Server"):
        return Unavailable()
    about_us = fault.code.startswith("Client.Auth") or fault.words & FAULTS_ABOUT_US
    return Refused() if about_us else Garbled()


def _blames_the_call(reply: Reply) -> bool:
    """Whether an error status carries a Fault, and one that does not speak of a sick registry."""
    fault = soap.read(reply.body)
    return isinstance(fault, soap.Fault) and not fault.code.startswith("Server")
