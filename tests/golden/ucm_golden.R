# Regenerates StructTS's variances in test_ucm_golden.c: R 4.2, package stats.
# Usage: Rscript ucm_golden.R FOLDER-OF-CLASSIC-SERIES
folder <- commandArgs(TRUE)[1]
show <- function(name, type, m, change = identity) {
  y <- ts(change(read.csv(file.path(folder, paste0(name, ".csv")))[, 2]), frequency = m)
  s <- StructTS(y, type = type)
  cat(name, type, format(s$coef, digits = 10), "\n")
}
show("Nile", "level", 1)
show("LakeHuron", "level", 1)
show("LakeHuron", "trend", 1)
show("UKgas", "BSM", 4, log10)
show("AirPassengers", "BSM", 12, log)
show("USAccDeaths", "BSM", 12, function(x) x / 1000)
