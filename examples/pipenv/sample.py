"""Draws sample.png: two QR codes on a grey wall. Run it with `pipenv run python sample.py`."""

import cv2
import numpy as np

picture = np.full((260, 420), 200, np.uint8)
for text, left in (("https://buildpacks.io", 30), ("Gate 4, row 12", 230)):
    code = cv2.QRCodeEncoder.create().encode(text)
    code = cv2.resize(code, (160, 160), interpolation=cv2.INTER_NEAREST)
    picture[50:210, left : left + 160] = code
cv2.imwrite("sample.png", picture)
