"""What only all replicas together can tell of a request: its quota, and whose its dossier is.

After everything that can be decided here alone, and before any registry is asked. An attestation is
checked first: it costs a signature and tells nothing; quotas next; the dossier is bound last, so
that a refused request leaves no mark on it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

import msgspec
import structlog

from adapters.registry import RegistryName
from auth.attempts import Attempts, Tries
from auth.attestation import verify_attestation
from auth.caller import Caller
from auth.consumer import Consumer
from auth.dossiers import Binding, Dossiers
from auth.officer import Standing
from auth.purpose import VIETNAM
from auth.quotas import Allowance, Quotas
from auth.refusal import Refused, refuse
from auth.shared import SharedUnavailable
from resolvers.citizens import OWN_ASK
from resolvers.decisions import Licence
from resolvers.parties import by_role

_log = structlog.get_logger()

Withdrawn = Callable[[str, str, str, date], str | None]
"""Give the ground, in its owner's words, on which a registry (in small letters) is withdrawn from a
consumer's procedure on a day; None where it is not."""


class Admitted(msgspec.Struct, frozen=True, kw_only=True):
    """An operation that may read: which dossier it is bound to, and what guessing costs it."""

    tries: Tries
    withheld: Callable[[RegistryName], str | None]
    """In the words of its owner, why a registry is withheld from this purpose."""
    binding: Binding | None = None


class Admission:
    """Admits operations. Made once, at start."""

    def __init__(
        self,
        *,
        quotas: Quotas,
        attempts: Attempts,
        dossiers: Dossiers,
        consumers: Callable[[], Mapping[str, Consumer]],
        withdrawn: Withdrawn,
        audience: str,
        now: Callable[[], datetime],
    ) -> None:
        self._quotas = quotas
        self._attempts = attempts
        self._dossiers = dossiers
        self._consumers = consumers
        self.withdrawn = withdrawn
        self._audience = audience
        self._now = now

    async def admit(self, caller: Caller, licence: Licence) -> Admitted | Refused:
        """Admit the operation, or say why not."""
        if unattested := self._unattested(licence):
            return unattested
        try:
            return await self._counted(caller, licence)
        except SharedUnavailable:
            return refuse("guard-unavailable")

    def _unattested(self, licence: Licence) -> Refused | None:
        """Hold the portal's signed word against the request, where its grant asks for one."""
        ask, granted = licence.ask, licence.granted
        if granted.attestation != "ATTESTED" or not licence.subjects or ask is OWN_ASK:
            return None
        return verify_attestation(
            ask.attestation,
            self._consumers().get(granted.consumer_id),
            audience=self._audience,
            code=ask.dossier_code,
            draft=ask.draft,
            procedure=granted.procedure,
            opened_on=ask.opened_on,
            parties=by_role(licence.subjects),
            now=self._now(),
        )

    async def _counted(self, caller: Caller, licence: Licence) -> Admitted | Refused:
        granted = licence.granted
        # Whom the consumer alone vouches for is nobody's second quota: it could vouch for millions.
        citizen = None if caller.own_word else caller.subject
        allowance = Allowance(
            subjects_per_minute=granted.subjects_per_minute,
            subjects_per_hour=granted.subjects_per_hour,
            requests_per_minute=granted.requests_per_minute,
        )
        over = await self._quotas.request(
            granted.consumer_id, allowance
        ) or await self._quotas.spend(
            granted, [s.counted for s in licence.subjects], allowance, citizen=citizen
        )
        if over:
            _log.warning(
                "a quota is spent",
                consumer=granted.consumer_id,
                rule=over.rule,
                action="see in the access log who asks about so many; raise the grant's quota only "
                "when the counter really is that busy",
            )
            return over
        binding = None
        if licence.subjects and (licence.ask.dossier_code or licence.ask.draft):
            bound = await self._dossiers.bind(
                granted.consumer_id,
                granted.procedure,
                code=licence.ask.dossier_code,
                draft=licence.ask.draft,
                parties=by_role(licence.subjects),
            )
            if isinstance(bound, Refused):
                return bound
            binding = bound
        return Admitted(
            tries=self._attempts.of(
                granted.consumer_id,
                citizen or granted.officer_id,
                licence.ask.dossier_code or licence.ask.draft or "",
                step=licence.ask.step.value,
                vouched=citizen is not None or granted.officer_standing is Standing.CLAIM,
            ),
            withheld=self._withholding(licence),
            binding=binding,
        )

    def _withholding(self, licence: Licence) -> Callable[[RegistryName], str | None]:
        today = self._now().astimezone(VIETNAM).date()
        granted = licence.granted

        def ground(name: RegistryName) -> str | None:
            return self.withdrawn(name.value.lower(), granted.consumer_id, granted.procedure, today)

        return ground
