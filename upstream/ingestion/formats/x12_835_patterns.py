"""What a claim of an 835 looks like as nearly every payer writes it: its segments in the guide's order, as patterns.

`e` and `t` are the escaped separators of elements and of segments. A pattern that does not fit takes all that is left,
so that `findall` never looks for the next place where it would.
"""

import re

from upstream.ingestion.formats.x12_835_claim import CONTROL_WIDTH, GROUP_WIDTH, USUAL_REASON

AMOUNT = r"(-[0-9.]*+|[0-9]*+)(\.[0-9]{1,2}+|)"  # dollars, and what stands behind them; with a sign all in one


def claim_pattern(e: str, t: str) -> re.Pattern[str]:
    """One claim from its CLP up to the next part of the remittance; groups as `UsualClaims.read` names them.

    It fits at every CLP or else swallows all that is left, with no group; `e` and `t` are the escaped separators.
    """
    v, rest, short = f"[^{e}{t}]*+", f"[^{t}]*+", rf"[^{e}{t}\ ]"
    share = r"-?+[0-9]{0,11}+(?:\.[0-9]{0,2}+|)"
    return re.compile(
        rf"""({t}CLP{e}({v}){e}({v}){e}{AMOUNT}{e}{AMOUNT}{e}{share}{e}({v}){e}({v})
        (?:{e}({short}{{0,4}}+)(?:{e}({short}?+)(?:{e}{rest}|)|)|)(?={t}|\Z)
        ((?:{t}CAS{e}{rest})*+)
        (?:{t}NM1{e}QC{e}{v}{e}({v}){e}({v})(?:{e}{v}{e}{v}{e}{v}{e}{v}{e}({v})|){rest}|)
        ((?:{t}NM1{e}(?:IL|74){e}{rest})*+)
        (?:{t}NM1{e}82{e}{v}{e}{v}{e}{v}{e}{v}{e}{v}{e}{v}{e}XX{e}([^{e}{t}\ ]{{1,10}}+)(?={t}|\Z)|)
        (?:{t}NM1{e}(?:TT|PR|GB){e}{rest})*+
        ({t}M[IO]A{e}{rest}|)
        (?:{t}REF{e}(?!G1|9F|F8){rest})*+
        ((?:{t}DTM{e}{rest})*+)
        (?:{t}(?:AMT{e}(?!I{e})|QTY{e}|PER{e}){rest})*+
        ((?:{t}SVC{e}{rest}(?:{t}(?:DTM|CAS|REF|AMT|QTY|LQ){e}{rest})*+)*+)
        )(?={t}(?:CLP|LX|PLB|SE|N1){e}|\Z)
        |(?s:.+)""",
        re.VERBOSE,
    )


def line_pattern(e: str, t: str) -> re.Pattern[str]:
    """One SVC loop; it fits at every SVC or else swallows all that is left, with no group.

    Of most lines the reductions are one or two CAS of one triplet: those have groups of their own, any others one.
    """
    rest = f"[^{t}]*+"
    passed = f"(?:{t}(?:REF{e}(?!6R|G1|9F|F8)|AMT{e}(?!B6)|QTY{e}){rest})*+"
    reason = f"[^{e}{t}]{{1,{GROUP_WIDTH}}}+{e}[^{e}{t}]{{1,{USUAL_REASON}}}+"
    reduction = rf"{t}CAS{e}({reason}){e}{AMOUNT}(?={t}|\Z)"
    return re.compile(
        rf"""{t}SVC{e}([^{e}{t}]*+){e}{AMOUNT}(?:{e}{AMOUNT}|)(?={e}|{t}|\Z)(?:{e}{e}1(?={t}|\Z)|({rest}))
        (?:{t}DTM{e}(?:472|150){e}({rest})(?:{t}DTM{e}151{e}{rest}|)|)
        (?:{reduction}(?:{reduction}|)|)((?:{t}CAS{e}{rest})*+)
        {passed}(?:{t}REF{e}6R{e}([^{e}{t}\ ]{{0,{CONTROL_WIDTH}}}+)(?={t}|\Z)|)
        {passed}(?:{t}AMT{e}B6{e}{AMOUNT}(?={t}|\Z)|){passed}
        ((?:{t}LQ{e}HE{e}{rest})*+)(?={t}SVC|\Z)
        |(?s:.+)""",
        re.VERBOSE,
    )


def triplet_pattern(e: str, t: str) -> re.Pattern[str]:
    """One triplet of a CAS, the first of each with its group; or else all that is left, with no group."""
    return re.compile(
        rf"""(?:{t}CAS{e}([^{e}{t}]{{1,{GROUP_WIDTH}}}+)|){e}([^{e}{t}]{{1,{USUAL_REASON}}}+){e}{AMOUNT}
        (?:{e}([^{e}{t}]*+)|)(?={e}|{t}|\Z)|(?s:.+)""",
        re.VERBOSE,
    )
