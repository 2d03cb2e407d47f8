"""Run it with `pdm run pytest`."""

from fastapi.testclient import TestClient

from main import app

client = TestClient(app)


def test_knows_a_green_apple():
    apple = {"weight": 172, "diameter": 76, "red": 0.02, "sugar": 11}
    assert client.post("/predict", json=apple).json()["variety"] == "Granny Smith"


def test_refuses_more_red_than_there_is_skin():
    apple = {"weight": 172, "diameter": 76, "red": 1.2, "sugar": 11}
    assert client.post("/predict", json=apple).status_code == 422
