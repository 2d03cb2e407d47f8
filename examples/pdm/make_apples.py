"""Writes apples.csv: made-up measurements of three varieties. Run it with `python make_apples.py`."""

import csv
import random

# Weight (g), diameter (mm), share of red skin, sugar (° Brix), and how much each of them varies.
VARIETIES = {
    "Boskoop": ((220, 30), (85, 5), (0.35, 0.12), (12.0, 0.8)),
    "Elstar": ((150, 18), (70, 4), (0.55, 0.12), (13.0, 0.7)),
    "Granny Smith": ((170, 20), (75, 4), (0.03, 0.03), (11.0, 0.7)),
}

random.seed(7)
with open("apples.csv", "w", newline="", encoding="utf-8") as file:
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["weight", "diameter", "red", "sugar", "variety"])
    for variety, (weight, diameter, red, sugar) in VARIETIES.items():
        for _ in range(40):
            share = min(max(random.gauss(*red), 0), 1)
            measured = [random.gauss(*weight), random.gauss(*diameter), share, random.gauss(*sugar)]
            table.writerow([f"{value:.2f}" for value in measured] + [variety])
