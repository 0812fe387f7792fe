import asyncio
from collections.abc import Mapping, Sequence

import pytest

from auth.dossiers import LIFETIME, Binding, Dossiers
from auth.opaque import Opaque
from auth.refusal import Refused, refuse
from auth.shared import Shared
from tests.auth.mint import CITIZEN, Clock

TYPO = "097085000110"
OTHER = "097085000102"
OLD = "097850001"
CODE, DRAFT = "H26.12-261101-0001", "draft-7"

AN: Mapping[str, Sequence[str]] = {"applicant": [CITIZEN]}
BINH: Mapping[str, Sequence[str]] = {"applicant": [OTHER]}


class Portal:
    """One consumer's dossiers."""

    def __init__(self, store: Shared, opaque: Opaque, name: str = "portal-hanoi") -> None:
        self.dossiers = Dossiers(store, opaque)
        self.name = name

    async def bind(
        self,
        parties: Mapping[str, Sequence[str]],
        *,
        code: str | None = None,
        draft: str | None = None,
        procedure: str = "1.004222",
    ) -> Binding | Refused:
        """Ask for a binding."""
        return await self.dossiers.bind(
            self.name, procedure, code=code, draft=draft, parties=parties
        )

    async def bound(self, parties: Mapping[str, Sequence[str]], **reference: str) -> Binding:
        """Ask for one that is given."""
        binding = await self.bind(parties, **reference)
        assert isinstance(binding, Binding)
        return binding


@pytest.fixture
def portal(store: Shared, opaque: Opaque) -> Portal:
    return Portal(store, opaque)


ANOTHER = refuse("subject-of-another-dossier", role="applicant")


async def test_a_reference_is_bound_to_its_first_subjects(portal: Portal) -> None:
    assert frozenset({"applicant"}) == (await portal.bound(AN, code=CODE)).made
    await portal.bound(AN, code=CODE)
    assert ANOTHER == await portal.bind(BINH, code=CODE)
    await portal.bound(BINH, code="H26.12-261101-0002")


async def test_the_refusal_names_the_role_and_nobody(portal: Portal) -> None:
    await portal.bound({**AN, "owner": [OTHER]}, code=CODE)
    refused = await portal.bind({**AN, "owner": [CITIZEN]}, code=CODE)

    assert refused == Refused(
        code="NOT_A_PARTY", rule="subject-of-another-dossier", facts={"role": "owner"}, status=403
    )


async def test_a_role_may_come_later(portal: Portal) -> None:
    await portal.bound(AN, code=CODE)
    await portal.bound({"owner": [OTHER]}, code=CODE)
    await portal.bound({**AN, "owner": [OTHER]}, code=CODE)
    refused = await portal.bind({"owner": [CITIZEN]}, code=CODE)
    assert refuse("subject-of-another-dossier", role="owner") == refused


async def test_a_reference_serves_one_procedure(portal: Portal) -> None:
    await portal.bound(AN, code=CODE)
    refused = await portal.bind(AN, code=CODE, procedure="2.000488")
    assert refuse("dossier-of-another-procedure") == refused


async def test_each_consumer_has_references_of_its_own(store: Shared, opaque: Opaque) -> None:
    await Portal(store, opaque).bound(AN, code=CODE)
    await Portal(store, opaque, "portal-lamdong").bound(BINH, code=CODE)


async def test_a_draft_becomes_a_dossier_and_stays_bound(portal: Portal) -> None:
    await portal.bound(AN, draft=DRAFT)
    assert ANOTHER == await portal.bind(BINH, draft=DRAFT, code=CODE)
    await portal.bound(AN, draft=DRAFT, code=CODE)
    assert ANOTHER == await portal.bind(BINH, code=CODE)
    refused = await portal.bind(AN, code=CODE, procedure="2.000488")
    assert refuse("dossier-of-another-procedure") == refused
    await portal.bound({"owner": [OTHER]}, code=CODE)
    refused = await portal.bind({"owner": [CITIZEN]}, draft=DRAFT)
    assert refuse("subject-of-another-dossier", role="owner") == refused


async def test_a_draft_becomes_one_dossier_only(portal: Portal) -> None:
    await portal.bound(AN, draft=DRAFT, code=CODE)
    taken = refuse("draft-of-another-dossier")
    assert taken == await portal.bind(AN, draft=DRAFT, code="H26.12-261101-0002")
    assert taken == await portal.bind(AN, draft="draft-8", code=CODE)
    await portal.bound(AN, draft="draft-8")
    assert taken == await portal.bind(AN, draft="draft-8", code=CODE)
    await portal.bound(BINH, code="H26.12-261101-0002")


async def test_a_dossier_without_a_draft_may_be_given_one(portal: Portal) -> None:
    await portal.bound(AN, code=CODE)
    await portal.bound(AN, code=CODE, draft=DRAFT)
    assert ANOTHER == await portal.bind(BINH, draft=DRAFT)


async def test_code_and_draft_of_one_spelling_are_two_references(portal: Portal) -> None:
    await portal.bound(AN, code="7")
    await portal.bound(BINH, draft="7")


async def test_a_typo_does_not_burn_the_reference(portal: Portal) -> None:
    binding = await portal.bound({"applicant": [TYPO], "owner": [OTHER]}, code=CODE)
    await binding.let_go(["applicant"])
    assert frozenset({"owner"}) == binding.made
    await portal.bound(AN, code=CODE)
    assert ANOTHER == await portal.bind(BINH, code=CODE)


