"""Each of the 45 cases of the domain is shown by a named test."""

import json
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
CASES = json.loads((Path(__file__).parent / "data" / "sandbox_cases.json").read_text())["cases"]

SHOWN = {
    "C01": "journeys/test_verify.py::test_a_name_is_graded",
    "C02": "journeys/test_verify.py::test_a_name_is_graded",
    "C03": "journeys/test_verify.py::test_a_name_is_graded",
    "C04": "journeys/test_verify.py::test_a_name_is_graded",
    "C05": "journeys/test_verify.py::test_c05",
    "C06": "journeys/test_verify.py::test_a_name_is_graded",
    "C07": "journeys/test_verify.py::test_c07",
    "C08": "journeys/test_verify.py::test_c08",
    "C09": "journeys/test_verify.py::test_an_old_number",
    "C10": "journeys/test_typed_queries.py::test_two_people_sharing",
    "C11": "adapters/test_places.py::test_a_prefix_names_the_province",
    "C12": "journeys/test_verify.py::test_c12",
    "C13": "journeys/test_papers.py::test_c13",
    "C14": "journeys/test_papers.py::test_c14",
    "C15": "journeys/test_papers.py::test_c15",
    "C16": "journeys/test_papers.py::test_c16",
    "C17": "journeys/test_papers.py::test_c17",
    "C18": "journeys/test_papers.py::test_c18",
    "C19": "journeys/test_papers.py::test_c19",
    "C20": "journeys/test_verify.py::test_c20",
    "C21": "journeys/test_papers.py::test_c21",
    "C22": "journeys/test_papers.py::test_c22",
    "C23": "journeys/test_papers.py::test_c23",
    "C24": "adapters/test_business_live.py::test_c24",
    "C25": "adapters/test_business_live.py::test_c25",
    "C26": "adapters/test_business_live.py::test_c26",
    "C27": "journeys/test_papers.py::test_c27",
    "C28": "adapters/test_business_live.py::test_c28",
    "C29": "adapters/test_business_live.py::test_c29",
    "C30": "adapters/test_insurance_live.py::",
    "C31": "adapters/test_insurance_live.py::",
    "C32": "adapters/test_insurance_live.py::",
    "C33": "adapters/test_insurance_live.py::",
    "C34": "journeys/test_prefill.py::test_a_failing_population_registry",
    "C35": "adapters/test_business.py::test_an_error_in_a_200",
    "C36": "journeys/test_prefill.py::test_a_failing_population_registry",
    "C37": "journeys/test_typed_queries.py::test_a_name_with_metacharacters",
    "C38": "journeys/test_purposes.py::test_c38",
    "C39": "journeys/test_refusals.py::test_an_unknown_procedure",
    "C40": "journeys/test_purposes.py::test_c40",
    "C41": "journeys/test_purposes.py::test_c41",
    "C42": "journeys/test_citizens.py::test_c42",
    "C43": "journeys/test_citizens.py::test_c43",
    "C44": "journeys/test_papers.py::test_a_strangers_certificate",
    "C45": "journeys/test_limits.py::test_an_officer_asks_about_sixty_people_a_minute",
}


def test_no_case_is_forgotten() -> None:
    assert {case["id"] for case in CASES} == set(SHOWN)


@pytest.mark.parametrize(("case", "test"), SHOWN.items())
def test_the_test_that_shows_a_case_exists(case: str, test: str) -> None:
    file, _, name = test.partition("::")
    text = (TESTS / file).read_text(encoding="utf-8")
    if name:
        assert re.search(rf"def {name}", text), case
    else:
        assert case in text
