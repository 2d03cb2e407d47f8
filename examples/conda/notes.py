"""Notes are the peaks of a sound's spectrum."""

import numpy as np

NAMES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
# Quieter than this share of the loudest one is an overtone or noise.
AUDIBLE = 0.2
LOWEST, HIGHEST = 50.0, 4000.0


def find_notes(samples: np.ndarray, rate: int) -> list[dict]:
    """The notes with their frequencies in hertz, from low to high."""
    if len(samples) < rate // 10:
        return []
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    frequencies = np.fft.rfftfreq(len(samples), 1 / rate)
    spectrum[(frequencies < LOWEST) | (frequencies > HIGHEST)] = 0
    inner = spectrum[1:-1]
    is_peak = (inner > spectrum[:-2]) & (inner >= spectrum[2:]) & (inner > AUDIBLE * spectrum.max())
    return [
        {"note": name_of(frequencies[at]), "frequency": round(float(frequencies[at]), 1)}
        for at in np.flatnonzero(is_peak) + 1
    ]


def name_of(frequency: float) -> str:
    """In scientific pitch notation: A4 has 440 Hz."""
    steps = round(12 * np.log2(frequency / 440)) + 57
    return f"{NAMES[steps % 12]}{steps // 12}"
