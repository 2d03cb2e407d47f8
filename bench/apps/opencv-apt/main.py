"""A service with OpenCV from Debian and from PyPI."""

import ctypes

import cv2
import pandas
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
def health() -> dict[str, str]:
    ctypes.CDLL("libopencv_videoio.so.410")
    return {"cv2": cv2.__version__, "pandas": pandas.__version__}
