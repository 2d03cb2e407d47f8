"""A service that tells how bright the parts of a picture are."""

import cv2
import numpy
import pandas
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


@app.get("/health")
def health() -> dict[str, str]:
    return {"cv2": cv2.__version__, "pandas": pandas.__version__}


@app.post("/predict")
async def predict(request: Request) -> dict[str, float]:
    data = numpy.frombuffer(await request.body(), numpy.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if data.size else None
    if picture is None:
        raise HTTPException(400, "this is not a picture")
    brightness = pandas.Series(picture.ravel()).describe()
    return {name: float(brightness[name]) for name in ("mean", "std", "min", "max")}
