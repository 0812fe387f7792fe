"""Runs the offline verifier as its command does, and gives what it says."""

from audit import verify

Names = set[str]


def report_of(arguments: list[str], *, read_whole: int = verify._READ_WHOLE) -> verify.Report:
    """Verify, and read every body of so many bytes in all to its end."""
    return verify.verify(**vars(verify._arguments(arguments)), read_whole=read_whole)


def quick_report_of(arguments: list[str]) -> verify.Report:
    """Verify as a large export is, without --every-body."""
    return report_of(arguments, read_whole=-1)


def judged(arguments: list[str]) -> tuple[int, Names, Names]:
    """Verify: the exit code, what is wrong, and what was not checked.

    Of a log whose bodies are in their form, a quick look says the same, and what it left out.
    """
    report, quick = report_of(arguments), quick_report_of(arguments)
    assert report.names("WRONG") == quick.names("WRONG")
    unread = set(quick.names("UNCHECKED")) - set(report.names("UNCHECKED"))
    assert unread <= {"NO_EVERY_BODY"}
    return report.code, set(report.names("WRONG")), set(report.names("UNCHECKED"))
