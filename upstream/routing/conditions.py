"""Conditions that people write in CEL (Common Expression Language) on what is known of an incident.

A condition is a bounded sum of comparisons: at most LONGEST letters, the words of VOCABULARY, no loops and none but
four functions, so that it ends in microseconds whatever stands in it. It reads nothing and changes nothing.
"""

import re
from functools import lru_cache

import cel

from upstream.core.errors import Invalid
from upstream.core.money import dollars_of
from upstream.routing.rules import Facts

LONGEST = 500
Value = str | int | float
VOCABULARY: dict[str, str] = {
    "payer": "the payer's name",
    "category": "why it is denied: AUTH, ELIG, MEDNEC and so on; blank for none",
    "location": "the place; blank for all",
    "metric": "denial_rate, denial_dollars, payment_delay, underpayment, down_coding, take_backs or silent_claims",
    "severity": "critical, high, medium or low",
    "strength": "strong, moderate or watch",
    "procedure": "the procedure code; blank for all",
    "reason": "the denial reason, such as CO-197; blank for all",
    "claims": "how many claims so far, a whole number",
    "lost": "dollars that it has cost so far",
    "annual": "dollars that a year of it would cost",
    "evidence": "how surely it is no chance: 3 is one in a thousand, 6 one in a million",
}
FUNCTIONS = frozenset({"contains", "startsWith", "endsWith", "size"})
QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
CALLED = re.compile(r"([A-Za-z_]\w*)\s*\(")
PLACE = re.compile(r"<input>:(\d+):(\d+): (?:Syntax error: )?([^\n]*)")


def checked(text: str) -> str:
    """The condition without blanks around it, "" for none; Invalid("condition") says what is wrong and where."""
    text = text.strip()
    if len(text) > LONGEST:
        raise Invalid("condition", f"a condition has at most {LONGEST} letters")
    if text:
        program = _compiled(text)
        bare = QUOTED.sub(lambda found: " " * len(found[0]), text)
        _refuse_unknown(text, bare, program.variables())
        _run(program, _sample())
    return text


def holds(text: str, facts: Facts) -> bool:
    """Whether the condition holds, True for none; Invalid("condition") where it cannot be worked out."""
    return _run(_compiled(text), values_of(facts)) if text else True


def values_of(facts: Facts) -> dict[str, Value]:
    """What a condition may ask of."""
    told = {name: getattr(facts, name) for name in VOCABULARY if hasattr(facts, name)}
    dollars = {"lost": facts.lost_cents, "annual": facts.annual_cents}
    return {**told, **{name: float(dollars_of(cents)) for name, cents in dollars.items()}}


def _sample() -> dict[str, Value]:
    return values_of(
        Facts(
            payer_id=0, payer="A payer", category="AUTH", location="", metric="denial_rate", direction="adverse",
            severity="high", strength="strong", procedure="73721", reason="CO-197", claims=14, lost_cents=920_000,
            annual_cents=9_800_000, evidence=5.2,
        )
    )  # fmt: skip


@lru_cache(maxsize=512)
def _compiled(text: str) -> cel.Program:
    try:
        return cel.compile(text)
    except ValueError as exc:
        raise Invalid("condition", _in_words(str(exc), text)) from exc


def _in_words(said: str, text: str) -> str:
    found = PLACE.search(said)
    if found is None:
        return "the condition cannot be read"
    line, place, what = int(found[1]), int(found[2]), found[3]
    if "input '<EOF>'" in what:
        return f"line {line}, character {place}: the condition ends where something more must follow"
    near = text.splitlines()[line - 1][place - 1 : place + 11] if line <= len(text.splitlines()) else ""
    return f"line {line}, character {place}: it cannot be read from here on: {near!r}"


def _refuse_unknown(text: str, bare: str, words: list[str]) -> None:
    """Only our words and functions: loops would bind words of their own and take their time."""
    for found in CALLED.finditer(bare):
        if found[1] not in FUNCTIONS | {"in"}:
            raise Invalid("condition", f"{_place(text, found.start(1))}: there is no function {found[1]!r} here")
    for word in words:
        if word not in VOCABULARY:
            at = re.search(rf"(?<![\w.]){re.escape(word)}\b", bare)
            raise Invalid("condition", f"{_place(text, at.start() if at else 0)}: there is no word {word!r} here")


def _place(text: str, at: int) -> str:
    before = text[:at].split("\n")
    return f"line {len(before)}, character {len(before[-1]) + 1}"


def _run(program: cel.Program, values: dict[str, Value]) -> bool:
    try:
        answer = program.execute(values)
    except (ValueError, TypeError, RuntimeError, ArithmeticError) as exc:
        raise Invalid("condition", _trouble(exc)) from exc
    if not isinstance(answer, bool):
        raise Invalid("condition", f"the condition must be true or false; this one is {answer!r}")
    return answer


def _trouble(exc: Exception) -> str:
    if isinstance(exc, ArithmeticError):
        return "the condition divides by zero or grows too large"
    if isinstance(exc, TypeError):
        return "the condition compares or adds a text and a number; texts stand in quotes, dollars need a point: 2.0"
    return "the condition cannot be worked out"
