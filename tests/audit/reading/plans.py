"""How PostgreSQL answers a question."""

import json
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select

from audit.reading.given import look_by_index
from tests.audit.tree.workbench import connected


async def looked_by(url: str, asked: Select[Any]) -> set[str]:
    """Name the indexes by which *asked* is answered, and the tables that are read whole.

    Asked as a search asks by a key, with all its parameters. The months are left out of the names.
    """
    async with connected(url) as connection:
        written = asked.compile(
            dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
        )
        values = tuple(written.params[name] for name in written.positiontup or ())
        await look_by_index(connection)
        explained = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {written}", values)
        plan = explained.scalar_one()
    names = _names((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return {re.sub(r"_\d{4}_\d\d", "", name) for name in names}


def _names(node: dict[str, Any]) -> Iterator[str]:
    if "Index Name" in node:
        yield node["Index Name"]
    elif node["Node Type"] == "Seq Scan":
        yield f"all of {node['Relation Name']}"
    for each in node.get("Plans", ()):
        yield from _names(each)
