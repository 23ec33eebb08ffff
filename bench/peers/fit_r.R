# Fits one model of R's forecast package to every series of a long CSV (unique_id, ds, y).
#   Rscript fit_r.R ets|auto.arima|thetaf SERIES.csv SEASON HORIZON OUT.csv FITS.csv
# OUT.csv: unique_id, ds, forecast. FITS.csv: a row a series with the CPU seconds of the fit and,
# where the model has them, its orders and information criterion.
suppressMessages(library(forecast))
a <- commandArgs(TRUE)
model <- a[1]
season <- as.integer(a[3])
h <- as.integer(a[4])
d <- read.csv(a[2])

one <- function(s) {
  y <- ts(s$y, frequency = season)
  t0 <- sum(proc.time()[1:2])
  fit <- switch(model, ets = ets(y), auto.arima = auto.arima(y), thetaf = thetaf(y, h))
  cpu <- sum(proc.time()[1:2]) - t0
  mean <- if (model == "thetaf") fit$mean else forecast(fit, h, PI = FALSE)$mean
  info <- data.frame(unique_id = s$unique_id[1], cpu = cpu, order = "", drift = 0, aicc = NA, loglik = NA)
  if (model == "auto.arima") {
    k <- fit$arma # p, q, P, Q, m, d, D
    info$order <- paste(k[1], k[6], k[2], k[3], k[7], k[4])
    info$drift <- as.integer(any(c("drift", "intercept") %in% names(coef(fit))))
  }
  if (model == "ets") info$order <- gsub(",", "", sub("ETS\\((.*)\\)", "\\1", fit$method))
  if (model != "thetaf") {
    info$aicc <- fit$aicc
    info$loglik <- fit$loglik
  }
  list(info, data.frame(unique_id = s$unique_id[1], ds = max(s$ds) + 1:h, forecast = as.numeric(mean)))
}

all <- lapply(split(d, factor(d$unique_id, unique(d$unique_id))), one)
write.csv(do.call(rbind, lapply(all, `[[`, 1)), a[6], row.names = FALSE)
write.csv(do.call(rbind, lapply(all, `[[`, 2)), a[5], row.names = FALSE)
