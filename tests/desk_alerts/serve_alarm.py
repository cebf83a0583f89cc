"""An alarm as a process of its own, to be killed: `python serve_alarm.py DATABASE_URL KEY TARGET_URL LEASE_SECONDS`."""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta

from alerts_fakes import KEY, PUBLIC, Told, clinic

from bot.desk.alerts import sender
from bot.desk.alerts.alerts import Alerts
from bot.desk.alerts.links import Links
from bot.records.database import Database
from bot.records.sealing import Sealer

if __name__ == "__main__":
    url, key, target, lease = sys.argv[1:]
    sender.LEASE = timedelta(seconds=float(lease))
    known = clinic({"Team": ("always", target)})
    told = Told()
    alerts = Alerts(
        Database(url, Sealer([key])),
        known,
        Links(KEY, PUBLIC),
        told,
        told.said.append,
        lambda: datetime.now(known.timezone),
    )
    while True:
        alerts.tick()
        time.sleep(0.05)
