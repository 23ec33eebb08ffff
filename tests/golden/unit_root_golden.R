# Regenerates the numbers of test_unit_root_golden.c: R 4.2, forecast 8.20, tseries 0.10, urca 1.3
# (r-cran-forecast, r-cran-tseries, r-cran-urca).
# The classic series are in the folder WSF_DATA/classic as "t","value".
suppressMessages(library(forecast))
suppressMessages(library(tseries))
suppressMessages(library(urca))
options(warn = -1)
folder <- file.path(Sys.getenv("WSF_DATA"), "classic")
read <- function(name, m) ts(read.csv(file.path(folder, paste0(name, ".csv")))$value, frequency = m)
seasonal <- c(AirPassengers = 12, co2 = 12, gas = 12, JohnsonJohnson = 4, ldeaths = 12,
              nottem = 12, UKgas = 4, USAccDeaths = 12, wineind = 12, woolyrnq = 4, taylor = 48)
for (name in names(seasonal)) {
  x <- read(name, seasonal[name])
  for (most in c(0, 3)) {
    test <- ocsb.test(x, lag.method = if (most) "AIC" else "fixed", maxlag = most)
    cat(sprintf('    {"%s", %d, %d, %d, %.10g, %.10g, %d},\n', name, seasonal[name], most,
                test$lag.order, test$statistics, test$critical,
                nsdiffs(x, test = "ocsb", max.D = 2)))
  }
}
others <- c("LakeHuron", "lynx", "Nile", "sunspots", "WWWusage")
for (name in c(names(seasonal), others)) {
  x <- as.numeric(read(name, 1))
  level <- kpss.test(x)
  line <- kpss.test(x, "Trend")
  adf <- adf.test(x)
  z <- pp.test(x)
  zt <- pp.test(x, type = "Z(t_alpha)")
  drift <- ur.df(x, "drift", lags = 1)
  constant <- ur.pp(x, "Z-tau", "constant", "short")
  cat(sprintf(paste0('    {"%s", {%.10g, %.10g, %.10g, %.10g, %.10g, %.10g, %.10g}, ',
                     '{%.10g, %.10g, %.10g, %.10g, %.10g}, {%d, %d}, {%d, %d, %d}},\n'), name,
              level$statistic, line$statistic, adf$statistic, zt$statistic, z$statistic,
              drift@teststat[1], constant@teststat[1],
              level$p.value, line$p.value, adf$p.value, zt$p.value, z$p.value,
              level$parameter, adf$parameter,
              ndiffs(x), ndiffs(x, test = "adf"), ndiffs(x, test = "pp")))
}
