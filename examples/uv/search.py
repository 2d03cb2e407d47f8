"""Ranks passages by how much of a question's words they share, rare words counting most (TF-IDF)."""

from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

PASSAGES = Path(__file__).with_name("passages.txt")


class Index:
    def __init__(self, lines: list[str]) -> None:
        self.titles, self.texts = zip(*(line.split(": ", 1) for line in lines))
        # Parts of words let "watering" find "water".
        self.vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
        self.matrix = self.vectorizer.fit_transform(lines)

    def find(self, question: str, count: int) -> list[dict]:
        scores = (self.matrix @ self.vectorizer.transform([question]).T).toarray().ravel()
        best = np.argsort(-scores, kind="stable")[:count]
        return [
            {"title": self.titles[at], "text": self.texts[at], "score": round(float(scores[at]), 3)}
            for at in best
            if scores[at] > 0
        ]


def load_index() -> Index:
    return Index(PASSAGES.read_text(encoding="utf-8").splitlines())
