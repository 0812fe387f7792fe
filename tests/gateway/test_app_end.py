"""The end of a gateway: the access log ends in order, whatever else fails to."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from auth.keys import IssuerKeys
from gateway.app import create_app
from gateway.settings import read_settings
from gateway.tree import Tree

BROKEN = "a part of the house that cannot be closed"


class StuckError(Exception):
    """What closing something may raise."""


async def _stuck(_self: object) -> None:
    raise StuckError(BROKEN)


def _kinds(file: Path) -> list[str]:
    with create_engine(f"sqlite:///{file}").connect() as asking:
        return list(asking.scalars(text("SELECT kind FROM audit_entry ORDER BY counter")))


@pytest.mark.parametrize(("part", "name"), [(IssuerKeys, "aclose"), (Tree, "start")])
async def test_the_log_says_that_its_boot_has_ended_whatever_else_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: type, name: str
) -> None:
    monkeypatch.setattr(part, name, _stuck)
    file = tmp_path / "access-log.db"
    app = create_app(
        read_settings(
            profile="sandbox",
            access_log_url=f"sqlite+aiosqlite:///{file}",
            keys_dir=tmp_path / "keys",
        )
    )
    with pytest.raises(StuckError, match=BROKEN):
        async with app.router.lifespan_context(app):
            assert "aclose" == name
    assert ["BOOT_START", "BOOT_END"] == _kinds(file)
