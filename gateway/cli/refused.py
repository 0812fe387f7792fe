"""What the gateway refused, said to whoever typed the command."""

from collections.abc import Iterable

from gateway.cli.answers import Answer, Refusal
from gateway.cli.ends import REFUSED, Wrong
from gateway.cli.phrases import phrase
from gateway.cli.terminal import clean
from gateway.cli.words import Language


def refused(answer: Answer, language: Language) -> Wrong:
    """Give the gateway's own sentences, each with its code and where that is explained."""
    return Wrong(sentence="\n".join(_lines(answer.errors, language)), status=REFUSED)


def _lines(errors: Iterable[Refusal], language: Language) -> Iterable[str]:
    for error in errors:
        known = error.extensions
        code = clean(known.code)
        yield f"{phrase('refused', language)}: {clean(error.message)} ({code})"
        if known.retry_after is not None:
            yield f"  {phrase('retry', language).format(known.retry_after)}."
        page = f"docs/errors/{code.lower().replace('_', '-')}.md"
        yield f"  {phrase('page', language)}: {page}"
        if known.request_id:
            yield f"  {phrase('request', language)}: {clean(known.request_id)}"
