"""Makes the sound of the desk's alarm anew: two soft notes, twice. `python scripts/alarm_sound.py`"""

from __future__ import annotations

import math
import wave
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "bot" / "desk" / "static" / "alarm.wav"
RATE = 11_025
NOTES = ((784.0, 0.18), (1046.5, 0.26), (0.0, 0.12), (784.0, 0.18), (1046.5, 0.34))
"""Hertz (0 is silence) and seconds."""
LOUD = 0.55
ATTACK, RELEASE = 0.012, 0.09
"""Seconds: without them each note begins and ends with a click."""


def samples() -> bytes:
    """16 bit, mono."""
    made = bytearray()
    for hertz, seconds in NOTES:
        for step in range(int(seconds * RATE)):
            at = step / RATE
            shape = min(1.0, at / ATTACK, (seconds - at) / RELEASE)
            tone = math.sin(2 * math.pi * hertz * at) + 0.25 * math.sin(4 * math.pi * hertz * at)
            made += int(32_767 * LOUD * shape * tone / 1.25).to_bytes(2, "little", signed=True)
    return bytes(made)


if __name__ == "__main__":
    with wave.open(str(FILE), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples())
