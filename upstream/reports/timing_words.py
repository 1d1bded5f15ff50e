"""Schedules as people say them: read into a Timing, and said back."""

import re

from cronsim import CronSim

from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.reports.choices import Only
from upstream.reports.timing import Timing

WEEK = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
NTHS = ("first", "second", "third", "fourth", "fifth")
QUARTER = "1,4,7,10"
ENDS = "3,6,9,12"
EXAMPLES = (
    "Mondays 07:00", "every weekday 06:30", "first working day of the month 08:00", "Mondays and Thursdays 16:30",
    "15th of the month 08:00", "last day of the month 18:00", "daily 06:00",
)  # fmt: skip
HELP = "say it like: Mondays 07:00, every weekday 06:30, or first working day of the month 08:00"
AT = re.compile(r"^(?P<days>.*?)[ ,]*(?:at )?(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2}))? ?(?P<half>am|pm)?$")
CRON = re.compile(r"[0-9]+ [0-9]+ \S+ \S+ \S+")
NAMES = {name: number for number, day in enumerate(WEEK) for name in (day, f"{day}s", day[:3])}
NAMES = {name.lower(): number for name, number in NAMES.items()}
NTH_DAY = re.compile(r"^(?P<nth>\w+) (?P<day>\w+) of (?:the|each|every) month$")
OF_MONTH = re.compile(r"^(?P<days>[0-9][\w, ]*|last day) of (?:the|each|every) (?P<span>month|quarter)$")
WORKING = re.compile(r"^(?P<which>first|last) (?:working|business) day of (?:the|each|every) (?P<span>month|quarter)$")
SEPARATORS = re.compile(r"[ ,]+(?:and )?|\band\b")
ORDINAL = re.compile(r"[0-9]{1,2}(?:st|nd|rd|th)?")
EACH_DAY = {
    "day": ("* * *", Only.ANY),
    "daily": ("* * *", Only.ANY),
    "weekday": ("* * 1-5", Only.ANY),
    "weekdays": ("* * 1-5", Only.ANY),
    "working day": ("* * 1-5", Only.EACH),
    "working days": ("* * 1-5", Only.EACH),
    "business day": ("* * 1-5", Only.EACH),
}


def read(text: str, zone: str) -> Timing:
    """The Timing that the words say, in `zone` unless they name another; Invalid("when") tells how to say it."""
    words = " ".join(text.split())
    said, _, last = words.rpartition(" ")
    if "/" in last or last == "UTC":
        words, zone = said, last
    if CRON.fullmatch(words):
        return Timing(words, zone)
    found = AT.match(words.lower())
    if found is None:
        raise Invalid("when", HELP)
    days, only = _days(re.sub(r"^(on the |on |the )", "", found["days"]))
    return Timing(f"{_minute(found)} {_hour(found)} {days}", zone, only)


def _minute(found: re.Match[str]) -> int:
    return _within(int(found["minute"] or 0), 59)


def _hour(found: re.Match[str]) -> int:
    hour = int(found["hour"])
    if found["half"]:
        hour = _within(hour, 12) % 12 + (12 if found["half"] == "pm" else 0)
    elif found["minute"] is None:
        raise Invalid("when", HELP)
    return _within(hour, 23)


def _within(number: int, most: int) -> int:
    if number > most:
        raise Invalid("when", "there is no such time of day")
    return number


def _days(said: str) -> tuple[str, str]:
    """The last three fields, and of their days which."""
    plain = re.sub(r"^every ", "", said)
    if plain in EACH_DAY:
        return EACH_DAY[plain]
    working, nth, of_month = WORKING.match(said), NTH_DAY.match(said), OF_MONTH.match(said)
    if working:
        return f"* {_months(working)} *", working["which"]
    if of_month:
        return f"{_dates(of_month['days'])} {_months(of_month)} *", Only.ANY
    if nth and nth["day"] in NAMES:
        return f"* * {NAMES[nth['day']]}{_nth(nth['nth'])}", Only.ANY
    return f"* * {_weekdays(plain)}", Only.ANY


def _months(found: re.Match[str]) -> str:
    if found["span"] == "month":
        return "*"
    return ENDS if found[1].startswith("last") else QUARTER


def _dates(said: str) -> str:
    if said == "last day":
        return "L"
    parts = [part for part in SEPARATORS.split(said) if part]
    if not all(ORDINAL.fullmatch(part) for part in parts):
        raise Invalid("when", HELP)
    days = sorted({int(part.rstrip("stndrh")) for part in parts})
    if days[0] < 1 or days[-1] > 31:
        raise Invalid("when", "a month has days from the 1st to the 31st")
    return ",".join(map(str, days))


def _nth(word: str) -> str:
    if word == "last":
        return "L"
    if word in NTHS:
        return f"#{NTHS.index(word) + 1}"
    raise Invalid("when", HELP)


def _weekdays(said: str) -> str:
    names = [name for name in SEPARATORS.split(said) if name]
    if not names or not set(names) <= set(NAMES):
        raise Invalid("when", HELP)
    return ",".join(str(number) for number in sorted({NAMES[name] for name in names}))


def words_of(timing: Timing) -> str:
    """As people say it, with its zone: "Mondays 07:00 America/Chicago"."""
    return f"{short(timing)} {timing.zone}"


def short(timing: Timing) -> str:
    """Without the zone. What was given as cron and has no words of ours is said in cron's."""
    minute, hour, *fields = timing.cron.split()
    days = _said(" ".join(fields), timing.only)
    if days is None:
        return CronSim(timing.cron, clock.now()).explain()
    return f"{days} {int(hour):02}:{int(minute):02}"


def given(timing: Timing) -> str:
    """As it can be said again: the words, or the five fields where there are none."""
    said = short(timing)
    try:
        return said if read(said, timing.zone) == timing else timing.cron
    except Invalid:
        return timing.cron


def _said(fields: str, only: str) -> str | None:
    day, month, weekday = fields.split()
    if only in (Only.FIRST, Only.LAST):
        return f"{only} working day of the {'month' if month == '*' else 'quarter'}"
    for name, meant in EACH_DAY.items():
        if meant == (fields, only):
            return name if name == "daily" else f"every {name}" if name != "day" else "daily"
    if weekday != "*":
        return _weekdays_said(weekday) if day == month == "*" else None
    if month not in ("*", QUARTER, ENDS) or (month == ENDS and day != "L") or (month == QUARTER and day == "L"):
        return None
    span = "month" if month == "*" else "quarter"
    if day == "L":
        return f"last day of the {span}"
    return f"{_listed([_ordinal(one) for one in day.split(',')])} of the {span}" if _plain(day) else None


def _weekdays_said(weekday: str) -> str | None:
    if _plain(weekday):
        return _listed([f"{WEEK[int(one) % 7]}s" for one in weekday.split(",")])
    number, nth = weekday[:1], weekday[1:]
    if not number.isdecimal() or nth not in {"L", *(f"#{count}" for count in range(1, 6))}:
        return None
    return f"{'last' if nth == 'L' else NTHS[int(nth[1:]) - 1]} {WEEK[int(number) % 7]} of the month"


def _plain(field: str) -> bool:
    return bool(re.fullmatch(r"\d+(,\d+)*", field))


def _listed(names: list[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def _ordinal(number: str) -> str:
    value = int(number)
    ending = "th" if 10 <= value % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"
