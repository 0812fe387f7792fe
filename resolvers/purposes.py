"""The purpose of an operation, between the schema's words and the policy's."""

from collections.abc import Mapping
from datetime import date

from audit.circumstances import Attestation, OfficerStanding, Standing
from audit.forms import WITHHELD, code_or_withheld, reference_or_withheld
from audit.tags import TagDomain
from auth.actor import ActorKind, AssertedActor, TokenActor
from auth.caller import Caller
from auth.policy import Granted
from auth.purpose import ActingFor, ActingForKind, Ask, LegalBasis, Step, Terms
from resolvers.catalogue import Catalogue
from resolvers.notes import Notes

Given = Mapping[str, object]


def purpose_of(given: Given, catalogue: Catalogue) -> Ask:
    """Read a coerced Purpose input."""
    dossier = _below(given, "dossier") or {}
    raw = str(given["procedure"])
    found = catalogue.find(raw)
    acting = _below(given, "actingFor")
    opened = dossier.get("openedOn")
    return Ask(
        procedure_raw=raw,
        procedure=found.code if found else catalogue.national(raw),
        dossier_code=_text(dossier.get("code")),
        draft=_text(dossier.get("draft")),
        attestation=_text(dossier.get("attestation")),
        opened_on=opened if isinstance(opened, date) else None,
        step=Step(_word(given["step"])),
        actor=_actor(_below(given, "actor")),
        assisted_by=_actor(_below(given, "assistedBy")),
        acting_for=ActingFor(
            kind=ActingForKind(_word(acting["kind"])),
            role=str(acting["role"]),
            evidence=_text(acting.get("evidence")),
        )
        if acting
        else None,
        received_by=_text(given.get("receivedBy")),
        legal_basis=LegalBasis(_word(given["legalBasis"])),
        consent=_text(given.get("consent")),
    )


def terms_of(ask: Ask, catalogue: Catalogue) -> Terms | None:
    """Give what the policy must know of the procedure; an old code that was replaced has ended."""
    procedure = catalogue.find(ask.procedure)
    if procedure is not None:
        return Terms(
            code=procedure.code,
            name=procedure.name,
            version=procedure.version,
            valid_from=procedure.valid_from,
            valid_until=procedure.valid_until,
            superseded_by=catalogue.successor_of(procedure.code),
        )
    return catalogue.ended(ask.procedure)


def learn_purpose(notes: Notes, ask: Ask) -> None:
    """Let all later entries of the request say for what it was."""
    notes.learn(
        procedure=code_or_withheld(ask.procedure),
        procedure_raw=None
        if ask.procedure_raw == ask.procedure
        else code_or_withheld(ask.procedure_raw),
        dossier_tag=notes.tag(TagDomain.DOSSIER, ask.dossier_code) if ask.dossier_code else None,
        draft_tag=notes.tag(TagDomain.DRAFT, ask.draft) if ask.draft else None,
        step=ask.step.value,
        legal_basis=ask.legal_basis.value,
        acting_for_kind=ask.acting_for.kind.value if ask.acting_for else None,
        acting_for_role=code_or_withheld(ask.acting_for.role) if ask.acting_for else None,
    )
    notes.confide(
        procedure_raw=_withheld(ask.procedure_raw),
        dossier=ask.dossier_code,
        draft=ask.draft,
        evidence=ask.acting_for.evidence if ask.acting_for else None,
        consent=ask.consent,
    )
    if ask.assisted_by is not None:
        _learn_human(notes, "assisted_by", ask.assisted_by)


def learn_actor(notes: Notes, caller: Caller, ask: Ask | None = None) -> None:
    """Let all later entries say who sat at the keyboard, and on whose word we know it."""
    claimed: TokenActor | None = caller.actor
    if claimed is None and caller.subject is not None:
        claimed = TokenActor(kind=ActorKind.CITIZEN, personal_id=caller.subject)
    if claimed is not None:
        _learn_human(notes, "actor", claimed)
        notes.confide(actor_name=claimed.name)
    elif ask is not None and ask.actor is not None:
        _learn_human(notes, "actor", ask.actor)
    else:
        return
    by_issuer = claimed is not None and not caller.own_word
    notes.learn(actor_standing=Standing.CLAIM if by_issuer else Standing.ASSERTED)


def _learn_human(notes: Notes, place: str, human: TokenActor | AssertedActor) -> None:
    number = human.personal_id
    employer = human.employer if isinstance(human, AssertedActor) else None
    known: dict[str, object] = {
        "kind": human.kind.value,
        "tag": notes.tag(TagDomain.PERSON, number) if number else None,
        "unit": code_or_withheld(human.unit) if human.unit else None,
        "employer": code_or_withheld(employer) if employer else None,
    }
    notes.learn(**{f"{place}_{name}": value for name, value in known.items()})
    notes.confide(**{place: number, f"{place}_employer": _withheld(employer) if employer else None})


def learn_grant(notes: Notes, granted: Granted) -> None:
    """Let all later entries of the request say by which grant, in whose name."""
    notes.learn(
        procedure_version=granted.procedure_version,
        receiving_agency=granted.receiving_agency,
        competent_agency=granted.competent_agency,
        unit=granted.unit,
        officer_tag=notes.tag(TagDomain.OFFICER, granted.officer_id),
        officer_standing=OfficerStanding(granted.officer_standing.value),
        grant_id=reference_or_withheld(granted.grant_id),
        grant_version=granted.grant_version,
        attestation=Attestation(granted.attestation),
    )
    notes.confide(officer=granted.officer_id)


def _withheld(text: str) -> str | None:
    """Give *text* where the entry itself cannot hold it."""
    return text if code_or_withheld(text) == WITHHELD else None


def _actor(given: Given | None) -> AssertedActor | None:
    if given is None:
        return None
    return AssertedActor(
        kind=ActorKind(_word(given["kind"])),
        personal_id=_text(given.get("personalId")),
        unit=_text(given.get("unit")),
        employer=_text(given.get("employer")),
    )


def _below(given: Given, name: str) -> Given | None:
    value = given.get(name)
    return value if isinstance(value, Mapping) else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _word(value: object) -> str:
    return str(getattr(value, "value", value))
