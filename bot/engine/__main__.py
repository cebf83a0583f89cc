"""`python -m bot.engine run …`: Rasa's command line, without the libraries that a running engine never uses."""

from __future__ import annotations

import os

from bot.engine import absent

# a server answers many at once: threads of a product of small matrices would only wait for each other
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
absent.leave_out()

from rasa.__main__ import main  # noqa: E402  after the stand-ins are in place

if __name__ == "__main__":
    main()
