"""What the field guard costs: for a document seen before, and for a new one."""

import time
from collections.abc import Callable

from auth.grants import SANDBOX_GRANTS, load_grants
from auth.policy import Granted, decide
from auth.profile import Profile
from auth.purpose import Ask
from benchmarks.world import CALLER, NOW, TYPED, Measured
from resolvers.catalogue import SHIPPED, load_catalogue
from resolvers.documents import Documents, Operation
from resolvers.guard import Guard
from resolvers.procedure import Procedure
from resolvers.purposes import terms_of
from resolvers.schema import build_schema, graphql_schema

HITS = 200_000
MISSES = 2_000


def rows() -> list[Measured]:
    """Measure, in CPU microseconds a decision."""
    schema = graphql_schema(build_schema())
    procedure = load_catalogue(schema, [SHIPPED]).find("1.004222")
    operation = Documents(schema).prepare(TYPED, None)
    if procedure is None or not isinstance(operation, Operation):
        message = "the benchmark's document or procedure is not what it was"
        raise RuntimeError(message)
    guard, granted = Guard(), _granted(procedure)
    guard.decide(operation, procedure, granted)
    return [
        _measured("guard, hit", HITS, lambda: guard.decide(operation, procedure, granted)),
        _measured("guard, miss", MISSES, lambda: Guard().decide(operation, procedure, granted)),
    ]


def _granted(procedure: Procedure) -> Granted:
    ask = Ask(procedure_raw=procedure.code, procedure=procedure.code, dossier_code="H26.12-1")
    grants = load_grants(SANDBOX_GRANTS, profile=Profile.SANDBOX)
    catalogue = load_catalogue(graphql_schema(build_schema()), [SHIPPED])
    granted = decide(CALLER, grants, terms_of(ask, catalogue), ask, needed_scope="records", now=NOW)
    if not isinstance(granted, Granted):
        message = "the benchmark's caller has no grant"
        raise TypeError(message)
    return granted


def _measured(name: str, times: int, decide_once: Callable[[], object]) -> Measured:
    started = time.process_time()
    for _ in range(times):
        decide_once()
    return Measured(name, (time.process_time() - started) / times * 1e6)


if __name__ == "__main__":
    for row in rows():
        print(f"{row.name:<48} {row.cpu_us:>9.2f} us CPU")
