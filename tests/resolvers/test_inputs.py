"""What a caller sends, and what must not be printed of it or of the answer."""

import typing
from typing import cast

import pytest

from resolvers import enums, results
from tests.resolvers.vocabulary import named_types, schema


def test_results_do_not_print_the_values_they_carry() -> None:
    field = results.PrefilledField(
        key="nguoiKhai.hoTen",
        role="applicant",
        label="Họ, chữ đệm và tên",
        state=enums.FieldState.VALUE,
        editable=False,
        value="Nguyễn Văn An",
        display="Nguyễn Văn An",
    )
    prefill = results.Prefill(
        outcome=enums.PrefillOutcome.COMPLETE,
        fields=(field,),
        form_data={"nguoiKhai": {"hoTen": "Nguyễn Văn An"}},
    )

    assert repr(prefill) == "Prefill(…)"
    assert repr(field) == "PrefilledField(…)"


SUBJECT = {
    "role": "applicant",
    "is": {
        "person": {
            "number": {"personalId": "097203000001"},
            "fullName": "Nguyễn Văn An",
            "birthDate": "1985",
        }
    },
}


async def echo(subject: object) -> tuple[object, list[str]]:
    """Send a subject; give what its input prints, and the messages of errors."""
    answer = await schema().execute(
        "query($subject: SubjectInput) { echo(subject: $subject) }",
        variable_values={"subject": subject},
    )
    return answer.data, [error.message for error in answer.errors or []]


async def test_inputs_do_not_print_the_person_they_carry() -> None:
    assert await echo(SUBJECT) == ({"echo": "SubjectInput(…)"}, [])


@pytest.mark.parametrize(
    "numbers", [{}, {"personalId": "097203000001", "oldIdNumber": "099999999"}]
)
async def test_a_person_is_named_by_exactly_one_number_or_refused_without_repeating_it(
    numbers: dict[str, str],
) -> None:
    key = SUBJECT["is"]["person"] | {"number": numbers}  # type: ignore[index]
    data, messages = await echo(SUBJECT | {"is": {"person": key}})

    assert data is None
    assert messages == ["OneOf Input Object 'PersonNumber' must specify exactly one key."]


async def test_a_purpose_opens_the_form_by_law_unless_it_says_otherwise() -> None:
    fields = cast("typing.Any", named_types()["Purpose"]).fields

    assert fields["step"].default_value == enums.DossierStep.OPEN_FORM
    assert fields["legalBasis"].default_value == enums.LegalBasis.LAW