async def test_a_request_that_got_nothing_leaves_nothing_behind(portal: Portal) -> None:
    failed = await portal.bound(AN, draft="another-draft", code=CODE, procedure="2.000488")
    await failed.let_go(["applicant"])
    await portal.bound(BINH, draft=DRAFT, code=CODE)
    assert refuse("draft-of-another-dossier") == await portal.bind(
        BINH, draft="another-draft", code=CODE
    )


async def test_a_request_that_got_nothing_takes_nothing_of_the_others_along(portal: Portal) -> None:
    await portal.bound(AN, draft=DRAFT, code=CODE)
    failed = await portal.bound({"owner": [TYPO]}, draft=DRAFT, code=CODE)
    await failed.let_go(["owner"])
    await failed.let_go(["owner"])
    refused = await portal.bind(AN, code=CODE, procedure="2.000488")
    assert refuse("dossier-of-another-procedure") == refused
    refused = await portal.bind(AN, draft="another-draft", code=CODE)
    assert refuse("draft-of-another-dossier") == refused


async def test_letting_go_twice_is_letting_go_once(portal: Portal) -> None:
    await portal.bound(AN, code=CODE)
    again = await portal.bound(AN, code=CODE)
    for _ in range(3):
        await again.let_go(["applicant", "no such role"])
    assert ANOTHER == await portal.bind(BINH, code=CODE)


async def test_what_another_request_has_proven_stays_bound(portal: Portal) -> None:
    """A wrong proof beside a right one is no way to take a second subject."""
    wrong = await portal.bound(AN, code=CODE)
    await portal.bound(AN, code=CODE)
    await wrong.let_go(["applicant"])
    assert ANOTHER == await portal.bind(BINH, code=CODE)


async def test_a_typo_sent_twice_at_once_is_gone_with_both(portal: Portal) -> None:
    sent = [await portal.bound({"applicant": [TYPO]}, code=CODE) for _ in range(2)]
    for binding in sent:
        await binding.let_go(["applicant"])
    await portal.bound(AN, code=CODE)


async def test_one_child_of_two_may_be_corrected(portal: Portal) -> None:
    binding = await portal.bound({"child": [CITIZEN, TYPO]}, code=CODE)
    await binding.let_go_of({"child": [TYPO]})
    await portal.bound({"child": [CITIZEN, OTHER]}, code=CODE)
    refused = await portal.bind({"child": [TYPO]}, code=CODE)
    assert refuse("subject-of-another-dossier", role="child") == refused


async def test_the_same_person_passes_under_the_old_number_once_proven(portal: Portal) -> None:
    binding = await portal.bound(AN, code=CODE)
    assert ANOTHER == await portal.bind({"applicant": [OLD]}, code=CODE)
    await binding.widen({"applicant": [CITIZEN, OLD]})
    await portal.bound({"applicant": [OLD]}, code=CODE)
    assert ANOTHER == await portal.bind(BINH, code=CODE)


async def test_a_reference_lives_for_400_days_after_its_last_use(
    portal: Portal, clock: Clock
) -> None:
    await portal.bound(AN, code=CODE)
    clock.now += LIFETIME - 1
    await portal.bound(AN, code=CODE)
    clock.now += LIFETIME - 1
    assert ANOTHER == await portal.bind(BINH, code=CODE)
    clock.now += 1
    await portal.bound(BINH, code=CODE)


async def test_of_two_subjects_at_once_one_wins(portal: Portal) -> None:
    sent = await asyncio.gather(*(portal.bind(AN if n % 2 else BINH, code=CODE) for n in range(20)))
    won = [isinstance(binding, Binding) for binding in sent]
    assert won in ([True, False] * 10, [False, True] * 10)


async def test_a_dossier_needs_a_name(portal: Portal) -> None:
    assert refuse("dossier-required") == await portal.bind(AN)
    assert refuse("dossier-required") == await portal.bind(AN, code="")


async def test_a_binding_prints_nobody(portal: Portal) -> None:
    assert "Binding(['applicant'])" == repr(await portal.bound(AN, code=CODE))


async def test_a_dossier_goes_by_the_draft_that_became_it(portal: Portal) -> None:
    draft = await portal.bound(AN, draft=DRAFT)
    name = draft.names["draft"]
    code = await portal.bound(AN, code="H26.12-261101-0002")
    assert ["code"] == list(code.names)
    assert not await code.goes_by("draft", name)
    both = await portal.bound(AN, draft=DRAFT, code=CODE)
    assert {"draft": name, "code": both.names["code"]} == both.names
    later = await portal.bound(AN, code=CODE)
    assert await later.goes_by("draft", name)
    assert await later.goes_by("code", later.names["code"])
    assert not await later.goes_by("code", code.names["code"])
    assert await draft.goes_by("code", later.names["code"])


async def test_asking_by_what_a_dossier_goes_leaves_no_mark(portal: Portal) -> None:
    name = (await portal.bound(AN, draft=DRAFT)).names["draft"]
    binding = await portal.bound(AN, code=CODE)
    for _ in range(2):
        assert not await binding.goes_by("draft", name)
    await portal.bound(AN, draft="draft-8", code=CODE)
    held = await portal.bound(AN, draft="draft-9", code="H26.12-261101-0003")
    assert await held.goes_by("draft", held.names["draft"])
    await held.let_go(["applicant"])
    await portal.bound(BINH, draft="draft-9", code="H26.12-261101-0004")
