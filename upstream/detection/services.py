"""One look at the bound practice: triangles read, judged, grouped and written down."""


def analyse(batch_id: int) -> bool:
    """True when the batch was waiting."""
    return False
