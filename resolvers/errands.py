"""Fits out the errand of one operation: the desk, and what it may ask for under which grant."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from adapters.registry import Errand as RegistryErrand
from adapters.registry import Registry, RegistryName
from audit.circumstances import Circumstances
from audit.log import AccessLog
from audit.months import MonthKeys
from resolvers.admission import Admitted
from resolvers.decisions import Licence
from resolvers.desk import Desk, Reads
from resolvers.edges import Loader
from resolvers.lookups import Lookups
from resolvers.minors import confirming
from resolvers.notes import Notes
from resolvers.seals import Seals
from resolvers.visit import Errand


class Errands(msgspec.Struct, frozen=True, kw_only=True):
    """Fits out errands. Made once, at start."""

    registries: Mapping[RegistryName, Registry]
    log: AccessLog
    months: MonthKeys
    now: Callable[[], datetime]
    deadline_s: float

    def of(
        self, licence: Licence, admitted: Admitted, notes: Notes, request_id: str, started: float
    ) -> Errand:
        """Fit out the errand of an operation that was licensed and admitted."""
        granted, procedure = licence.granted, licence.procedure
        desk = Desk(
            Reads(
                registries=self.registries,
                log=self.log,
                notes=notes,
                errand=RegistryErrand(
                    procedure=granted.procedure,
                    officer_id=granted.officer_id,
                    agency=granted.receiving_agency,
                    request_id=request_id,
                    deadline=started + self.deadline_s,
                    scope=_cache_scope(notes.circumstances),
                ),
                granted=procedure.paths
                | (confirming(procedure) if licence.children else frozenset()),
                lookups=Lookups(admitted.tries, admitted.withheld, self.now),
            )
        )
        return Errand(
            procedure=procedure,
            granted=granted,
            acting_for=licence.ask.acting_for,
            desk=desk,
            loader=Loader(desk),
            tries=admitted.tries,
            binding=admitted.binding,
            seals=Seals(self.months, granted, admitted.binding, self.now),
        )


def _cache_scope(known: Circumstances) -> str:
    """Name whose cached answers may be used: this consumer's, for this dossier or citizen."""
    return f"{known.consumer_id}/{known.dossier_tag or known.draft_tag or known.token_id}"
