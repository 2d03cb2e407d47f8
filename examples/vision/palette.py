"""What can be said of a picture from its pixels alone. Pictures are arrays as OpenCV has them."""

import cv2
import numpy as np
import pandas as pd

# Colours are found in a small copy: more pixels change the answer little.
LONGEST_SIDE = 160


def find_colours(image: np.ndarray, count: int) -> pd.DataFrame:
    """The colours that the picture is made of, by k-means; the most frequent first."""
    pixels = shrink(image).reshape(-1, 3).astype(np.float32)
    count = min(count, len(np.unique(pixels, axis=0)))
    cv2.setRNGSeed(1)
    enough = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 0.5)
    _, labels, centres = cv2.kmeans(pixels, count, None, enough, 3, cv2.KMEANS_PP_CENTERS)

    shares = pd.Series(labels.ravel()).value_counts(normalize=True)
    table = pd.DataFrame(centres[:, ::-1].round().astype(int), columns=["red", "green", "blue"])
    table["colour"] = table.apply(lambda row: "#{:02x}{:02x}{:02x}".format(*row), axis=1)
    table["share"] = shares.reindex(table.index, fill_value=0).round(3)
    return table.sort_values("share", ascending=False)[["colour", "share"]].reset_index(drop=True)


def measure_edges(image: np.ndarray) -> dict:
    """The share of pixels that lie on an edge, and the variance of the Laplacian."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    edges = cv2.Canny(grey, 100, 200)
    return {
        "edges": round(float((edges > 0).mean()), 4),
        "sharpness": round(float(cv2.Laplacian(grey, cv2.CV_64F).var()), 1),
    }


def shrink(image: np.ndarray) -> np.ndarray:
    scale = LONGEST_SIDE / max(image.shape[:2])
    if scale >= 1:
        return image
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
