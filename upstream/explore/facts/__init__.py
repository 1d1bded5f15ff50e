"""Facts of claims without PHI, as sealed Parquet files: one for each month of submission, written by a stage."""
