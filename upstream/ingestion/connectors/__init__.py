"""One module for each kind of place that files are pulled from; `kinds.KINDS` is the one list of them."""
