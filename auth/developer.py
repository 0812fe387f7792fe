"""A developer in production: the schema and rehearsals, and nobody's record.

In the sandbox everybody is a developer, and all people are invented.
"""

from auth.caller import Caller
from auth.profile import Profile
from auth.refusal import Refused, refuse

DEVELOPER = "developer"
"""The scope of a token that is let into GraphiQL and reads nobody."""


def refuse_introspection(caller: Caller, profile: Profile) -> Refused | None:
    """Refuse to show the schema to whoever is no developer."""
    if profile is Profile.SANDBOX or DEVELOPER in caller.scopes:
        return None
    return refuse("introspection-needs-developer", scope=DEVELOPER)


def refuse_reading(caller: Caller, profile: Profile, field: str, scope: str) -> Refused | None:
    """Refuse a developer a *field* that reads a person; others need the *scope* for it."""
    if profile is Profile.SANDBOX or DEVELOPER not in caller.scopes:
        return None
    return refuse("developer-reads-nobody", field=field, scope=scope)
