"""Grants, revocations and notices as a replica follows them: real files, a real HTTP server."""

import asyncio
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import httpx2
import pytest

from auth.bundle import BundleKind, seal
from auth.signing_key import new_signing_key
from gateway.settings import Settings, read_settings
from gateway.trust import Trust
from gateway.watched import SourceUnusableError
from tests.auth.agreement import FILE, KEY_OF_LAND

OPERATOR = new_signing_key()
OWNER = new_signing_key()
_OWNERS_KEY = (
    f'{{kty = "OKP", crv = "Ed25519", kid = "{OWNER.kid}", '
    f'x = "{OWNER.key.as_dict(private=False)["x"]}"}}'
)
GRANTS = FILE.replace(KEY_OF_LAND, _OWNERS_KEY)
NOTICE = 'registry = "land"\nconsumer = "portal-hanoi"\nground = "Công văn 12"\nfrom = 2026-01-01\n'
REVOKED = (
    "version = 1\nissued = 2026-01-01\nexpires = 2027-12-31\n\n"
    '[[revoked]]\ntoken = "jti-1"\nreason = "Lộ mã"\nat = 2026-01-01\n'
)
TODAY = date(2026, 6, 1)


def noon() -> datetime:
    return datetime(2026, 6, 1, 5, tzinfo=UTC)


def version(number: int) -> str:
    return seal(GRANTS.replace("version = 7", f"version = {number}"), BundleKind.GRANTS, OPERATOR)


class Place:
    """The files of an operator, and the settings that name them."""

    def __init__(self, folder: Path) -> None:
        self.grants = folder / "grants.jws"
        self.revocations = folder / "revocations.jws"
        self.withdrawals = folder / "withdrawals.jws"
        self.kept = folder / "kept"
        self.keys = folder / "operator.jwks.json"
        self.keys.write_bytes(OPERATOR.published())
        self.grants.write_text(version(7))
        self.revocations.write_text(seal(REVOKED, BundleKind.REVOCATIONS, OPERATOR))
        self.withdrawals.write_text("")

    def settings(self, **changed: object) -> Settings:
        """Give production settings that name the files."""
        return read_settings(
            **{
                "profile": "production",
                "issuers": {"https://id.example/hanoi": "https://id.example/hanoi/jwks"},
                "grants": str(self.grants),
                "grants_keys": self.keys,
                "revocations": str(self.revocations),
                "withdrawals": str(self.withdrawals),
                "kept_dir": self.kept,
                "refresh_s": 1,
                **changed,
            }
        )

    def trust(self, **changed: object) -> Trust:
        """Give a trust that is not yet open."""
        return Trust(self.settings(**changed), fetch=nothing, now=noon)


async def nothing(_url: str) -> bytes | None:
    return None


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def ground(trust: Trust) -> str | None:
    found = trust.withdrawals().find("land", "portal-hanoi", "1.004222", TODAY)
    return found.ground if found is not None else None


async def test_a_new_version_takes_effect_without_a_restart(place: Place) -> None:
    trust = place.trust()
    await trust.open()
    before = trust.version()

    place.grants.write_text(version(8))
    for _ in range(3_000):
        await asyncio.sleep(0.01)
        if trust.grants().version != 7:
            break

    assert 8 == trust.grants().version
    assert before < trust.version()
    await trust.aclose()


@pytest.mark.parametrize(
    "text",
    [
        version(6),
        seal(GRANTS + "\n", BundleKind.GRANTS, OPERATOR),
        GRANTS.replace("version = 7", "version = 8"),
        seal(GRANTS.replace("version = 7", "version = 8"), BundleKind.GRANTS, OWNER),
        seal(GRANTS.replace("version = 7", "version = 8"), BundleKind.REVOCATIONS, OPERATOR),
        seal(
            GRANTS.replace("version = 7", "version = 8").replace("2027-12-31", "2026-05-31"),
            BundleKind.GRANTS,
            OPERATOR,
        ),
        version(8)[:-2],
        seal("version = 8", BundleKind.GRANTS, OPERATOR),
        "",
    ],
    ids=[
        "older", "same-version", "unsigned", "another's", "wrong-kind", "expired", "cut",
        "invalid", "empty",
    ],
)  # fmt: skip
async def test_what_may_not_follow_leaves_the_version_in_use(place: Place, text: str) -> None:
    trust = place.trust()
    await trust.open()

    place.grants.write_text(text)
    await trust.look()

    assert 7 == trust.grants().version
    await trust.aclose()


async def test_an_expired_version_is_not_taken(place: Place) -> None:
    place.grants.write_text(
        seal(GRANTS.replace("2027-12-31", "2026-05-31"), BundleKind.GRANTS, OPERATOR)
    )

    with pytest.raises(SourceUnusableError) as refused:
        await place.trust().open()
    assert "(expired)" in str(refused.value)


