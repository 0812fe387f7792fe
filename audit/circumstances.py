"""Who asks, for whom, by which procedure and grant: what all entries of a request say alike.

Everything a request says of itself stands here, once; what happened is added in audit/entry.py.
Persons appear as tags, words as words of closed lists: see audit/forms.py.
What an auditor may need besides (numbers, free text) is encrypted apart: see audit/detail.py.
"""

from enum import StrEnum

from audit.forms import Code, Count, Digest, Kept, Reference, Tag, Word


class OfficerStanding(StrEnum):
    """On whose word the officer of an entry is the officer."""

    CLAIM = "CLAIM"
    """A verified claim of the token."""
    ASSERTED = "ASSERTED"
    """The portal's request says so."""
    ACCOUNTABLE = "ACCOUNTABLE"
    """Nobody sat at the counter: the officer whom the grant makes answer for it."""


class Standing(StrEnum):
    """On whose word an actor is who the entry says."""

    CLAIM = "CLAIM"
    """The issuer's, in a verified token."""
    ASSERTED = "ASSERTED"
    """The portal's, in its request or in a token that it signed itself."""


class Attestation(StrEnum):
    """How the dossier itself is known to exist."""

    ASSERTED = "ASSERTED"
    """The portal says so."""
    ATTESTED = "ATTESTED"
    """The portal has signed that it does, with the key of its grant."""


class Circumstances(Kept, frozen=True, kw_only=True, omit_defaults=True):
    """Who asks, for whom, by which procedure and grant: the same in all entries of a request."""

    request_id: Reference
    consumer_id: Code | None = None
    token_id: Reference | None = None
    """The token's `jti`."""
    receiving_agency: Code | None = None
    """Where the dossier is taken in; it may differ from the *competent_agency*."""
    competent_agency: Code | None = None
    unit: Code | None = None
    officer_tag: Tag | None = None
    officer_standing: OfficerStanding | None = None
    actor_kind: Word | None = None
    """Who sat at the keyboard: an officer, a post employee, the citizen, a system."""
    actor_standing: Standing | None = None
    actor_tag: Tag | None = None
    actor_unit: Code | None = None
    actor_employer: Code | None = None
    acting_for_kind: Word | None = None
    acting_for_role: Code | None = None
    assisted_by_kind: Word | None = None
    """The helper beside the actor; always the portal's word."""
    assisted_by_tag: Tag | None = None
    assisted_by_unit: Code | None = None
    assisted_by_employer: Code | None = None
    procedure: Code | None = None
    procedure_raw: Code | None = None
    """The code as it was sent, when it was another one."""
    procedure_version: Reference | None = None
    dossier_tag: Tag | None = None
    draft_tag: Tag | None = None
    step: Word | None = None
    legal_basis: Word | None = None
    grant_id: Reference | None = None
    grant_version: Count | None = None
    attestation: Attestation | None = None
    document_hash: Digest | None = None
    """SHA-256 of the normalised document."""
    operation_name: Code | None = None
