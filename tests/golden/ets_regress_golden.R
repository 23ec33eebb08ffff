suppressMessages(library(forecast))
# Reference of test_ets_regress.c: ets(ANN, x=..) is ARIMA(0,1,1) with regressors; theta = alpha - 1.
# the same generator as the test: linear congruential noise
seed <- 11
unit <- function() { seed <<- (seed * 1664525 + 1013904223) %% 4294967296; floor(seed / 256) / 16777216 }
n <- 200; y <- numeric(n); x1 <- numeric(n); x2 <- numeric(n); level <- 50
for (t in 1:n) {
  e <- unit() + unit() + unit() + unit() - 2
  x1[t] <- as.numeric(unit() < 0.1); x2[t] <- 20 * unit()
  y[t] <- level + 7 * x1[t] - 0.5 * x2[t] + e
  level <- level + 0.3 * e
}
options(digits=10)
f <- Arima(y, order=c(0,1,1), xreg=cbind(x1,x2), method="ML")
print(coef(f)); print(sqrt(diag(f$var.coef))); print(f$sigma2)
fc <- forecast(f, xreg=cbind(c(1,0,0),c(3,10,20)), level=95)
print(fc$mean); print((fc$upper-fc$mean)/1.959963985)
