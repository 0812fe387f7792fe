"""What a dossier's reference is bound to: a procedure, and in each role its subjects.

A portal's word that a dossier exists is worth what it may be used for: one reference, one
procedure, and in each role the subjects of its first use (docs/decisions/0014 says why a typo does
not burn it). Another subject needs another reference, and each is in the access log.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from auth.heard_out import heard_out
from auth.opaque import Opaque
from auth.refusal import Refused, refuse
from auth.shared import Hold, Shared, SharedUnavailable

LIFETIME = 400 * 86_400.0
"""Seconds since the last use after which a reference may mean another dossier."""

_CODE, _DRAFT, _PROCEDURE = (b"code", b"draft", b"procedure")


class Dossiers:
    """The bindings, held for all replicas together."""

    def __init__(self, shared: Shared, opaque: Opaque) -> None:
        self._shared = shared
        self._opaque = opaque

    async def bind(
        self,
        consumer_id: str,
        procedure: str,
        *,
        code: str | None,
        draft: str | None,
        parties: Mapping[str, Sequence[str]],
    ) -> "Binding | Refused":
        """Bind the reference to *procedure* and to *parties*, role by role, or say what it is not.

        A role that is not bound yet is bound now. With code and draft both, the draft becomes the
        dossier: what was bound to it is bound to the code. Who is cancelled has bound nothing.
        """
        own = self._own_names(consumer_id, code, draft)
        if not own:
            return refuse("dossier-required")
        under = tuple(own.values())
        wishes = {name: [value] for name, value in own.items()}
        wishes[_PROCEDURE] = [self._opaque("procedure", procedure)]
        scope = consumer_id, procedure
        binding = Binding(self._shared, self._opaque, scope, under[0], wishes, parties)
        members = binding.members(parties)
        holding = asyncio.create_task(self._shared.hold(under, wishes | members, LIFETIME))
        try:
            held = await heard_out(holding)
        except SharedUnavailable:
            return refuse("guard-unavailable")
        except asyncio.CancelledError:
            with suppress(SharedUnavailable):
                if self._refusal(holding.result(), own, parties) is None:
                    await binding.let_go(binding.made)
            raise
        return self._refusal(held, own, parties) or binding

    def _refusal(
        self, held: Mapping[bytes, Hold], own: Mapping[bytes, bytes], parties: Iterable[str]
    ) -> Refused | None:
        """Say to whom the reference belongs already, if not to these; then nothing was bound."""
        other = {name for name, hold in held.items() if hold is Hold.OTHER}
        if not other.isdisjoint({*own, *own.values()}):
            return refuse("draft-of-another-dossier")
        if _PROCEDURE in other:
            return refuse("dossier-of-another-procedure")
        for role in parties:
            if self._opaque("role", role) in other:
                return refuse("subject-of-another-dossier", role=role)
        return None

    def _own_names(
        self, consumer_id: str, code: str | None, draft: str | None
    ) -> dict[bytes, bytes]:
        """Name the dossier opaquely: by its draft, by its code, or by both; the draft is first."""
        given = ((_DRAFT, draft), (_CODE, code))
        return {
            name: self._opaque(name.decode(), consumer_id, text) for name, text in given if text
        }


class Binding:
    """What one request holds of a dossier. Its methods raise SharedUnavailable: all stays bound.

    Every request holds its subjects for itself, the second one too: so a subject stays as long as
    anybody has got something out of it, and a typo sent twice at once is gone when both let go.
    It holds procedure, draft and code likewise: who lets all subjects go lets go of those too, or a
    request that got nothing could spoil the code of a dossier that is yet to come.
    """

    def __init__(
        self,
        shared: Shared,
        opaque: Opaque,
        scope: tuple[str, str],
        under: bytes,
        own: Mapping[bytes, Sequence[bytes]],
        parties: Mapping[str, Sequence[str]],
    ) -> None:
        self._shared = shared
        self._opaque = opaque
        self._scope = scope
        self._under = under
        self._own = own
        self._held = {role: set(numbers) for role, numbers in parties.items() if numbers}

    def __repr__(self) -> str:
        """Name the roles and nobody in them."""
        return f"Binding({sorted(self._held)})"

    @property
    def made(self) -> frozenset[str]:
        """The roles in which this request holds somebody."""
        return frozenset(role for role, numbers in self._held.items() if numbers)

    @property
    def names(self) -> Mapping[str, bytes]:
        """What the request calls the dossier: the opaque names of its `draft` and its `code`."""
        return {kind.decode(): self._own[kind][0] for kind in (_DRAFT, _CODE) if kind in self._own}

    async def goes_by(self, kind: str, name: bytes) -> bool:
        """Tell whether the dossier has this draft or code, though the request does not say so.

        Asked by holding it for a moment: what was there before is there afterwards.
        """
        return await heard_out(self._goes_by(kind, name))

    async def _goes_by(self, kind: str, name: bytes) -> bool:
        wish = {kind.encode(): [name]}
        held = (await self._shared.hold((self._under,), wish, LIFETIME))[kind.encode()]
        if held is not Hold.OTHER:
            await self._shared.let_go(self._under, wish)
        return held is Hold.KEPT

    async def let_go(self, roles: Iterable[str]) -> None:
        """Take back the roles whose proof failed or whose registry was silent, whole.

        So a typo does not burn the reference.
        """
        await self.let_go_of({role: sorted(self._held.get(role, ())) for role in roles})

    async def let_go_of(self, parties: Mapping[str, Sequence[str]]) -> None:
        """Take back some subjects of a role that has several."""
        leaving = {role: self._held.get(role, set()) & set(n) for role, n in parties.items()}
        for role, numbers in leaving.items():
            self._held[role] = self._held.get(role, set()) - numbers
        members = self.members({role: sorted(numbers) for role, numbers in leaving.items()})
        if members:
            if not self.made:
                members |= {name: list(value) for name, value in self._own.items()}
            # Counted: done once, whether or not anybody still waits, since nobody does it again.
            await heard_out(self._shared.let_go(self._under, members))

    async def widen(self, parties: Mapping[str, Sequence[str]]) -> None:
        """Let the same person's other numbers pass too, once a registry has stated them."""
        members = self.members(parties)
        if members:
            await self._shared.widen(self._under, members)

    def members(self, parties: Mapping[str, Sequence[str]]) -> dict[bytes, list[bytes]]:
        """Write the roles and the numbers in them opaquely."""
        return {
            self._opaque("role", role): [
                self._opaque("party", *self._scope, role, number)
                for number in dict.fromkeys(numbers)
            ]
            for role, numbers in parties.items()
            if numbers
        }
