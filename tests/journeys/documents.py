"""The documents and purposes that the journeys send."""

import itertools
from typing import Any

# The examples of the README have the first numbers, and are asked in the same house.
_dossiers = itertools.count(1001)
_officers = itertools.count(1)


def purpose(procedure: str = "1.004222", **more: Any) -> dict[str, Any]:
    """Give the purpose of a new dossier, so that nothing of an earlier one is in the cache."""
    return {
        "procedure": procedure,
        "dossier": {"code": f"H26.12-261121-{next(_dossiers):04}"},
        **more,
    }


INVENTED = "09718501"
"""How the numbers of the tests' officers begin; the house gives each a token of their own."""


def officer() -> dict[str, str]:
    """Give an officer whom nobody has met: the own attempts and quota are whole."""
    return {
        "kind": "OFFICER",
        "personalId": f"{INVENTED}{next(_officers):04}",
        "unit": "H26.12",
    }


PREFILL = """
query Prefill($purpose: Purpose!, $subjects: [SubjectInput!]!, $only: [String!], $dryRun: Boolean) {
  dossier(purpose: $purpose) {
    prefill(subjects: $subjects, only: $only, dryRun: $dryRun) {
      outcome
      fields {
        key role label value display state editable
        source { registry fromCache recordDate }
      }
      formData
      components {
        id name outcome say legalGround retryAfter
        because { code text fields }
        correctAt { registry authority procedure }
      }
      notices { code severity role fields text suggests candidates }
      conflicts { fact role code left { display } right { display } }
      sources { registry state retryAfter until upstreamRequestIds }
    }
  }
}
"""

VERIFY = """
query Verify($purpose: Purpose!, $subjects: [SubjectInput!]!, $claims: [ClaimInput!]!) {
  dossier(purpose: $purpose) {
    verify(subjects: $subjects, claims: $claims) {
      outcome
      verdicts { role key verdict normalisation state source { registry } }
      components { id outcome say }
      notices { code text }
      sources { registry state }
    }
  }
}
"""

PERSON = """
query Person($purpose: Purpose!, $applicant: PersonKey!) {
  dossier(purpose: $purpose) {
    applicant: person(role: "applicant", key: $applicant) {
      fullName
      birthDate
      sex
      permanentResidence {
        today { display }
        asRecorded { display }
        candidates { display wardCode }
      }
      headOfHousehold { fullName }
      source { registry authority fetchedAt fromCache upstreamRequestId }
    }
  }
}
"""

HOUSEHOLD = """
query Household($purpose: Purpose!, $applicant: PersonKey!) {
  dossier(purpose: $purpose) {
    applicant: person(role: "applicant", key: $applicant) {
      fullName
      household {
        relationToHead
        members { fullName relationToHead healthInsurance { validTo } }
      }
    }
  }
}
"""
