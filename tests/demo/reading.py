"""A small reader of the demo files, written apart from the product's, so that the two can disagree."""

import csv
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from upstream.samples.invented.generate import InventedFile, generate
from upstream.samples.invented.practices import Practice

LAST_WEEK = date(2026, 11, 9)
NOT_DENIALS = {"1", "2", "3", "23", "45", "253"}


@dataclass
class Service:
    """One SVC with what follows it."""

    code: str
    charge: Decimal
    paid: Decimal
    cas: list[tuple[str, str, Decimal]] = field(default_factory=list)
    allowed: Decimal = Decimal(0)
    remarks: list[str] = field(default_factory=list)

    @property
    def denied(self) -> bool:
        return self.paid == 0 and any(carc not in NOT_DENIALS for _, carc, _ in self.cas)


@dataclass
class Payment:
    """One CLP with its services."""

    number: str
    status: str
    charge: Decimal
    paid: Decimal
    payer: str
    paid_on: date
    services: list[Service] = field(default_factory=list)

    @property
    def denied(self) -> bool:
        return self.status != "22" and all(service.denied for service in self.services)

    @property
    def reason(self) -> str:
        group, carc, _ = self.services[0].cas[-1]
        return f"{group}-{carc}"


@dataclass
class Transaction:
    """One ST..SE with its segments."""

    number: str
    payment: Decimal
    plb: Decimal
    counted: int
    stated: int
    payments: list[Payment]


@dataclass
class World:
    """One practice's files, claims by number (their CSV rows) and transactions."""

    practice: Practice
    files: list[InventedFile]
    claims: dict[str, list[dict[str, str]]]
    transactions: list[Transaction]
    seconds: float  # processor time it took to make the files

    def first_decisions(self) -> Iterator[tuple[dict[str, str], Payment]]:
        """First line and first decision of every original primary claim."""
        seen: set[str] = set()
        for transaction in self.transactions:
            for payment in transaction.payments:
                row = self.claims[payment.number][0]
                if payment.number not in seen and row["frequency_code"] == "1" and row["payer_order"] == "1":
                    seen.add(payment.number)
                    yield row, payment


def read_csv(files: list[InventedFile]) -> dict[str, list[dict[str, str]]]:
    claims: dict[str, list[dict[str, str]]] = {}
    for file in files:
        if file.kind == "csv":
            for row in csv.DictReader(io.StringIO(file.content.decode())):
                claims.setdefault(row["claim_id"], []).append(row)
    return claims


def read_835(content: bytes) -> Iterator[Transaction]:
    segments = [segment.strip().split("*") for segment in content.decode("ascii").split("~")]
    payer, paid_on = "", date.min
    for place, (name, *values) in enumerate(segments):
        if name == "ST":
            start, current = place, Transaction(values[1], Decimal(0), Decimal(0), 0, 0, [])
        elif name == "BPR":
            current.payment, paid_on = Decimal(values[1]), date.fromisoformat(values[15])
        elif name == "N1" and values[0] == "PR":
            payer = values[3]
        elif name == "CLP":
            current.payments.append(
                Payment(values[0], values[1], Decimal(values[2]), Decimal(values[3]), payer, paid_on)
            )
        elif name == "SVC":
            current.payments[-1].services.append(Service(values[0], Decimal(values[1]), Decimal(values[2])))
        elif name == "CAS":
            service = current.payments[-1].services[-1]
            service.cas += [(values[0], values[n], Decimal(values[n + 1])) for n in range(1, len(values), 3)]
        elif name == "AMT" and values[0] == "B6":
            current.payments[-1].services[-1].allowed = Decimal(values[1])
        elif name == "LQ":
            current.payments[-1].services[-1].remarks.append(values[1])
        elif name == "PLB":
            current.plb += sum((Decimal(value) for value in values[3::2]), Decimal(0))
        elif name == "SE":
            current.counted, current.stated = place - start + 1, int(values[0])
            assert values[1] == current.number
            yield current


def build(practice: Practice) -> World:
    began = time.process_time()
    files = list(generate(practice, LAST_WEEK))
    seconds = time.process_time() - began
    remittances = [file for file in files if file.kind == "x12"]
    transactions = [each for file in remittances for each in read_835(file.content)]
    return World(practice, files, read_csv(files), transactions, seconds)
