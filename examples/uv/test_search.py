"""Run it with `uv run --group monitoring pytest`."""

from fastapi.testclient import TestClient

from main import app

client = TestClient(app)


def test_finds_the_passage_that_answers():
    answer = client.post("/predict", json={"question": "Why do my tomatoes crack?", "count": 1})
    assert [passage["title"] for passage in answer.json()["passages"]] == ["Tomatoes"]


def test_finds_nothing_for_other_matters():
    assert client.post("/predict", json={"question": "§§§"}).json() == {"passages": []}


def test_refuses_an_empty_question():
    assert client.post("/predict", json={"question": ""}).status_code == 422
