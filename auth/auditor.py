"""Who may read the access log, and who may see the numbers in it.

No grant is needed: an auditor is no consumer of registries. The scope is an issuer's word; a token
that a consumer signed itself would let every portal audit all the others.
"""

from auth.caller import Caller
from auth.developer import refuse_reading
from auth.profile import Profile
from auth.refusal import Refused, refuse

AUDIT = "audit:read"
"""The scope that opens the log, with numbers masked."""
UNMASK = "audit:unmask"
"""The scope that shows the numbers and free texts as well."""


def check_auditor(caller: Caller, profile: Profile, field: str) -> Refused | None:
    """Refuse the log to whoever is no auditor, or says so only on the own word."""
    if AUDIT not in caller.scopes:
        return refuse("scope-missing", scope=AUDIT)
    if caller.own_word:
        return refuse("log-needs-an-issuer")
    return refuse_reading(caller, profile, field, AUDIT)


def may_unmask(caller: Caller) -> bool:
    """Tell whether the reader may see numbers and free texts."""
    return UNMASK in caller.scopes
