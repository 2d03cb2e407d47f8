"""A service with many small packages, of which it uses some, as such services do."""

import bs4
import httpx
import jsonschema
import networkx
import nltk
import openpyxl
import pymongo
import redis
import sqlalchemy
from fastapi import FastAPI

app = FastAPI()
modules = [bs4, httpx, jsonschema, networkx, nltk, openpyxl, pymongo, redis, sqlalchemy]


@app.get("/health")
def health() -> dict[str, str]:
    return {module.__name__: str(getattr(module, "__version__", "")) for module in modules}


@app.post("/predict")
def predict(text: str) -> dict[str, int]:
    return nltk.FreqDist(nltk.wordpunct_tokenize(text.lower()))
