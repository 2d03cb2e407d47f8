"""Writes sample.wav: a chord of A minor. Run it with `python sample.py`."""

import wave

import numpy as np

RATE = 8000
times = np.arange(RATE // 2) / RATE
chord = sum(np.sin(2 * np.pi * frequency * times) for frequency in (220.0, 261.63, 329.63))
with wave.open("sample.wav", "wb") as sound:
    sound.setparams((1, 2, RATE, 0, "NONE", ""))
    sound.writeframes((chord / 3 * 30000).astype("<i2").tobytes())
