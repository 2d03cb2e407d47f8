"""The smallest service that needs torch."""

import torch
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
def health() -> dict[str, float]:
    return {"sum": float(torch.arange(10).sum())}
