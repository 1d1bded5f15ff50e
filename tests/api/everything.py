"""One row of everything that an address of the API can name."""

from datetime import date

from tests import factories
from tests.factories import denials, exploring, findings, letters, prices, quality, weeks
from tests.factories.telling import one_of_each
from upstream.tenants.saved_views import save_view
from upstream.worklist import services as worklist


def one_of_everything() -> dict[str, str]:
    """Ids of rows of the bound practice, by the first part of the path that takes them."""
    payer = factories.payer()
    claim = factories.claim(payer)
    incident = findings.incident(payer, findings.run())
    findings.behind(incident, claim)
    file = factories.batch()
    item = denials.item(payer, claim=claim, deadline=date(2099, 1, 2))
    given = worklist.write_note(item, text="theirs", actor="client:x")
    made = letters.one_of_each(payer, incident)
    telling = one_of_each(factories.member())
    agreed = prices.one_of_each(payer, claim)
    return {
        **{f"routing-{name}s": str(public_id) for name, public_id in telling.items()},
        "worklist": str(item.public_id),
        "worklist-acts": str(given.public_id) if given else "",
        "uploads": str(file.public_id),
        "rejections": str(factories.rejection(file).public_id),
        "claims": str(claim.public_id),
        "payers": str(payer.public_id),
        "payer-questions": str(payer.public_id),
        "payer-decisions": str(factories.decision(payer).public_id),
        "authorizations": str(factories.entry(payer).public_id),
        "troubles": str(factories.trouble().public_id),
        "contracts": str(agreed["contract"]),
        "contract-loads": str(agreed["load"]),
        "contract-modifiers": str(agreed["modifier"]),
        "underpaid": str(agreed["short"]),
        "incidents": str(incident.public_id),
        "reports": str(findings.report().public_id),
        "own-reports": str(exploring.own_report(factories.member(), shared=True).public_id),
        "report-definitions": str(findings.definition().public_id),
        "letters": str(made["letter"]),
        "letter-batches": str(made["letterset"]),
        "letter-templates": str(made["template"]),
        "packets": str(made["packet"]),
        "saved-views": str(save_view(member=factories.member(), screen="incidents", name="x", query="").public_id),
        "quality": str(quality.finding(factories.batch(), payer).public_id),
        "reconciliation": str(weeks.remittance(payer).pk),
    }
