"""What a citizen may read of the own record, without a dossier."""

import strawberry

from resolvers import results
from resolvers.edges import edge_field
from resolvers.log.fields import own_access_log
from resolvers.names import OWN_TYPE
from resolvers.types.own_access import OwnAccessConnection
from resolvers.types.person import Person
from resolvers.types.record import record


@record(results.Me)
class Me:
    """Bản thân: what a citizen's own token may read of that citizen, logged like any reading."""

    person: Person | None = edge_field(
        "Công dân: the own record, proven by the token's number, name and birth date, the fields "
        "of the document self-access; population registry.",
        type_name=OWN_TYPE,
        name="person",
    )
    access_log: OwnAccessConnection = strawberry.field(
        resolver=own_access_log,
        description="Ai đã xem dữ liệu của tôi: who asked what about the citizen, in words.",
    )