async def test_a_replica_starts_from_the_kept_version_while_the_source_is_down(
    place: Place,
) -> None:
    first = place.trust()
    await first.open()
    await first.aclose()
    for source in (place.grants, place.revocations, place.withdrawals):
        source.unlink()

    again = place.trust()
    await again.open()

    assert 7 == again.grants().version
    assert again.revocations().revoked("jti-1", "portal-hanoi", None)
    assert 0o600 == stat.S_IMODE((place.kept / "grants").stat().st_mode)
    assert 0o700 == stat.S_IMODE(place.kept.stat().st_mode)
    await again.aclose()


async def test_a_restart_is_no_way_back_to_an_older_version(place: Place) -> None:
    first = place.trust()
    await first.open()
    await first.aclose()
    place.grants.write_text(version(6))

    again = place.trust()
    await again.open()

    assert 7 == again.grants().version
    await again.aclose()


async def test_a_kept_version_that_somebody_changed_is_not_believed(place: Place) -> None:
    first = place.trust()
    await first.open()
    await first.aclose()
    place.grants.unlink()
    (place.kept / "grants").write_text(GRANTS)

    with pytest.raises(SourceUnusableError):
        await place.trust().open()


async def test_a_revoked_token_is_revoked_at_the_next_look(place: Place) -> None:
    trust = place.trust()
    await trust.open()
    assert not trust.revocations().revoked("jti-2", "portal-hanoi", None)

    more = REVOKED.replace("version = 1", "version = 2").replace("jti-1", "jti-2")
    place.revocations.write_text(seal(more, BundleKind.REVOCATIONS, OPERATOR))
    await trust.look()

    assert trust.revocations().revoked("jti-2", "portal-hanoi", None)
    await trust.aclose()


async def test_only_the_owner_of_a_registry_withdraws_from_it(place: Place) -> None:
    trust = place.trust()
    await trust.open()
    strangers = seal(NOTICE, BundleKind.WITHDRAWAL, OPERATOR)
    of_another = seal(NOTICE.replace("land", "population"), BundleKind.WITHDRAWAL, OWNER)

    place.withdrawals.write_text(f"{strangers}\n{of_another}\nnonsense\n")
    await trust.look()
    assert () == trust.withdrawals().notices

    genuine = seal(NOTICE, BundleKind.WITHDRAWAL, OWNER)
    place.withdrawals.write_text(f"{strangers}\n{genuine}\n")
    await trust.look()
    assert "Công văn 12" == ground(trust)
    await trust.aclose()


async def test_a_notice_is_judged_again_when_the_owners_keys_change(place: Place) -> None:
    place.withdrawals.write_text(seal(NOTICE, BundleKind.WITHDRAWAL, OWNER))
    trust = place.trust()
    await trust.open()
    assert "Công văn 12" == ground(trust)

    replaced = FILE.replace("version = 7", "version = 8")
    place.grants.write_text(seal(replaced, BundleKind.GRANTS, OPERATOR))
    await trust.look()

    assert ground(trust) is None
    await trust.aclose()


async def test_a_source_may_be_an_address(place: Place) -> None:
    content = [version(7).encode()]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(content[0])}\r\nconnection: close\r\n\r\n"
        writer.write(head.encode() + content[0])
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with httpx2.AsyncClient(trust_env=False) as client:

        async def fetch(url: str) -> bytes | None:
            try:
                return (await client.get(url)).content
            except httpx2.HTTPError:
                return None

        settings = place.settings(grants=f"http://127.0.0.1:{port}/grants.jws")
        trust = Trust(settings, fetch=fetch, now=noon)
        await trust.open()
        assert 7 == trust.grants().version
        content[0] = version(8).encode()
        await trust.look()
        assert 8 == trust.grants().version
        server.close()
        await server.wait_closed()
        await trust.look()
        assert 8 == trust.grants().version
        await trust.aclose()


async def test_a_consumer_may_not_call_itself_an_issuer_of_the_installation(place: Place) -> None:
    text = GRANTS.replace('issuer = "https', 'keys_sign = "tokens"\nissuer = "https')
    place.grants.write_text(seal(text, BundleKind.GRANTS, OPERATOR))

    with pytest.raises(SourceUnusableError) as refused:
        await place.trust().open()
    assert "portal-hanoi (own-issuer-taken)" in str(refused.value)


async def test_an_issuer_that_the_installation_does_not_know_is_refused(place: Place) -> None:
    with pytest.raises(SourceUnusableError) as refused:
        await place.trust(issuers={}).open()
    assert "portal-hanoi (issuer-unknown)" in str(refused.value)


async def test_the_sandbox_needs_no_file_and_keeps_none(tmp_path: Path) -> None:
    settings = read_settings(kept_dir=tmp_path / "kept")
    trust = Trust(settings, fetch=nothing, now=noon)
    await trust.open()

    assert trust.grants().of("portal-hanoi")
    assert not (tmp_path / "kept").exists()
    await trust.aclose()
