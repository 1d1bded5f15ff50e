"""What figures mean and how they are worked out, in words that stand beside them."""

from dataclasses import dataclass

from upstream.kpis.choices import Basis
from upstream.kpis.definitions import BY_KEY


@dataclass(frozen=True, slots=True)
class Meaning:
    """A figure's name, its formula in words, what to beware of, and by which day it counts."""

    name: str
    formula: str
    caveat: str = ""
    basis: str = ""


OWN = {
    "rate_now": Meaning(
        "Denial rate now", "Claims submitted in the last 8 weeks that the payer refuses, divided by all of them",
        "Claims that wait for their answer are estimated with the payer's own speed; the range holds 95 times in 100.",
        "By the week of submission",
    ),
    "rate_usual": Meaning(
        "Usual rate", "The same over the weeks before, as far as nothing unusual was going on",
        "Weeks that the calendar leaves out, and weeks of an incident, do not count.", "By the week of submission",
    ),
    "noticed_from": Meaning(
        "Noticed within 4 weeks from", "The smallest rise that is noticed within four weeks about every second time",
        "With few claims a week, small rises cannot be told from chance.",
    ),
    "lost": Meaning(
        "Lost so far", "What the payer would usually have allowed on the claims behind the incident, less what it did",
        "In four of five such cases the true figure lies within the range.", "By the week of submission",
    ),
    "at_stake": Meaning(
        "At stake", "Lost so far, and what the next 30 days would add if nothing changes",
        "Uses the claims that this practice usually sends.",
    ),
    "annual": Meaning(
        "A year of the same", "The loss of a usual week since the change, times 52",
        "A size to compare by, not a forecast.",
    ),
    "strength": Meaning(
        "Evidence", "How unlikely the numbers are if nothing had changed, counting every series looked at",
        "Strong evidence comes from chance less often than the practice's own limit for false incidents.",
    ),
    "recovery": Meaning(
        "Usually comes back", "Expected amount times the share of such denials that this practice got paid",
        "Drawn to wider circles where few claims are known; 80% range.",
    ),
    "expected": Meaning(
        "Expected", "What the payer would usually have allowed: contract first, else its own payments of the last year",
        "Never the billed charge.",
    ),
    "silent": Meaning(
        "Without an answer",
        "Claims that nobody has answered although 19 of 20 claims of their payer were answered by that age",
        "Of the last year, as far as the data go. Call the payer or send a status request (276) before the time to file"
        " again runs out.", "By the week of submission",
    ),
    "decided": Meaning(
        "Decided", "Claims of the last 8 weeks that have their first answer, divided by all of them",
        "The rest is estimated until it is answered.", "By the week of submission",
    ),
    "forecast": Meaning(
        "Expected",
        "Open claims by how long they wait, times the share that the payer answers at that age, and claims that will be"
        " sent, at what such answers paid lately",
        "First answers alone: appeals won, second payers and money taken back are not in it. In four of five weeks what"
        " comes lies in the range.",
        "By the week in which the answer becomes known",
    ),
    "recovered": Meaning(
        "Recovered", "What payers paid on the claims behind incidents after these were told",
        "Only payments that remittances show; taken back again, it counts no more.", "By the day of payment",
    ),
}  # fmt: skip


def meaning_of(key: str) -> Meaning:
    """Of one of our figures, or of a measure by its key. KeyError for neither: a template names what is not there."""
    if key in OWN:
        return OWN[key]
    said = BY_KEY[key]
    return Meaning(said.name, said.formula, said.caveat, str(Basis(said.basis).label))
