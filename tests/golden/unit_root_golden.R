# Regenerates the numbers of test_unit_root_golden.c: R 4.2, forecast 8.20 (r-cran-forecast).
# The seasonal classic series are in the folder WSF_DATA/classic as "t","value".
suppressMessages(library(forecast))
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
