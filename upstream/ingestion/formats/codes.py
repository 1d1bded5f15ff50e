"""Codes as people write them: diagnoses with their point."""

import re
from functools import lru_cache

ICD10 = re.compile(r"[A-Z][0-9][0-9A-Z]{1,5}")
ICD9_EXTERNAL = re.compile(r"E[0-9]{4}")
ICD9 = re.compile(r"[0-9V][0-9]{2,4}")
DIAGNOSES = frozenset({"ABK", "ABF", "ABJ", "BK", "BF", "BJ"})
PRINCIPAL = frozenset({"ABK", "BK"})
TENTH = frozenset({"ABK", "ABF", "ABJ"})
WIDTH = 16


@lru_cache(maxsize=8192)
def diagnosis(qualifier: str, code: str) -> str:
    """An HI code with its point (M545 is M54.5, 4779 is 477.9, E8888 is E888.8), as it is when it looks like none.

    `qualifier` tells the 9th revision from the 10th: in both, a code may begin with E or V.
    """
    code = code.strip().upper()[:WIDTH]
    if qualifier in TENTH:
        return _pointed(code, 3) if ICD10.fullmatch(code) else code
    if ICD9_EXTERNAL.fullmatch(code):
        return _pointed(code, 4)
    return _pointed(code, 3) if ICD9.fullmatch(code) else code


def _pointed(code: str, after: int) -> str:
    return f"{code[:after]}.{code[after:]}" if len(code) > after else code
