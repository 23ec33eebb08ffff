# Regenerates the numbers of test_mstl_golden.c: R 4.2, forecast 8.20 (r-cran-forecast).
# The series are in the folder WSF_DATA/classic as "t","value".
suppressMessages(library(forecast))
# robust: without the last of an even number of values. R's stl asks its partial sort for the two
# middle ranks in falling order, and then now and then gets another value than the median.
show <- function(name, seasons, at, robust) {
  y <- read.csv(file.path(Sys.getenv("WSF_DATA"), "classic", paste0(name, ".csv")))$value
  if (robust) y <- head(y, length(y) - 1 + length(y) %% 2)
  parts <- mstl(msts(y, seasonal.periods = seasons), robust = robust)
  for (i in at) {
    cat(sprintf('    {"%s", %d, %d, {%s}},\n', name, robust, i - 1,
                paste(sprintf("%.13g", parts[i, 1 + seq_len(length(seasons) + 1)]), collapse = ", ")))
  }
}
show("taylor", c(48, 336), c(1, 100, 336, 1000, 3333, 4032), FALSE)
show("taylor", c(48, 336), c(1, 100, 336, 1000, 3333, 4031), TRUE)
show("AirPassengers", c(12, 36), c(1, 7, 50, 144), FALSE)
show("nottem", 12, c(1, 77, 240), FALSE)
show("AirPassengers", c(12, 36), c(1, 50, 143), TRUE)
