"""What the status codes of a 277CA and a 277 mean, in our own words. Pure."""

CATEGORIES = {
    "A0": "Passed on to another receiver",
    "A1": "Received",
    "A2": "Taken in for judging",
    "A3": "Rejected before adjudication: cannot be processed",
    "A4": "Not found at the receiver",
    "A5": "Split into several claims",
    "A6": "Rejected before adjudication: something is missing",
    "A7": "Rejected before adjudication: something is not valid",
    "A8": "Rejected before adjudication: fields do not fit each other",
    "D0": "No claim was found for the question",
    "E0": "The receiver could not read the question",
    "E1": "The receiver's system was not there",
    "E2": "The receiver's system did not answer",
    "E3": "The receiver could not read the question",
    "E4": "The receiver asks to try later",
    "F0": "Judged",
    "F1": "Judged: paid",
    "F2": "Judged: denied",
    "F3": "Judged: changed",
    "F4": "Judged: no payment is due",
    "P0": "Waits at the payer",
    "P1": "Waits at the payer: being worked on",
    "P2": "Waits at the payer: under review",
    "P3": "Waits at the payer: more was asked of the practice",
    "P4": "Waits at the payer: more was asked of the patient",
    "P5": "Waits at the payer: looked at by another party",
    "R": "The payer asks for more",
}


def words_for_status(category: str, *, rejected: bool = False) -> str:
    """What a category code says of a claim; a code without words of ours is named."""
    known = CATEGORIES.get(category) or (CATEGORIES["R"] if category.startswith("R") else "")
    if known:
        return known
    return "Rejected before adjudication" if rejected else f"Status {category or 'without a code'}"
