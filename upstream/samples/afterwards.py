"""What an office has besides claims: authorizations, and a payer that pays after all.

All of it is made from files that were handed in, and made once.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from upstream.alerts.queries import open_incidents
from upstream.core import clock
from upstream.detection.choices import Direction, Metric
from upstream.ingestion import services as ingestion
from upstream.samples.invented.generate import InventedFile
from upstream.samples.invented.practices import Payer, Practice
from upstream.samples.invented.remittances import paid_after_all
from upstream.tenants.services import tenant_keys

THERAPY = frozenset({"97110", "97140", "97161"})
HEADER = (
    "authorization_number", "payer", "status", "procedure_code", "requested_units", "approved_units", "requested_at",
    "decided_at", "valid_from", "valid_until", "urgency", "member_id",
)  # fmt: skip
# Days from the last day of the files to an authorization's end, and units left of it: some end soon, some run out.
ENDS = ((2, 6), (12, 1), (26, 8), (45, 0), (60, 12), (75, 20), (-6, 3), (90, 2), (30, 24), (20, 10))
WAITING = 2
RECOVERED, WEEKS_READ = 5, 8


def authorizations_csv(recent: Sequence[InventedFile], last_day: date) -> bytes:
    """Authorizations of those who came for therapy most in these files, and two requests that wait; UTF-8 CSV.

    Empty where nobody did.
    """
    visits, began = Counter[tuple[str, str, str]](), dict[tuple[str, str, str], str]()
    for row in _rows(recent):
        if row["procedure_code"] in THERAPY and row["payer_order"] == "1":
            who = (row["payer"], row["procedure_code"], row["member_id"])
            visits[who] += int(row["units"])
            began[who] = min(began.get(who, row["service_date"]), row["service_date"])
    if not visits:
        return b""
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\n")
    out.writerow(HEADER)
    most = sorted(visits, key=lambda who: (-visits[who], who))
    for number, (who, (days, left)) in enumerate(zip(most, ENDS, strict=False), start=1):
        asked = date.fromisoformat(began[who]) - timedelta(days=9)
        units, decided = visits[who] + left, asked + timedelta(days=4)
        until = last_day + timedelta(days=days)
        out.writerow((f"DEMO-AU{number:03d}", who[0], "approved", who[1], units, units, asked, decided,
                      asked + timedelta(days=7), until, "standard", who[2]))  # fmt: skip
    for place, who in enumerate(most[len(ENDS) : len(ENDS) + WAITING]):
        asked = last_day - timedelta(days=3 + 15 * place)
        out.writerow(("", who[0], "requested", who[1], 24, "", asked, "", "", "", "standard", who[2]))
    return text.getvalue().encode()


def _rows(recent: Sequence[InventedFile]) -> Iterator[dict[str, str]]:
    for file in recent:
        if file.kind == "csv":
            yield from csv.DictReader(io.StringIO(file.content.decode()))


@dataclass(frozen=True)
class Denied:
    """A claim's loop in a remittance, as segments; nothing was paid on it."""

    number: str
    payer: str
    segments: tuple[str, ...]


def denied_in(recent: Sequence[InventedFile]) -> Iterator[Denied]:
    """The claims of these remittances on which nothing was paid, newest files first."""
    for file in reversed([file for file in recent if file.kind == "x12"]):
        payer, loop = "", list[str]()
        for segment in [*file.content.decode("ascii").split("~\n"), "SE"]:
            elements = segment.split("*")
            if elements[0] in {"CLP", "PLB", "SE", "ST"} and loop:
                yield Denied(loop[0].split("*")[1], payer, tuple(loop))
                loop = []
            if segment.startswith("N1*PR*"):
                payer = elements[4]
            if elements[0] == "CLP" and elements[4] == "0" and elements[5] in {"", "0"} and elements[2] != "22":
                loop = [segment]
            elif loop:
                loop.append(segment)


def pay_some(practice: Practice, recent: Sequence[InventedFile], actor: str) -> bool:
    """A remit of today pays a few claims of the bound practice's first incident after all; False where it has none."""
    with transaction.atomic():
        found = open_incidents().filter(direction=Direction.ADVERSE, metric=Metric.DENIAL_RATE).first()
        if found is None:
            return False
        members = found.members.filter(paid_on=None, lost_cents__gt=0)
        numbers = {bytes(key) for key in members.values_list("claim__number_bidx", flat=True)}
        keys, payer = tenant_keys(), _payer(practice, found.payer.name)
        mine = (one for one in denied_in(recent) if one.payer == payer.payer_id)
        chosen = [one for one in mine if keys.index("claim_number", one.number) in numbers][:RECOVERED]
        today = clock.today(found.tenant.time_zone)
    if not chosen:
        return False
    content = paid_after_all(practice, payer, today, [one.segments for one in chosen])
    name = f"{practice.slug}-remittances-after-all.835"
    return ingestion.receive([content], name=name, received_from=actor)[1]


def _payer(practice: Practice, name: str) -> Payer:
    return next(payer for payer in practice.payers if payer.name == name)
