"""Tells which language a text is in."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from model import load_model

model = load_model()


async def health(_: Request) -> JSONResponse:
    return JSONResponse({"status": "ok"})


async def predict(request: Request) -> JSONResponse:
    text = (await request.body()).decode("utf-8", "replace")
    probabilities = model.classify(text)
    return JSONResponse({"language": next(iter(probabilities), None), "probabilities": probabilities})


app = Starlette(
    routes=[Route("/health", health), Route("/predict", predict, methods=["POST"])],
)
