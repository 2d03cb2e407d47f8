"""A naive Bayes classifier over letter sequences. A few sentences of each language teach it enough."""

import re
from collections import Counter
from pathlib import Path

import numpy as np

TEXTS = Path(__file__).with_name("texts")


class Model:
    def __init__(self, texts: dict[str, str]) -> None:
        self.languages = list(texts)
        counts = [Counter(sequences(text)) for text in texts.values()]
        known = sorted(set().union(*counts))
        self.rows = {sequence: row for row, sequence in enumerate(known)}
        # One more of each, so that what a language has not shown yet is rare, not impossible.
        table = np.array([[count[sequence] + 1 for count in counts] for sequence in known], float)
        self.logarithms = np.log(table / table.sum(axis=0))

    def classify(self, text: str) -> dict[str, float]:
        """The languages with their probabilities, the likeliest first; none for a text without letters."""
        if re.search(r"[^\W\d_]", text) is None:
            return {}
        rows = [self.rows[sequence] for sequence in sequences(text) if sequence in self.rows]
        scores = self.logarithms[rows].sum(axis=0)
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        order = np.argsort(-shares, kind="stable")
        return {self.languages[at]: round(float(shares[at]), 3) for at in order}


def sequences(text: str) -> list[str]:
    """All runs of one to three letters, with blanks where words begin and end."""
    padded = " ".join(["", *re.findall(r"[^\W\d_]+", text.lower()), ""])
    return [
        padded[at : at + length] for length in (1, 2, 3) for at in range(len(padded) - length + 1)
    ]


def load_model() -> Model:
    return Model({file.stem: file.read_text(encoding="utf-8") for file in sorted(TEXTS.glob("*.txt"))})
