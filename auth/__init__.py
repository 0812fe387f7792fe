"""Who asks, for what, and may they: tokens, consumers, grants and policy.

Decisions are values with a reason, never booleans and never exceptions.

    tokens.py    a header comes in, a Caller or a Refused comes out
    grants.py    what the operator has agreed with each consumer (grant.py is one agreement)
    purpose.py   what a request says of its dossier
    policy.py    may this caller, for this purpose: Granted or Refused (officer.py: in whose name)
    paths.py     may this document: role paths against those of the procedure
    shared.py    what all replicas know of each other: quotas.py (how many), attempts.py (how often
                 wrong) and dossiers.py (about whom) count there, in memory or in Redis
    attestation.py  the portal's signed word that there is such a dossier
    refusal.py   every reason this room can give, in one table

This room knows nothing of GraphQL, HTTP servers, registries or the access log.
"""
