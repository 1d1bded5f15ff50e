"""What each page is for and what to do on it, in plain words: the help drawer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Help:
    """A title and a few sentences."""

    title: str
    lines: tuple[str, ...]


def _help(title: str, *lines: str) -> Help:
    return Help(title, lines)


# By how the name of the page begins; the longest beginning that fits holds.
HELP: dict[str, Help] = {
    "today": _help(
        "Today",
        "Read the sentence on top and the health of the data below it. If data are missing, the page says so first.",
        "Open what is new: each incident is one change of one payer, never one row for each claim.",
        "Then look at what is due on the right. If nothing is new, you are done.",
    ),
    "week": _help(
        "Week", "For the director, once a week: cash ahead, dollars at stake and what came back; then what to decide.",
        "Payers are compared with themselves, places with what chance alone would give. Nothing is a ranking.",
    ),
    "incidents": _help(
        "Incidents",
        "One row for each change that a payer made, or that we made ourselves. Deadlines within a week come first, "
        "then money.",
        "Narrow the list by state, payer, owner and severity, and keep a choice that you use often under a name.",
        "Tick several to assign, acknowledge or snooze them at once; one press takes it back.",
    ),
    "incident": _help(
        "One incident",
        "The sentence says what changed; the chart shows the weeks before and after. Hatched weeks are still filling.",
        "Is it real: numbers before and after, and which innocent causes were looked for.",
        "Then take it, give it to somebody, or snooze it with a reason. Closing asks what it turned out to be: the "
        "answers are how the product learns.",
    ),
    "recovered": _help(
        "Recovered", "What payers paid on claims of incidents after we told of them, counted from remittances alone.",
        "Every sum opens to its payments.",
    ),
    "outcome": _help(
        "How well we do", "What people said incidents turned out to be, and how many were false alarms.",
        "Few judged incidents make a wide range: closing with an outcome narrows it.",
        "An owner says how many false incidents are borne, and can look first at what another limit would have told.",
    ),
    "method": _help(
        "Method", "Which version of the method looks for changes, and what another version would have told.",
        "Nothing changes unless you switch it, and a switch can be taken back.",
    ),
    "replay": _help(
        "What we would have caught",
        "Past weeks are looked at as they were known then, and what would have been told is listed.",
        "Nobody gets a mail, and no incident is opened.",
    ),
    "claim": _help(
        "A claim", "Everything that files say of one claim, in order: sent, accepted, answered, reversed, paid.",
        "Its number is shown on demand to those who may see it, and each look is written down.",
    ),
    "claims_silent": _help(
        "Claims without an answer", "Claims that are older than 19 of 20 of their payer's were at their answer.",
        "Ask the payer for the status. A claim that it does not know has to be sent again in time.",
    ),
    "claims": _help(
        "Claims without a match", "Answers of payers to claims that we do not know, and claims turned away.",
        "Upload the missing claim files, or send the claims again.",
    ),
    "worklist": _help(
        "Worklist", "Denied claims, the nearest deadline first, then what should come back.",
        "Open one to read its story and say what you did. The next one opens by itself.",
    ),
    "item": _help(
        "A denied claim", "What happened, why it was denied, by when it must be answered, and what usually comes back.",
        "Say what you did; the claim moves on, and you can take it back.",
    ),
    "letter": _help(
        "Letters", "Appeals and disputes: drafted from a template, read by a person, sent by you.",
        "Mark a letter as sent with its date and tracking number; the payer's answer closes it.",
    ),
    "template": _help("Templates", "The words of letters by reason and payer. A new version changes no old letter."),
    "packet": _help("Payer packet", "What to show a payer's representative: the change, the claims, the sums."),
    "payer": _help(
        "Payers", "How each payer decides, how fast it pays, and from which size a change would be noticed.",
        "Each is held against its own usual. A mark says worse or better only where an open incident stands behind it.",
        "Names that nobody has confirmed wait on top: say once who they are.",
    ),
    "contract": _help(
        "Contracts", "What was agreed with a payer. Load its fee schedule, and every answer is held against it.",
        "What has no price is named and left out, never guessed.",
    ),
    "underpaid": _help(
        "Underpaid lines", "Lines that were allowed less than the contract says, past the tolerance.",
        "Say what became of each; a wrong price of ours is corrected in the contract, and lines are priced anew.",
    ),
    "measure": _help(
        "Measures", "Rates, days and dollars of a period, each with its formula, range and how complete it is.",
        "Open a name to read the formula; the same numbers are in the CSV file and the API.",
    ),
    "forecast": _help(
        "Next four weeks", "What payers' first answers are expected to pay and refuse, from what is open and how fast "
        "each payer answers.",
        "The range holds what comes in four of five weeks; the last table says how that went so far.",
    ),
    "report": _help(
        "Reports", "What is reported, when it comes next, and what was made. PDF and Excel hold the same sums.",
        "Open a report to see who gets it; Now makes it at once, of the last complete day, week or month.",
    ),
    "definition": _help(
        "A report that is set up", "Say in words when it comes, such as Mondays 07:00, and look at its next moments.",
        "Pause, End and a change can be taken back. Whether you get it by mail is your own choice.",
    ),
    "data": _help(
        "Files", "Drop claims (CSV, Excel, 837) and remittances (835). The same file twice changes nothing.",
        "A file with columns that we do not know waits until you say which is which.",
        "The list follows by itself while files are read. You may leave the page.",
    ),
    "batch": _help("One file", "What came of the file, what was left out and why, and whether its money adds up."),
    "rejection": _help("A row left out", "Why a row could not be read. Fix the value, or leave it out with a reason."),
    "mapping": _help("Mappings", "Which of your columns is which of ours. Confirmed once, used for every later file."),
    "code": _help("Codes", "Codes of payers that we do not know yet. Say what they mean; past claims are read again."),
    "quality": _help("Data quality", "What looks odd in the files, by how much, and which numbers it touches."),
    "finding": _help("A finding", "What looks odd and why. If the data are right, say why; it counts no more."),
    "reconciliation": _help("Reconciliation", "Payments by remittances, against deposits of the bank, to the cent."),
    "explore": _help(
        "Own reports",
        "Choose what is counted, by what, over which days and of which claims; the table stands there at once.",
        "Each value opens to its claims. Kept reports can be shared, changed and taken back.",
    ),
    "own": _help(
        "An own report", "Counted anew from the facts each time. Change it below; what it said before is kept."
    ),
    "sql": _help(
        "Questions in SQL", "One SELECT over the same facts as own reports. Each question is written down, sealed.",
        "No file, no network, no other practice: only the tables below, for ten seconds and five thousand rows.",
    ),
    "ledger": _help("Provider adjustments", "What payers took or gave outside of claims, and what of it is explained."),
    "authorizations": _help("Told by payers: authorizations", "What payers' files say of requests, as they said it."),
    "coverages": _help("Told by payers: coverage", "What payers' files say of who is covered, as they said it."),
    "register": _help(
        "Authorizations", "Every authorization with its units, days and claims; what ends first is on top."
    ),
    "authorization": _help("Authorizations", "Claims at risk, decisions by payer, and how long payers take."),
    "source": _help("Sources", "Places that files are pulled from, when, and whether the last pull went well."),
    "channel": _help("Channels", "Where messages go besides mail: chat and your own programs. No patient data leaves."),
    "routing": _help("Who is told", "When people may be disturbed, who gets what, who is on call, and what is quiet."),
    "rule": _help("A rule", "Which incidents it is for and who is told of them. Try it before you keep it."),
    "rota": _help("On call", "Who has the week, and when it changes."),
    "mute": _help("Mutes", "What is kept quiet, until when, and why. Nothing is lost: it is listed, not sent."),
    "window": _help("Planned work", "Hours in which nobody is told, because something is being changed on purpose."),
    "calendar": _help("Calendar", "Weeks that say nothing about a payer: outages, moves, holidays."),
    "trouble": _help("Troubles", "Something that should happen did not: files that did not come, steps that failed."),
    "people": _help("People", "Who belongs to the practice and what each may do. Every change is written down."),
    "access_log": _help(
        "Audit", "Who looked at what identifies a claim or a patient, from where and why.",
        "Entries are chained: a change or a gap shows. Export a period as a signed file; the export is an entry too.",
    ),
    "access_log_record": _help(
        "Who looked at a record", "One claim by its number, or one person by member id or account, and every look that "
        "showed it, alone or with others.",
        "Somebody's own or a relative's record: put in that record, and choose whose looks you want.",
        "Each search is written down at the record itself.",
    ),
    "audit": _help(
        "Who changed what", "Every change of a setting, a person or a role, with the values before and after.",
        "Nobody can change or remove an entry.",
    ),
    "search": _help(
        "Search", "Pages, incidents, payers, files and measures by any words of their names.",
        "A claim is found by its exact number, by those who may see numbers; each such search is written down.",
    ),
    "panel": _help(
        "My patients", "For clinicians, two minutes a week: what only you can change, of your own claims alone.",
        "Before the visit: authorizations that end or may be refused. After: which records are asked for, and by when.",
        "No dollars, no ranking, and nothing about what to code.",
    ),
    "settings": _help("Settings", "Your own mail and hours, and the practice's limits."),
    "client": _help(
        "API clients", "Programs that act for the practice: what each may do, when it was last seen, and when it ends.",
        "A secret is shown once. Whoever has id and secret can do what the client may; end it when in doubt.",
    ),
    "money": _help("When money is much", "From which amount on an incident is High or Critical."),
    "letterhead": _help("Letterhead", "The logo and the paper of reports: PNG or JPEG, at most 1 MB."),
    "quiet": _help("My quiet hours", "When you do not want to be disturbed. Critical ones come if you let them."),
    **dict.fromkeys(
        ("account", "confirm", "second_", "factor_", "codes_of_recovery"),
        _help(
            "My account",
            "What keeps others out of your account: the password and a second factor, which is a passkey or an app.",
            "Print the recovery codes: each opens the account once, when the phone or key is lost.",
            "See where you are signed in, and end what you do not know. Every act here is written down.",
        ),
    ),
    "drafts": _help("Drafts", "What you had typed when your session ended, for three days and for you alone."),
    "sign_in_policy": _help(
        "Signing in", "Who needs a second factor here, and after how long without use people are signed out.",
        "Whoever needs one is led to add it before anything of the practice opens.",
    ),
    "sample": _help(
        "The sample practice",
        "A practice of its own with a year of invented claims, to click through everything. Do what you like in it.",
        "It takes no files of yours, sends nothing to anybody, and can be removed at any time.",
    ),
    "notices": _help("Notices", "What was told to you inside the portal. Opening one marks it as read."),
}  # fmt: skip


def help_for(page: str) -> Help | None:
    """The help of the page with this name, None where there is none."""
    fits = [start for start in HELP if page.startswith(start)]
    return HELP[max(fits, key=len)] if fits else None
