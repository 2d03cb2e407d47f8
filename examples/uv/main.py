"""Answers questions about a garden with the passages that fit best."""

from fastapi import FastAPI
from prometheus_client import Counter, make_asgi_app
from pydantic import BaseModel, Field

from search import load_index

app = FastAPI(title="Search")
app.mount("/metrics", make_asgi_app())

index = load_index()
questions = Counter("questions", "Questions that were asked")


class Question(BaseModel):
    question: str = Field(min_length=1, max_length=500)
    count: int = Field(default=3, ge=1, le=10)


@app.get("/health")
def health() -> dict:
    return {"status": "ok"}


@app.post("/predict")
def predict(asked: Question) -> dict:
    questions.inc()
    return {"passages": index.find(asked.question, asked.count)}
