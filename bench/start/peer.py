"""From nothing to the first number by statsforecast: peer.py MODEL CSV prints the first forecast of seven."""

import sys

import numpy as np
from statsforecast import models

model, path = sys.argv[1:]
series = np.loadtxt(path, delimiter=",", skiprows=1)[:, 1]
print(eval(model, vars(models)).forecast(series, 7)["mean"][0])
