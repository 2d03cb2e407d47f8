"""Run it with `pipenv run pytest`."""

from pathlib import Path

from app import app

client = app.test_client()


def test_reads_two_codes():
    with Path(__file__).with_name("sample.png").open("rb") as picture:
        answer = client.post("/predict", data={"picture": picture})
    texts = {code["text"] for code in answer.json["codes"]}
    assert texts == {"https://buildpacks.io", "Gate 4, row 12"}


def test_refuses_what_is_no_picture():
    answer = client.post("/predict")
    assert (answer.status_code, answer.json) == (400, {"error": "a file named picture is missing"})
