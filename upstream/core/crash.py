"""Named points at which a test may kill the process, to prove that nothing is lost or doubled there."""

import os
import signal
from collections import Counter

from django.conf import settings

POINTS = {
    "after_land": "the raw file is stored, its batch row is not yet committed",
    "mid_fetch": "a piece of a remote file has come",
    "before_object_landed": "a remote file's batch is committed, its own row does not say so yet",
    "before_acknowledge": "a remote file is received, the sender's side is not settled",
    "after_stage": "rows are staged, nothing is merged",
    "before_merge_commit": "claims are merged, the batch is not committed",
    "after_merge_commit": "the batch is committed, nobody has been told",
    "after_claim": "a row has been taken for work",
    "mid_rotation": "a batch of sealed values is under the newest key, not yet committed",
    "after_detection": "signals are computed, not yet committed",
    "after_incidents": "incidents are written, not yet committed",
    "after_worklist": "items of the worklist are written, not yet committed",
    "before_register_commit": "authorizations of files are in the register, not yet committed",
    "before_look_commit": "a look at what can fail is written, not yet committed",
    "after_routing": "who is told of an incident is written, not yet committed",
    "before_let_go_commit": "a notice is handed to delivery, not yet committed",
    "after_replayed_day": "a day of a replay is committed, the next has not begun",
    "after_render": "a report is rendered, its artifact is not stored",
    "after_artifact_write": "the artifact file is stored, its row is not committed",
    "after_letters": "letters of a batch are committed, the next have not begun",
    "before_letters_commit": "letters of a batch are drafted, not yet committed",
    "before_smtp": "the message is marked as being submitted, nothing was sent",
    "after_smtp_250": "the receiver has accepted, the row does not say so yet",
    "before_sample_commit": "a sample practice is a step further, not yet committed",
    "before_payer_move_commit": "claims stand under their new payer, not yet committed",
    "before_publish": "work is committed, the queue message is not sent",
}
_passes: Counter[str] = Counter()


def point(name: str) -> None:
    """Kill this process (SIGKILL) when UPSTREAM_CRASH_AT names this point, at its n-th pass ("point" or "point:n")."""
    if not settings.CRASH_AT:
        return
    wanted, _, nth = str(settings.CRASH_AT).partition(":")
    if wanted == name:
        _passes[name] += 1
        if _passes[name] == int(nth or 1):
            os.kill(os.getpid(), signal.SIGKILL)
