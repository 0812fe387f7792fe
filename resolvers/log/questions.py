"""What a reader of the access log asks, read out of coerced arguments and checked.

Three readings: SEARCH by an auditor for a case, OWN by a citizen about the own person, STATISTICS.
A question prints its class only: nearly all of it is about somebody.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from adapters.identifiers import national_procedure_code, normalise_serial
from audit.detail import Number
from audit.entry import Action
from audit.forms import EntryId
from audit.months import number_of
from audit.reading.accesses import NotAPlace, Place, Question, read_place
from audit.tags import TagDomain
from auth.agency import agency_code
from auth.refusal import Refused
from resolvers.concerned import ACCESS_LOG, Concern, Concerned
from resolvers.log.enums import AccessOutcome
from resolvers.refusals import refuse
from resolvers.subjects import CODE_DIGITS, PERSONAL_DIGITS
from resolvers.texts import LONGEST_NUMBER, check_text

LARGEST_PAGE = 200
LARGEST_OWN_PAGE = 100
LONGEST_CASE = 100
LONGEST_WORD = 200
MOST_MONTHS = 36

Given = Mapping[str, object]


class LogAsk(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of the log. *used* names the filters that were given, for the entry about it."""

    action: Action
    question: Question = Question()
    subjects: tuple[tuple[str, tuple[Number, ...]], ...] = ()
    """Whom it asks about: in which place of the filter, by which numbers."""
    first: int = 0
    after: Place | None = None
    used: tuple[str, ...] = ()
    case_number: str | None = None
    case_ground: str | None = None
    case_decision: str | None = None
    months: tuple[str, str] | None = None
    """Of statistics: the first and the last."""
    unmasked: bool = False
    mark: Callable[[str], str] | None = None
    """Tells numbers apart that are shown masked, in what is read for this case."""
    unread: Callable[[], None] | None = None
    """Called where the log could not be read: the refusal is about this reading."""

    def __repr__(self) -> str:
        """Name the class and nothing in it."""
        return "LogAsk(…)"

    def concern(self, united: Sequence[Number] = ()) -> Concern:
        """Name whom it asks about; *united* are all numbers that were looked for."""
        return Concern(
            registry=ACCESS_LOG,
            operation=self.action.value.capitalize(),
            persons=tuple(
                Concerned(
                    numbers=tuple(
                        (TagDomain(domain), number)
                        for domain, number in dict.fromkeys(
                            (*numbers, *(united if place == "subject" else ()))
                        )
                    ),
                    roles=(place,),
                )
                for place, numbers in self.subjects
            ),
            fields=self.used,
        )


def search_of(given: Given, *, unmasked: bool) -> LogAsk | tuple[Refused, ...]:
    """Read the arguments of `accessLog`."""
    filters, case = _below(given, "filter"), _below(given, "case")
    after = _after(given)
    problems = (
        *_case(case),
        *_page(given, LARGEST_PAGE),
        *_period(filters),
        *_texts(filters),
    )
    if problems or isinstance(after, NotAPlace):
        return problems or (refuse("cursor-unknown"),)
    subject, officer = _number(filters), _text(filters, "officer")
    return LogAsk(
        action=Action.SEARCH,
        question=_question(filters, subject, officer),
        subjects=(
            *((("subject", subject),) if subject else ()),
            *((("officer", ((TagDomain.PERSON, officer),)),) if officer else ()),
        ),
        first=_first(given),
        after=after,
        used=tuple(name for name, value in filters.items() if value is not None),
        case_number=_text(case, "number"),
        case_ground=_word(case, "ground"),
        case_decision=_text(case, "decision"),
        unmasked=unmasked,
    )


def _question(filters: Given, subject: tuple[Number, ...], officer: str | None) -> Question:
    return Question(
        since=_moment(filters, "since"),
        until=_moment(filters, "until"),
        consumer=_text(filters, "consumer"),
        agency=_agency(filters, "agency"),
        unit=_agency(filters, "unit"),
        officer=officer,
        procedure=_procedure(filters),
        dossier=_text(filters, "dossier"),
        draft=_text(filters, "draft"),
        subjects=subject,
        registry=_word(filters, "registry"),
        upstream_request_id=_text(filters, "upstreamRequestId"),
        entry=_entry_id(_text(filters, "entry") or ""),
        request=_text(filters, "requestId"),
        outcome=_outcome(filters),
        from_cache=_flag(filters, "fromCache"),
    )


def own_of(given: Given, subject: str) -> LogAsk | tuple[Refused, ...]:
    """Read the arguments of `me.accessLog`, for the citizen whose personal id is *subject*."""
    after = _after(given)
    problems = (*_page(given, LARGEST_OWN_PAGE), *_period(given))
    if problems or isinstance(after, NotAPlace):
        return problems or (refuse("cursor-unknown"),)
    numbers = ((TagDomain.PERSON, subject),)
    return LogAsk(
        action=Action.OWN,
        question=Question(
            since=_moment(given, "since"), until=_moment(given, "until"), subjects=numbers
        ),
        subjects=(("subject", numbers),),
        first=_first(given),
        after=after,
        used=tuple(name for name in ("since", "until") if given.get(name) is not None),
    )


