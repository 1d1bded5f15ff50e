"""A practice with something on every page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import transaction

from tests.e2e import rows, watched
from tests.factories import findings, letters, member, organization, prices
from tests.factories.ahead import forecasts
from tests.factories.exploring import own_questions
from tests.factories.telling import one_of_each, tell_all
from upstream import pipeline
from upstream.alerts.models import Incident, ValueLine
from upstream.claims.models import Claim
from upstream.core import tenancy
from upstream.detection.knowledge import knowledge
from upstream.ingestion.models import Rejection
from upstream.reports.models import Schedule
from upstream.routing.models import Policy
from upstream.tenants.models import User

PROVIDER = "1245412188"


@dataclass(frozen=True)
class World:
    """Addresses of the pages with something on them, and who may sign in."""

    tenant_id: int
    manager_email: str
    staff_email: str
    owner_email: str
    clinician_email: str
    auditor_email: str
    incident: Incident
    pages: dict[str, str]

    @contextmanager
    def bound(self) -> Iterator[None]:
        with tenancy.bind(self.tenant_id), transaction.atomic():
            yield

    def work(self) -> None:
        """What workers do in the background is done."""
        with tenancy.bind(self.tenant_id):
            pipeline.run_to_end()


PAGES = {
    "today": "/portal/",
    "week": "/portal/week/",
    "search": "/portal/search/",
    "panel": "/portal/panel/",
    "incidents": "/portal/incidents/",
    "incident": "/portal/incidents/{incident}/",
    "methods": "/portal/incidents/methods/?with=two-clock+2",
    "outcomes": "/portal/incidents/outcomes/",
    "recovered": "/portal/incidents/recovered/",
    "recovered-lines": "/portal/incidents/recovered/lines/",
    "replays": "/portal/incidents/replays/",
    "replay": "/portal/incidents/replays/{replay}/",
    "claim": "/portal/claims/{claim}/",
    "worklist": "/portal/worklist/",
    "worklist-closed": "/portal/worklist/?show=closed",
    "worklist-calendar": "/portal/worklist/calendar/",
    "item": "/portal/worklist/{item}/",
    "codes": "/portal/data/codes/",
    "claims-unmatched": "/portal/claims/unmatched/",
    "claims-silent": "/portal/claims/silent/",
    "claims-rejected": "/portal/claims/rejected/",
    "authorizations": "/portal/data/authorizations/",
    "coverages": "/portal/data/coverages/",
    "register": "/portal/authorizations/",
    "register-entry": "/portal/authorizations/{entry}/",
    "authorization-risks": "/portal/authorizations/risks/",
    "authorization-decisions": "/portal/authorizations/decisions/",
    "authorization-times": "/portal/authorizations/times/",
    "account": "/portal/account/",
    "account-confirm": "/portal/account/confirm/",
    "second-factor": "/portal/account/second-factor/",
    "drafts": "/portal/account/drafts/",
    "troubles": "/portal/troubles/",
    "trouble": "/portal/troubles/{trouble}/",
    "trouble-limits": "/portal/troubles/limits/",
    "payers": "/portal/payers/",
    "payer": "/portal/payers/{payer}/",
    "data": "/portal/data/",
    "batch": "/portal/data/{file}/",
    "archive": "/portal/data/{packed}/",
    "batch-payments": "/portal/data/{remittances}/",
    "columns": "/portal/data/{waiting}/columns/",
    "mappings": "/portal/data/mappings/",
    "mapping": "/portal/data/mappings/{mapped}/",
    "sources": "/portal/sources/",
    "source": "/portal/sources/{place}/",
    "source-add-sftp": "/portal/sources/add/?kind=sftp",
    "source-add-sql": "/portal/sources/add/?kind=sql",
    "source-edit": "/portal/sources/{place}/edit/",
    "channels": "/portal/channels/",
    "channel": "/portal/channels/{told}/",
    "channel-add": "/portal/channels/add/?kind=slack",
    "channel-edit": "/portal/channels/{told}/edit/",
    "rejection": "/portal/data/rows/{row}/",
    "calendar": "/portal/calendar/",
    "quality": "/portal/data/quality/",
    "quality-limits": "/portal/data/quality/limits/",
    "finding": "/portal/data/quality/findings/{odd}/",
    "reconciliation": "/portal/data/reconciliation/?first=2026-02-01&last=2026-03-01",
    "reconciliation-payments": "/portal/data/reconciliation/payments/?first=2026-02-01&last=2026-03-01",
    "payment": "/portal/data/{remittances}/payments/5/",
    "ledger": "/portal/data/ledger/",
    "measures": "/portal/measures/?first=2026-01-05&last=2026-03-01",
    "forecast": "/portal/forecast/",
    "measure-behind": "/portal/measures/claims/?measure=denied_dollars&first=2026-01-05&last=2026-03-01",
    "payer-contracts": "/portal/payers/{payer}/contracts/",
    "contract": "/portal/contracts/{contract}/",
    "underpaid": "/portal/underpaid/",
    "short-line": "/portal/underpaid/{short}/",
    "letters": "/portal/letters/",
    "letter": "/portal/letters/{letter}/",
    "letters-sent": "/portal/letters/?state=sent",
    "letter-outcomes": "/portal/letters/outcomes/",
    "letter-set": "/portal/letters/sets/{letterset}/",
    "templates": "/portal/letters/templates/",
    "template": "/portal/letters/templates/{template}/",
    "template-shipped": "/portal/letters/templates/shipped/?subject=MEDNEC",
    "packets": "/portal/incidents/{incident}/packet/",
    "packet": "/portal/letters/packets/{packet}/",
    "own-reports": "/portal/explore/",
    "own-report-build": "/portal/explore/build/",
    "own-report": "/portal/explore/{own}/",
    "sql": "/portal/explore/sql/",
    "sql-question": "/portal/explore/sql/{question}/",
    "reports": "/portal/reports/",
    "report": "/portal/reports/{report}/",
    "definition": "/portal/reports/definitions/{definition}/",
    "definition-edit": "/portal/reports/definitions/{definition}/edit/",
    "definition-add": "/portal/reports/add/?kind=weekly",
    "reports-keeping": "/portal/reports/keeping/",
    "settings": "/portal/settings/",
    "routing": "/portal/routing/",
    "routing-policy": "/portal/routing/policy/",
    "routing-learned": "/portal/routing/learned/",
    "routing-log": "/portal/routing/log/",
    "rule": "/portal/routing/rules/{rule}/",
    "rota": "/portal/routing/rotas/{rota}/",
    "mutes": "/portal/routing/mutes/",
    "mute-add": "/portal/routing/mutes/add/",
    "window-add": "/portal/routing/windows/add/",
    "quiet": "/portal/settings/quiet/",
    "notices": "/portal/notices/",
    "practices": "/portal/practices/",
    "people": "/portal/people/",
    "access-log": "/portal/access-log/",
    "access-log-record": "/portal/access-log/record/",
    "audit-changes": "/portal/access-log/changes/",
    "providers": "/portal/panel/providers/",
    "sign-in-policy": "/portal/settings/sign-in/",
    "api-clients": "/portal/settings/clients/",
    "money": "/portal/settings/money/",
    "letterhead": "/portal/settings/letterhead/",
    "rule-add": "/portal/routing/rules/add/",
    "rota-add": "/portal/routing/rotas/add/",
    "account-password": "/portal/account/password/",
    "factor-app": "/portal/account/app/",
    "factor-passkey": "/portal/account/passkey/",
    "recovery-codes": "/portal/account/recovery-codes/",
    "no-practice": "/portal/no-practice/",
}


def build_world() -> World:
    practice = organization(slug="lakeside", name="Lakeside Orthopedics & Imaging")
    staff = User.objects.create_user("staff@example.test", "a long enough password", is_staff=True)
    with tenancy.bind(practice.pk), transaction.atomic():
        manager = member(email="maria@example.test")
        manager.user.first_name, manager.user.last_name = "Maria", "Sandoval"
        manager.user.save()
        manager.provider_npi = PROVIDER
        manager.save()
        owner = member(role="owner", email="olga@example.test")
        clinician, auditor = (member(role, email=f"{role}@example.test") for role in ("clinician", "auditor"))
        clinician.provider_npi = PROVIDER
        clinician.save()
        file, remittances = rows.files()
        rows.calendar()
        run = findings.run(context=knowledge(practice.time_zone).at(findings.AS_OF, "two-clock 1").kept())
        payers = rows.payers(run)
        incident, claims = rows.incidents(run, payers, file, remittances)
        Claim.objects.update(rendering_npi=PROVIDER)
        item = rows.worklist(claims, manager)
        report = findings.report(said=rows.SAID, skipped=[[manager.pk, "stopped"]])
        Schedule.objects.create(
            definition=report.definition, cron="0 7 * * 1", zone="America/Chicago", since=report.requested_at
        )
        findings.report(as_of=findings.AS_OF - timedelta(weeks=1), state="failed", error_code="font_missing")
        findings.opening(incident)
        replay = findings.replay(payers[0], findings=2)
        findings.replay(payers[0], method="two-clock 1")
        rows.money(remittances, payers)
        forecasts(payers, year=True)
        rows.names(payers)
        rows.told(payers[1])
        place = rows.place(remittances)
        told = rows.channels()
        row = Rejection.objects.first()
        waiting, mapped = rows.tables()
        packed = rows.archive(file, waiting)
        entry, trouble = watched.drawn_on(payers[1], claims), watched.troubles()
        _value(incident, claims[0])
        odd = rows.faults(file, remittances, payers)
        written = letters.one_of_each(payers[0], incident)
        telling = one_of_each(manager) | own_questions(manager)
        agreed = prices.one_of_each(payers[1], claims[0])
        Policy.objects.create(quiet_from=time(20), quiet_until=time(7), quiet_days=[5, 6])
        tell_all()
    of = {
        "incident": incident, "item": item, "replay": replay, "claim": claims[0], "payer": payers[1], "file": file,
        "remittances": remittances, "packed": packed, "waiting": waiting, "mapped": mapped, "place": place,
        "told": told, "row": row, "odd": odd, "report": report,
        "definition": report.definition, "entry": entry, "trouble": trouble,
    }  # fmt: skip
    ids = {name: thing.public_id for name, thing in of.items()} | written | telling | agreed
    pages = {name: address.format(**ids) for name, address in PAGES.items()}
    people = (manager.user, staff, owner.user, clinician.user, auditor.user)
    return World(practice.pk, *(person.email for person in people), incident, pages)


def _value(incident: Incident, claim: Claim) -> None:
    """What came back for a claim, and went again a month later."""
    for number, (day, cents) in enumerate(((date(2026, 2, 10), 36_000), (date(2026, 3, 2), -36_000)), start=1):
        ValueLine.objects.create(
            incident=incident, claim=claim, kind="recovered", adjudication_id=number, day=day, paid_cents=cents,
            counted_cents=cents * 5 // 6,
        )  # fmt: skip
