"""A network's weights as a table are all that its forecasts take: a forward pass by numpy, from
docs/networks.md alone, gives the same."""

import math

import numpy
import pandas
import pytest

import wsf

SEASON, HORIZON, READ = 12, 6, 25  # READ: a season and a half, and the origins of a window less one
BACK = {"cells1": 1, "cells2": 2}


@pytest.fixture(scope="module")
def sales():
    noise = numpy.random.default_rng(4)
    rows = [
        (store, item, f"{2019 + t // 12}-{t % 12 + 1:02d}-01",
         50 + 10 * size * math.sin(t / 12 * math.tau) + 5 * (store == "b") + 4 * noise.standard_normal())
        for store in "ab" for size, item in enumerate("xyz") for t in range(60)
    ]
    table = pandas.DataFrame(rows, columns=["store", "item", "month", "sold"])
    return table.assign(month=pandas.to_datetime(table.month))


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def track(y, scale, gain, share):
    """Errors, whether there was an observation, and seasons, over the scale; where it ends."""
    level, ring = y[:SEASON].mean(), list(y[:SEASON] - y[:SEASON].mean())
    seen = [(0.0, 0, s / scale) for s in ring]
    for t in range(SEASON, len(y)):
        error = y[t] - level - ring[t % SEASON]
        level += gain * error
        ring[t % SEASON] += share * (1 - gain) * error
        seen.append((error / scale, 1, ring[t % SEASON] / scale))
    return numpy.clip(numpy.array(seen), -8, 8), level, ring


def cells(x, matrix, layer):
    back, weights = BACK[layer], [matrix(layer, part) for part in ("input", "state", "bias")]
    wx, wh, bias = weights
    out, cell = ([numpy.zeros(len(wh))] * back for _ in range(2))
    for row in x:
        i, f, g, o = numpy.split(row @ wx + out[-back] @ wh + bias[0], 4)
        cell.append(sigmoid(f) * cell[-back] + sigmoid(i) * numpy.tanh(g))
        out.append(sigmoid(o) * numpy.tanh(cell[-1]))
    return numpy.array(out[back:])


def forward(y, of, labels, matrix):
    x, level, ring = track(y, of["scale"], of["gain_level"], of["gain_season"])
    x = x[-READ:]
    for layer in BACK:
        x = cells(x, matrix, layer)
    top = numpy.concatenate([x[-1], *(matrix("labels", key)[code] for key, code in labels.items())])
    mixed = top @ matrix("context", "input") + matrix("context", "bias")[0]
    said = []
    for step in range(1, HORIZON + 1):
        t, part = len(y) + step - 1, step / HORIZON
        before, now, after = (ring[(t + k) % SEASON] / of["scale"] for k in (-1, 0, 1))
        turn = math.tau * (t % SEASON) / SEASON
        waves = [f(k * turn) for k in (1, 2) for f in (math.sin, math.cos)]
        ahead = numpy.array([now, before - now, after - now, part, math.sqrt(part), *waves])
        raw = numpy.tanh(mixed + ahead @ matrix("ahead", "input")) @ matrix("head", "input") + matrix("head", "bias")[0]
        said.append(level + ring[t % SEASON] + of["scale"] * raw[3])
    return numpy.array(said)


def test_a_forward_pass_by_hand_gives_the_forecast(sales):
    fitted = wsf.fit(sales, "lstm(hidden=5, layers=2, dilations=[1,2], epochs=4)", horizon=HORIZON, keys=["store", "item"],
                     time="month", target="sold", freq="month")
    weights, said = fitted.describe("weights").to_pandas(), fitted.predict(HORIZON).to_pandas()
    told = fitted.describe("coefficients").to_pandas()

    def matrix(layer, part):
        block = weights[(weights.layer == layer) & (weights.part == part)]
        return block.pivot(index="row", columns="column", values="value").to_numpy()

    for (store, item), history in sales.groupby(["store", "item"]):
        of = told[(told.store == store) & (told["item"] == item)].set_index("coefficient").estimate
        want = said[(said.store == store) & (said["item"] == item)].forecast.to_numpy()
        labels = {"store": "ab".index(store), "item": "xyz".index(item)}
        got = forward(history.sold.to_numpy(), of, labels, matrix)
        assert numpy.abs(got / want - 1).max() < 1e-5
