"""What is asked of detection and what the reference methods reached, beside a run's own scores."""

from typing import Any

# Pooled test seeds of the standard suite. The first column is what is asked for, at the default budget; the others
# are the references measured when the method was chosen: the sketch with all metrics together at two settings, and
# the best of each family for denials alone at 0.02.
REFERENCES = ("asked", "sketch .023", "sketch .011", "two-clock", "GLR", "BOCPD", "chi-square")
ROWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("false episodes per tenant-week", "far", ("<= 0.02", "0.023", "0.011", "0.014", "0.016", "0.020", "0.020")),
    ("worst nuisance per tenant-week", "nuisance", ("<= 0.05", "", "", "", "", "", "")),
    ("detectable found within 2 weeks", "d2", ("", "", "", "0.64", "0.51", "0.50", "0.43")),
    ("detectable found within 4 weeks", "d4", (">= 0.86", "0.89", "0.86", "0.84", "0.80", "0.81", "0.79")),
    ("detectable found within 8 weeks", "d8", (">= 0.97", "1.00", "0.99", "0.96", "0.96", "0.94", "0.91")),
    ("median weeks, detectable", "median", ("2", "2", "2", "2", "2", "2", "3")),
    ("all events found within 4 weeks", "a4", (">= 0.36", "", "", "", "", "", "")),
    ("all events found within 8 weeks", "a8", (">= 0.57", "", "", "", "", "", "")),
    ("payment delay within 4 weeks, detectable", "delay4", (">= 0.95", "", "", "", "", "", "")),
    ("share of loss before the alert, detectable", "lost", ("<= 0.05", "", "", "0.13", "0.15", "0.16", "0.20")),
    ("exact scope", "scope", (">= 0.90", "0.91", "0.92", "0.88", "0.81", "0.76", "0.73")),
    ("incidents per found event", "per_event", ("<= 1.2", "1.3", "1.2", "1.3", "5.5", "4.3", "3.5")),
    ("placebo", "placebo", ("<= 0.01", "", "", "", "", "", "")),
    ("annual dollars within a factor 2", "dollars", (">= 0.75", "0.70", "", "", "", "", "")),
)


def figures(found: dict[str, Any]) -> dict[str, float | None]:
    """The scorer's numbers by the keys of ROWS."""
    detectable, delay = found["detectable"] or {}, found["detectable_by_metric"]["delay"] or {}
    within, every = detectable.get("pod", {}), (found["all"] or {}).get("pod", {})
    return {
        "far": found["far_tenant_week"],
        "nuisance": max((row["per_tenant_week"] for row in found["false_by_decoy"].values()), default=None),
        "d2": within.get("2"),
        "d4": within.get("4"),
        "d8": within.get("8"),
        "median": detectable.get("median_weeks"),
        "a4": every.get("4"),
        "a8": every.get("8"),
        "delay4": delay.get("pod", {}).get("4"),
        "lost": detectable.get("lost_share"),
        "scope": found["localisation"]["exact_scope"]["right"],
        "per_event": found["episodes_per_event"],
        "placebo": (found["all"] or {}).get("placebo"),
        "dollars": found["dollars"]["within_2x"],
    }


def table(found: dict[str, Any], seeds: list[int], suite: str) -> str:
    """As Markdown: this run beside what is asked for and the references."""
    mine = figures(found)
    head = ("", f"this run ({suite}, seeds {', '.join(map(str, seeds))})", *REFERENCES)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for words, key, references in ROWS:
        value = mine[key]
        shown = "-" if value is None else f"{value:.0f}" if key == "median" else f"{value:.3f}"
        lines.append(f"| {words} | **{shown}** | {' | '.join(references)} |")
    return "\n".join(lines)
