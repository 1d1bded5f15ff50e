"""When a source is asked: cron's five fields or a few words, in the practice's time zone. Pure."""

import re
from datetime import UTC, datetime

from upstream.core import cron
from upstream.core.errors import Invalid

WORDS = {"hourly": "0 * * * *", "daily": "0 5 * * *", "nightly": "0 2 * * *", "weekdays": "0 6 * * 1-5"}
AT = re.compile(r"(daily|weekdays)(?: at)? (\d{1,2}):(\d{2})")
EVERY = re.compile(r"every (\d{1,2}) (minute|hour)s?")


def parse(text: str) -> str:
    """Cron's fields for the words; Invalid("bad_schedule") when they cannot be read, or no moment answers to them."""
    fields = _spelled(" ".join(text.lower().split()))
    if len(fields.split()) != 5:
        raise Invalid(
            "bad_schedule", "a schedule is five fields such as 15 6 * * 1-5, or words such as daily 06:15"
        )  # fmt: skip
    if not cron.comes(fields):
        raise Invalid("bad_schedule", "no moment answers to this schedule")
    return fields


def next_after(fields: str, after: datetime, time_zone: str) -> datetime:
    """The first due time later than `after`, as aware UTC."""
    return next(cron.after(fields, time_zone, after)).astimezone(UTC)


def _spelled(text: str) -> str:
    if text in WORDS:
        return WORDS[text]
    if found := AT.fullmatch(text):
        return f"{int(found[3])} {int(found[2])} * * {'*' if found[1] == 'daily' else '1-5'}"
    if found := EVERY.fullmatch(text):
        number = int(found[1])
        return f"*/{number} * * * *" if found[2] == "minute" else f"0 */{number} * * *"
    return text
