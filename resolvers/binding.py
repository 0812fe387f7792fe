"""After an answer: which roles of the dossier stay bound to the subjects that were just named.

A role whose proof failed, or whose registry was silent, is let go, so that a slip of the pen does
not burn the dossier's reference. Only what the caller was told decides, or a reference would tell
whether a stranger's parcel exists.
"""

from collections.abc import Iterable, Mapping

from adapters.population.records import Person
from auth.attempts import Result
from auth.dossiers import Binding
from auth.shared import SharedUnavailable
from resolvers.desk import Desk
from resolvers.enums import FieldState, Verdict
from resolvers.proofs import proof_of, result_of
from resolvers.readings import Reply
from resolvers.visit import Visit

_TOLD_NOTHING = frozenset({Verdict.CANNOT_DECIDE, Verdict.LOCKED, Verdict.AMBIGUOUS})


async def settle(visit: Visit) -> None:
    """Keep what was proven, under all numbers the record states; let the rest go.

    While the shared store is away everything stays as it is: bound too long harms less.
    """
    binding = visit.errand.binding
    if binding is None:
        return
    proven = set(_proven(visit))
    try:
        await binding.let_go([role for role in binding.made if role not in proven])
        await binding.let_go_of(_unproven_numbers(visit.errand.desk, proven))
        await binding.widen(_other_numbers(visit.errand.desk.replies, proven & set(binding.made)))
    except SharedUnavailable:
        return


async def let_all_go(binding: Binding | None) -> None:
    """Unbind what this request bound: nobody got anything out of it."""
    if binding is None:
        return
    try:
        await binding.let_go(list(binding.made))
    except SharedUnavailable:
        return


def _proven(visit: Visit) -> Iterable[str]:
    for path, state in visit.noted.items():
        if state is FieldState.VALUE:
            yield path.partition("/")[0]
    for path, verdict in visit.verdicts.items():
        if verdict not in _TOLD_NOTHING:
            yield path.partition("/")[0]


def _unproven_numbers(desk: Desk, roles: set[str]) -> Mapping[str, list[str]]:
    """Give the subjects of a role of several whose own proof failed beside one that held."""
    found: dict[str, list[str]] = {role: list(desk.locked) for role in roles}
    for reply in desk.replies:
        proof = proof_of(reply.key)
        if proof is not None and result_of(reply.key, reply.answer) is not Result.MATCHED:
            for role in reply.roles & roles:
                found[role].append(proof[0])
    return found


def _other_numbers(replies: Iterable[Reply], roles: set[str]) -> Mapping[str, list[str]]:
    """Give the numbers under which the register knows the same person, role by role."""
    found: dict[str, list[str]] = {}
    for reply in replies:
        person = reply.answer
        if isinstance(person, Person):
            numbers = [n for n in (person.personal_id, *person.old_id_numbers) if n is not None]
            for role in reply.roles & roles:
                found.setdefault(role, []).extend(numbers)
    return found
