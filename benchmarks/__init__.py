"""Every number that we claim, one command each."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported, as `muos` itself does
