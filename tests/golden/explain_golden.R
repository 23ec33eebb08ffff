# Prints the tables of test_explain_golden.c: coefficients and standard errors of R 4.2's lm and
# arima. Rscript explain_golden.R
show <- function(label, estimate, error)
  cat(label, paste0("{", format(estimate, digits = 9), ", ", format(error, digits = 9), "}"), "\n", sep = " ")
y <- USAccDeaths
n <- length(y)
five <- (seq_len(n) - 1) %% 5
s <- summary(lm(y ~ trend + season + five, data.frame(y = as.numeric(y), trend = seq_len(n), season = factor(cycle(y)), five)))$coef
show("tslm", s[, 1], s[, 2])
errors <- function(label, f) show(label, f$coef, sqrt(diag(f$var.coef)))
errors("0,1,1 0,1,1", arima(y, order = c(0, 1, 1), seasonal = list(order = c(0, 1, 1)), method = "ML"))
five <- (seq_along(LakeHuron) - 1) %% 5
errors("2,0,0 x", arima(LakeHuron, order = c(2, 0, 0), xreg = five, method = "ML"))
errors("1,0,1", arima(LakeHuron, order = c(1, 0, 1), method = "ML"))
f <- arima(Nile, order = c(0, 1, 1), method = "ML")
show("ets alpha", 1 + f$coef, sqrt(diag(f$var.coef)))
