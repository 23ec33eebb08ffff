# Regenerates the numbers of test_ucm_golden.c: statsmodels 0.15, exact diffuse start.
# Usage: python ucm_golden.py FOLDER-OF-CLASSIC-SERIES
import sys, warnings
import numpy as np, pandas as pd, statsmodels.api as sm

warnings.filterwarnings("ignore")


def read(name):
    return pd.read_csv(f"{sys.argv[1]}/{name}.csv").iloc[:, 1].values.astype(float)


def model(y, form, m):
    level = "local level" if form in ("level", "seasonal") else "local linear trend"
    season = {}
    if form in ("bsm", "seasonal"): season = {"seasonal": m}
    if form == "trig": season = {"freq_seasonal": [{"period": m}]}
    return sm.tsa.UnobservedComponents(y, level, use_exact_diffuse=True, **season)


for name, form, m, change in [
    ("Nile", "level", 1, None), ("LakeHuron", "trend", 1, None), ("UKgas", "bsm", 4, np.log10),
    ("AirPassengers", "bsm", 12, np.log), ("USAccDeaths", "bsm", 12, None),
    ("AirPassengers", "trig", 12, np.log), ("USAccDeaths", "trig", 12, None),
]:
    y = read(name)
    y = change(y) if change else y
    if name == "USAccDeaths": y = y / 1000
    mod, best = model(y, form, m), None
    for method in ("lbfgs", "nm", "powell"):
        r = mod.fit(disp=0, method=method, maxiter=5000)
        r = mod.fit(r.params, disp=0, method="nm", maxiter=5000)
        if best is None or r.llf > best.llf: best = r
    f = best.get_forecast(12)
    print(name, form, "%.8f" % best.llf, list(best.params))
    print(" mean", ["%.7g" % x for x in f.predicted_mean], "\n se", ["%.7g" % x for x in f.se_mean])

# Fixed variances (irregular, level, slope, seasonal) and gaps.
y = np.log(read("AirPassengers"))
y[[3, 4, 17, 40, 41, 42, 100, 143]] = np.nan
for form, params in [("bsm", [2e-4, 5e-4, 1e-6, 6e-5]), ("seasonal", [2e-4, 5e-4, 6e-5]),
                     ("trig", [2e-4, 5e-4, 1e-6, 4e-6])]:
    r = model(y, form, 12).smooth(params)
    f = r.get_forecast(14)
    print("gaps", form, "%.10f" % r.llf)
    print(" mean", ["%.10g" % x for x in f.predicted_mean][::4])
    print(" se", ["%.10g" % x for x in f.se_mean][::4])
