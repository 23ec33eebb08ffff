# Prints the table of test_arima_golden.c for regressors, waves and Box-Cox: R 4.2, forecast 8.20.
# Rscript arima_x_golden.R FOLDER-OF-CLASSIC-SERIES
suppressPackageStartupMessages(library(forecast))
folder <- commandArgs(TRUE)[1]
series <- function(name, m) ts(read.csv(file.path(folder, paste0(name, ".csv")))$value, frequency = m)
show <- function(label, fit, mean) {
  cat(label, arimaorder(fit), "| log likelihood", format(fit$loglik, digits = 12), "| beta",
      format(tail(coef(fit), 2), digits = 9), "| mean", format(as.numeric(mean), digits = 10), "\n")
}
columns <- function(t) cbind(five = t %% 5, root = sqrt(t)) # t counts from 0
y <- series("USAccDeaths", 12)
n <- length(y)
x <- columns(seq_len(n) - 1)
ahead <- columns(n - 1 + 1:4)
fit <- Arima(y, order = c(1, 0, 1), xreg = x)
show("1,0,1", fit, forecast(fit, xreg = ahead)$mean)
fit <- Arima(y, order = c(0, 1, 1), seasonal = c(0, 1, 1), xreg = x)
show("0,1,1 0,1,1", fit, forecast(fit, xreg = ahead)$mean)
fit <- Arima(y, order = c(1, 1, 0), include.drift = TRUE, xreg = x)
show("1,1,0 drift", fit, forecast(fit, xreg = ahead)$mean)
y[c(10, 30, 31)] <- NA
fit <- Arima(y, order = c(1, 0, 1), xreg = x)
show("1,0,1 gaps", fit, forecast(fit, xreg = ahead)$mean)
y <- series("USAccDeaths", 12)
waves <- function(t) do.call(cbind, lapply(1:3, function(k) cbind(sin(2 * pi * k * t / 12), cos(2 * pi * k * t / 12))))
fit <- auto.arima(ts(y), xreg = waves(seq_len(n) - 1))
show("waves", fit, forecast(fit, xreg = waves(n - 1 + 1:4))$mean)
fit <- arima(ts(y), order = c(2, 0, 1), xreg = sapply(1:8, function(j) (if (j %% 2) sin else cos)(2 * pi * ((j + 1) %/% 2) * (seq_len(n) - 1) / 12)),
             method = "ML", optim.control = list(reltol = 1e-14, maxit = 1000))
cat("2,0,1 and 8 waves | log likelihood", format(fit$loglik, digits = 12), "| first beta", format(coef(fit)[5:6], digits = 9), "\n")
y <- series("AirPassengers", 12)
fit <- auto.arima(y, lambda = "auto", biasadj = TRUE)
cat("lambda", format(fit$lambda, digits = 10), "\n")
show("boxcox", fit, forecast(fit, h = 4)$mean)
order <- function(label, fit) cat(label, arimaorder(fit), "| aicc", format(fit$aicc, digits = 10), "\n")
order("AirPassengers ocsb", auto.arima(log(series("AirPassengers", 12)), seasonal.test = "ocsb", approximation = FALSE))
order("nottem ocsb", auto.arima(series("nottem", 12), seasonal.test = "ocsb", approximation = FALSE))
order("USAccDeaths adf", auto.arima(series("USAccDeaths", 12), test = "adf"))
order("WWWusage pp", auto.arima(series("WWWusage", 1), test = "pp"))
order("WWWusage all", auto.arima(series("WWWusage", 1), stepwise = FALSE, approximation = FALSE))
order("woolyrnq all", auto.arima(series("woolyrnq", 4), stepwise = FALSE, approximation = FALSE))
order("LakeHuron bic", auto.arima(series("LakeHuron", 1), ic = "bic"))
