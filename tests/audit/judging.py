"""Runs the offline verifier as its command does, and gives what it says."""

from audit import verify

Names = set[str]


def report_of(arguments: list[str]) -> verify.Report:
    """Verify."""
    return verify.verify(**vars(verify._arguments(arguments)))


def judged(arguments: list[str]) -> tuple[int, Names, Names]:
    """Verify: the exit code, what is wrong, and what was not checked."""
    report = report_of(arguments)
    return report.code, set(report.names("WRONG")), set(report.names("UNCHECKED"))
