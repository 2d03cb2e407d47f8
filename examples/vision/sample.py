"""Draws sample.png: a sun over a field. Run it with `python sample.py`."""

import cv2
import numpy as np

picture = np.full((180, 240, 3), (232, 190, 120), np.uint8)
cv2.rectangle(picture, (0, 120), (240, 180), (70, 140, 60), cv2.FILLED)
cv2.circle(picture, (170, 60), 30, (60, 200, 250), cv2.FILLED)
cv2.imwrite("sample.png", picture)
