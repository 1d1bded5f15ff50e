"""Signals of one detection run become incidents, or news of incidents."""


def take_signals(run_id: int) -> bool:
    """True when the run was waiting."""
    return False