def statistics_of(given: Given) -> LogAsk | tuple[Refused, ...]:
    """Read the arguments of `accessStatistics`."""
    filters = _below(given, "filter")
    since, until = str(filters["since"]), str(filters["until"])
    span = number_of(until) - number_of(since)
    if span < 0:
        return (refuse("period-reversed"),)
    if span >= MOST_MONTHS:
        return (refuse("period-too-long", limit=MOST_MONTHS),)
    return LogAsk(
        action=Action.STATISTICS,
        question=Question(
            procedure=_procedure(filters),
            agency=_agency(filters, "agency"),
            registry=_word(filters, "registry"),
        ),
        months=(since, until),
        used=tuple(name for name, value in filters.items() if value is not None),
    )


def _case(case: Given) -> Iterator[Refused]:
    for name in ("number", "decision"):
        yield from _filled(f"case.{name}", case.get(name), LONGEST_CASE)


def _page(given: Given, largest: int) -> Iterator[Refused]:
    if not 1 <= _first(given) <= largest:
        yield refuse("page-size", limit=largest)


def _period(given: Given) -> Iterator[Refused]:
    since, until = _moment(given, "since"), _moment(given, "until")
    if since is not None and until is not None and until <= since:
        yield refuse("period-reversed")


def _texts(filters: Given) -> Iterator[Refused]:
    for name in ("consumer", "upstreamRequestId", "entry", "requestId"):
        yield from _filled(f"filter.{name}", filters.get(name), LONGEST_WORD)
    if (entry := _text(filters, "entry")) and _entry_id(entry) is None:
        yield refuse("entry-id-malformed", argument="filter.entry")
    subject, where = _below(filters, "subject"), "filter.subject"
    serial = subject.get("certificateNumber")
    if isinstance(serial, str) and not any(map(str.isalnum, serial)):
        serial = ""  # signs alone are nobody's number
    yield from _filled(f"{where}.certificateNumber", serial, LONGEST_NUMBER)
    for name in ("sheet", "parcel"):
        place = _below(subject, "parcel")
        yield from _filled(f"{where}.parcel.{name}", place.get(name), LONGEST_NUMBER)


def _filled(argument: str, given: object, limit: int) -> Iterator[Refused]:
    """Check a text: left blank it would find nothing, which would read as if there were nothing."""
    text = given.strip() if isinstance(given, str) else given
    if text == "":
        yield refuse("text-blank", argument=argument)
    else:
        yield from check_text(argument, text, limit)


def _entry_id(text: str) -> str | None:
    """Give the id of an entry as entries hold it."""
    try:
        return msgspec.convert(text.lower(), EntryId)
    except msgspec.ValidationError:
        # Not chained: a library's message could repeat what it was given.
        return None


def _number(filters: Given) -> tuple[Number, ...]:
    """Give the number asked by, in the domain in which the desk has tagged it."""
    for kind, value in _below(filters, "subject").items():
        if kind == "parcel" and isinstance(value, Mapping):
            return tuple((TagDomain.PARCEL, place) for place in _places(value))
        if value is not None:
            return (_domain_of(kind, str(value)),)
    return ()


def _places(value: Given) -> Iterator[str]:
    """Write a parcel as it was asked for: it may have been with blanks, too."""
    ward, sheet, parcel = (str(value[name]) for name in ("ward", "sheet", "parcel"))
    yield from dict.fromkeys(
        (f"{ward}/{sheet.strip()}/{parcel.strip()}", f"{ward}/{sheet}/{parcel}")
    )


def _domain_of(kind: str, value: str) -> Number:
    if kind == "certificateNumber":
        return TagDomain.CERTIFICATE, normalise_serial(value)
    if kind == "oldIdNumber":
        return TagDomain.OLD_NUMBER, value
    if kind == "socialInsuranceNumber":
        return TagDomain.INSURANCE, value
    # A household business's code and a card's number may be the personal id itself.
    if len(value) == PERSONAL_DIGITS and value.isdigit():
        return TagDomain.PERSON, value
    if kind == "enterpriseCode":
        return TagDomain.BUSINESS, value
    return (TagDomain.INSURANCE if len(value) == CODE_DIGITS else TagDomain.CARD), value


def _procedure(filters: Given) -> str | None:
    raw = _text(filters, "procedure")
    return None if raw is None else national_procedure_code(raw)[0]


def _agency(filters: Given, name: str) -> str | None:
    raw = _text(filters, name)
    return None if raw is None else agency_code(raw) or raw


def _outcome(filters: Given) -> str | None:
    word = _word(filters, "outcome")
    return "INTENT" if word == AccessOutcome.UNFINISHED else word


def _after(given: Given) -> Place | NotAPlace | None:
    text = given.get("after")
    return read_place(text) if isinstance(text, str) else None


def _first(given: Given) -> int:
    first = given.get("first")
    return first if isinstance(first, int) else 0


def _moment(given: Given, name: str) -> datetime | None:
    value = given.get(name)
    return value.astimezone(UTC) if isinstance(value, datetime) else None


def _flag(given: Given, name: str) -> bool | None:
    return value if isinstance(value := given.get(name), bool) else None


def _below(given: Given, name: str) -> Given:
    return value if isinstance(value := given.get(name), Mapping) else {}


def _text(given: Given, name: str) -> str | None:
    value = given.get(name)
    return None if value is None else str(value).strip()


def _word(given: Given, name: str) -> str | None:
    value = given.get(name)
    return None if value is None else str(getattr(value, "value", value))
