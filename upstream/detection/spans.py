"""Weeks that make what is usual, and the two clocks of a week: known without the arithmetic that they govern."""

# Newest weeks that are judged, weeks before them that are the usual, and the fewest of these that tell anything.
GAP, SPAN, MIN_WEEKS = 12, 52, 20
BY_DECISION, BY_SUBMISSION = "decision", "submission"
