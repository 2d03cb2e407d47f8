"""Tells the variety of an apple."""

from fastapi import FastAPI
from pydantic import BaseModel, Field

from classifier import classify, train

app = FastAPI(title="Apples")
model = train()


class Apple(BaseModel):
    weight: float = Field(gt=0, description="in grams")
    diameter: float = Field(gt=0, description="in millimetres")
    red: float = Field(ge=0, le=1, description="share of the skin")
    sugar: float = Field(ge=0, le=40, description="in degrees Brix")


@app.get("/health")
def health() -> dict:
    return {"status": "ok"}


@app.post("/predict")
def predict(apple: Apple) -> dict:
    varieties = classify(model, apple.model_dump())
    return {"variety": next(iter(varieties)), "probabilities": varieties}
