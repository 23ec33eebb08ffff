/* The days of a country that move sales: public holidays of the whole country, then those that only
 * shops keep. X(country, word, official, rule, a, b, c, since, until, weekend); since and until:
 * the first and last years that had it, 0: no such year. Rows of one event follow each other.
 *
 * Rules: FIXED month a, day b; on a Sunday c days later. NTH weekday b (0 = Monday) of month a for
 * the c-th time, 0: the last. EASTER, GIVING (the fourth Thursday of November) and SUPER (the Super
 * Bowl) with a days after. BEFORE: the last weekday c before day b of month a. FETE: the French
 * mothers' day, the last Sunday of May, or the next one where that is Pentecost.
 *
 * Weekend: the day that is taken off in place of one on a weekend. NEAREST: the Friday or the
 * Monday beside; MONDAY: the next one; TWO: two days later, as Christmas and the day after make way
 * for each other.
 *
 * Sources: us 5 U.S.C. 6103; gb (England and Wales) Banking and Financial Dealings Act 1971 and
 * royal proclamations; de the Länder's laws where all agree; fr Code du travail L3133-1; es Real
 * Decreto 2001/1983; it Legge 260/1949, 54/1977, 151/2025; nl Algemene termijnenwet; ca Holidays
 * Act and Canada Labour Code; mx Ley Federal del Trabajo 74; br Lei
 * 662/1949, 6.802/1980, 14.759/2023; au National Employment Standards. bench/holidays compares them
 * with the Python package holidays. */
#ifndef WSF_CALENDAR_HOLIDAY_ROWS_H
#define WSF_CALENDAR_HOLIDAY_ROWS_H

#define WSF__HOLIDAY_COUNTRIES "us|gb|de|fr|es|it|nl|ca|mx|br|au"
/* Every word of the rows below, once. */
#define WSF__HOLIDAY_WORDS                                                                         \
  "new_year|martin_luther_king|presidents_day|memorial_day|juneteenth|independence_day|labor_day|" \
  "columbus_day|veterans_day|thanksgiving|christmas|super_bowl|valentines_day|st_patricks_day|"    \
  "good_friday|easter|cinco_de_mayo|mothers_day|fathers_day|halloween|black_friday|cyber_monday|"  \
  "super_saturday|christmas_eve|new_years_eve|epiphany|carnival|easter_monday|early_may|"          \
  "spring_bank|summer_bank|boxing_day|royal_day|may_day|ascension|pentecost|whit_monday|"          \
  "corpus_christi|unity_day|reformation_day|victory_day|bastille_day|assumption|all_saints|"       \
  "armistice|hispanic_day|constitution_day|immaculate_conception|liberation_day|republic_day|"     \
  "kings_day|victoria_day|canada_day|reconciliation_day|remembrance_day|juarez_day|"               \
  "revolution_day|inauguration_day|day_of_the_dead|tiradentes|aparecida|all_souls|"                \
  "black_awareness_day|australia_day|anzac_day|mourning_day|st_francis"

#define WSF__HOLIDAYS(X)                                                                           \
  X(us, new_year, true, FIXED, 1, 1, 0, 0, 0, NEAREST)                                             \
  X(us, martin_luther_king, true, NTH, 1, 0, 3, 1986, 0, STAYS)                                    \
  X(us, presidents_day, true, NTH, 2, 0, 3, 1971, 0, STAYS)                                        \
  X(us, memorial_day, true, NTH, 5, 0, 0, 1971, 0, STAYS)                                          \
  X(us, juneteenth, true, FIXED, 6, 19, 0, 2021, 0, NEAREST)                                       \
  X(us, independence_day, true, FIXED, 7, 4, 0, 0, 0, NEAREST)                                     \
  X(us, labor_day, true, NTH, 9, 0, 1, 1894, 0, STAYS)                                             \
  X(us, columbus_day, true, NTH, 10, 0, 2, 1971, 0, STAYS)                                         \
  X(us, veterans_day, true, FIXED, 11, 11, 0, 1938, 0, NEAREST)                                    \
  X(us, thanksgiving, true, GIVING, 0, 0, 0, 0, 0, STAYS)                                          \
  X(us, christmas, true, FIXED, 12, 25, 0, 0, 0, NEAREST)                                          \
  X(us, super_bowl, false, SUPER, 0, 0, 0, 1967, 0, STAYS)                                         \
  X(us, valentines_day, false, FIXED, 2, 14, 0, 0, 0, STAYS)                                       \
  X(us, st_patricks_day, false, FIXED, 3, 17, 0, 0, 0, STAYS)                                      \
  X(us, good_friday, false, EASTER, -2, 0, 0, 0, 0, STAYS)                                         \
  X(us, easter, false, EASTER, 0, 0, 0, 0, 0, STAYS)                                               \
  X(us, cinco_de_mayo, false, FIXED, 5, 5, 0, 0, 0, STAYS)                                         \
  X(us, mothers_day, false, NTH, 5, 6, 2, 1914, 0, STAYS)                                          \
  X(us, fathers_day, false, NTH, 6, 6, 3, 1910, 0, STAYS)                                          \
  X(us, halloween, false, FIXED, 10, 31, 0, 0, 0, STAYS)                                           \
  X(us, black_friday, false, GIVING, 1, 0, 0, 0, 0, STAYS)                                         \
  X(us, cyber_monday, false, GIVING, 4, 0, 0, 2005, 0, STAYS)                                      \
  X(us, super_saturday, false, BEFORE, 12, 25, 5, 0, 0, STAYS)                                     \
  X(us, christmas_eve, false, FIXED, 12, 24, 0, 0, 0, STAYS)                                       \
  X(us, new_years_eve, false, FIXED, 12, 31, 0, 0, 0, STAYS)                                       \
  X(gb, new_year, true, FIXED, 1, 1, 0, 1974, 0, MONDAY)                                           \
  X(gb, good_friday, true, EASTER, -2, 0, 0, 0, 0, STAYS)                                          \
  X(gb, easter_monday, true, EASTER, 1, 0, 0, 0, 0, STAYS)                                         \
  X(gb, early_may, true, NTH, 5, 0, 1, 1978, 1994, STAYS)                                          \
  X(gb, early_may, true, FIXED, 5, 8, 0, 1995, 1995, STAYS)                                        \
  X(gb, early_may, true, NTH, 5, 0, 1, 1996, 2019, STAYS)                                          \
  X(gb, early_may, true, FIXED, 5, 8, 0, 2020, 2020, STAYS)                                        \
  X(gb, early_may, true, NTH, 5, 0, 1, 2021, 0, STAYS)                                             \
  X(gb, spring_bank, true, NTH, 5, 0, 0, 1971, 2001, STAYS)                                        \
  X(gb, spring_bank, true, FIXED, 6, 4, 0, 2002, 2002, STAYS)                                      \
  X(gb, spring_bank, true, NTH, 5, 0, 0, 2003, 2011, STAYS)                                        \
  X(gb, spring_bank, true, FIXED, 6, 4, 0, 2012, 2012, STAYS)                                      \
  X(gb, spring_bank, true, NTH, 5, 0, 0, 2013, 2021, STAYS)                                        \
  X(gb, spring_bank, true, FIXED, 6, 2, 0, 2022, 2022, STAYS)                                      \
  X(gb, spring_bank, true, NTH, 5, 0, 0, 2023, 0, STAYS)                                           \
  X(gb, summer_bank, true, NTH, 8, 0, 0, 1971, 0, STAYS)                                           \
  X(gb, christmas, true, FIXED, 12, 25, 0, 0, 0, TWO)                                              \
  X(gb, boxing_day, true, FIXED, 12, 26, 0, 0, 0, TWO)                                             \
  X(gb, royal_day, true, FIXED, 6, 3, 0, 2002, 2002, STAYS)                                        \
  X(gb, royal_day, true, FIXED, 4, 29, 0, 2011, 2011, STAYS)                                       \
  X(gb, royal_day, true, FIXED, 6, 5, 0, 2012, 2012, STAYS)                                        \
  X(gb, royal_day, true, FIXED, 6, 3, 0, 2022, 2022, STAYS)                                        \
  X(gb, royal_day, true, FIXED, 9, 19, 0, 2022, 2022, STAYS)                                       \
  X(gb, royal_day, true, FIXED, 5, 8, 0, 2023, 2023, STAYS)                                        \
  X(gb, valentines_day, false, FIXED, 2, 14, 0, 0, 0, STAYS)                                       \
  X(gb, mothers_day, false, EASTER, -21, 0, 0, 0, 0, STAYS)                                        \
  X(gb, easter, false, EASTER, 0, 0, 0, 0, 0, STAYS)                                               \
  X(gb, fathers_day, false, NTH, 6, 6, 3, 0, 0, STAYS)                                             \
  X(gb, halloween, false, FIXED, 10, 31, 0, 0, 0, STAYS)                                           \
  X(gb, black_friday, false, GIVING, 1, 0, 0, 2010, 0, STAYS)                                      \
  X(gb, cyber_monday, false, GIVING, 4, 0, 0, 2010, 0, STAYS)                                      \
  X(gb, christmas_eve, false, FIXED, 12, 24, 0, 0, 0, STAYS)                                       \
  X(gb, new_years_eve, false, FIXED, 12, 31, 0, 0, 0, STAYS)                                       \
  X(de, new_year, true, FIXED, 1, 1, 0, 0, 0, STAYS)                                               \
  X(de, good_friday, true, EASTER, -2, 0, 0, 0, 0, STAYS)                                          \
  X(de, easter_monday, true, EASTER, 1, 0, 0, 0, 0, STAYS)                                         \
  X(de, may_day, true, FIXED, 5, 1, 0, 0, 0, STAYS)                                                \
  X(de, ascension, true, EASTER, 39, 0, 0, 0, 0, STAYS)                                            \
  X(de, whit_monday, true, EASTER, 50, 0, 0, 0, 0, STAYS)                                          \
  X(de, unity_day, true, FIXED, 10, 3, 0, 1990, 0, STAYS)                                          \
  X(de, reformation_day, true, FIXED, 10, 31, 0, 2017, 2017, STAYS)                                \
  X(de, christmas, true, FIXED, 12, 25, 0, 0, 0, STAYS)                                            \
  X(de, boxing_day, true, FIXED, 12, 26, 0, 0, 0, STAYS)                                           \
  X(de, valentines_day, false, FIXED, 2, 14, 0, 0, 0, STAYS)                                       \
  X(de, carnival, false, EASTER, -48, 0, 0, 0, 0, STAYS)                                           \
  X(de, easter, false, EASTER, 0, 0, 0, 0, 0, STAYS)                                               \
  X(de, mothers_day, false, NTH, 5, 6, 2, 0, 0, STAYS)                                             \
  X(de, halloween, false, FIXED, 10, 31, 0, 0, 0, STAYS)                                           \
  X(de, black_friday, false, GIVING, 1, 0, 0, 2010, 0, STAYS)                                      \
  X(de, cyber_monday, false, GIVING, 4, 0, 0, 2010, 0, STAYS)                                      \
  X(de, christmas_eve, false, FIXED, 12, 24, 0, 0, 0, STAYS)                                       \
  X(de, new_years_eve, false, FIXED, 12, 31, 0, 0, 0, STAYS)                                       \
  X(fr, new_year, true, FIXED, 1, 1, 0, 0, 0, STAYS)                                               \
  X(fr, easter_monday, true, EASTER, 1, 0, 0, 0, 0, STAYS)                                         \
  X(fr, may_day, true, FIXED, 5, 1, 0, 0, 0, STAYS)                                                \
  X(fr, victory_day, true, FIXED, 5, 8, 0, 1982, 0, STAYS)                                         \
  X(fr, ascension, true, EASTER, 39, 0, 0, 0, 0, STAYS)                                            \
  X(fr, whit_monday, true, EASTER, 50, 0, 0, 0, 0, STAYS)                                          \
  X(fr, bastille_day, true, FIXED, 7, 14, 0, 0, 0, STAYS)                                          \
  X(fr, assumption, true, FIXED, 8, 15, 0, 0, 0, STAYS)                                            \
  X(fr, all_saints, true, FIXED, 11, 1, 0, 0, 0, STAYS)                                            \
  X(fr, armistice, true, FIXED, 11, 11, 0, 0, 0, STAYS)                                            \
  X(fr, christmas, true, FIXED, 12, 25, 0, 0, 0, STAYS)                                            \
  X(fr, valentines_day, false, FIXED, 2, 14, 0, 0, 0, STAYS)                                       \
  X(fr, easter, false, EASTER, 0, 0, 0, 0, 0, STAYS)                                               \
  X(fr, mothers_day, false, FETE, 0, 0, 0, 1950, 0, STAYS)                                         \
  X(fr, fathers_day, false, NTH, 6, 6, 3, 0, 0, STAYS)                                             \
  X(fr, black_friday, false, GIVING, 1, 0, 0, 2010, 0, STAYS)                                      \
  X(fr, cyber_monday, false, GIVING, 4, 0, 0, 2010, 0, STAYS)                                      \
  X(fr, christmas_eve, false, FIXED, 12, 24, 0, 0, 0, STAYS)                                       \
  X(fr, new_years_eve, false, FIXED, 12, 31, 0, 0, 0, STAYS)                                       \
  X(es, new_year, true, FIXED, 1, 1, 0, 0, 0, STAYS)                                               \
  X(es, epiphany, true, FIXED, 1, 6, 0, 0, 0, STAYS)                                               \
  X(es, good_friday, true, EASTER, -2, 0, 0, 0, 0, STAYS)                                          \
  X(es, may_day, true, FIXED, 5, 1, 0, 0, 0, STAYS)                                                \
  X(es, assumption, true, FIXED, 8, 15, 0, 0, 0, STAYS)                                            \
  X(es, hispanic_day, true, FIXED, 10, 12, 0, 0, 0, STAYS)                                         \
  X(es, all_saints, true, FIXED, 11, 1, 0, 0, 0, STAYS)                                            \
  X(es, constitution_day, true, FIXED, 12, 6, 0, 1983, 0, STAYS)                                   \
  X(es, immaculate_conception, true, FIXED, 12, 8, 0, 0, 0, STAYS)                                 \
  X(es, christmas, true, FIXED, 12, 25, 0, 0, 0, STAYS)                                            \
  X(es, valentines_day, false, FIXED, 2, 14, 0, 0, 0, STAYS)                                       \
  X(es, easter, false, EASTER, 0, 0, 0, 0, 0, STAYS)                                               \
  X(es, mothers_day, false, NTH, 5, 6, 1, 0, 0, STAYS)                                             \
  X(es, black_friday, false, GIVING, 1, 0, 0, 2010, 0, STAYS)                                      \
  X(es, cyber_monday, false, GIVING, 4, 0, 0, 2010, 0, STAYS)                                      \
  X(es, christmas_eve, false, FIXED, 12, 24, 0, 0, 0, STAYS)                                       \
  X(es, new_years_eve, false, FIXED, 12, 31, 0, 0, 0, STAYS)                                       \
  X(it, new_year, true, FIXED, 1, 1, 0, 0, 0, STAYS)                                               \
  X(it, epiphany, true, FIXED, 1, 6, 0, 1986, 0, STAYS)                                            \
  X(it, easter, true, EASTER, 0, 0, 0, 0, 0, STAYS)                                                \
  X(it, easter_monday, true, EASTER, 1, 0, 0, 0, 0, STAYS)                                         \
  X(it, liberation_day, true, FIXED, 4, 25, 0, 1946, 0, STAYS)                                     \
  X(it, may_day, true, FIXED, 5, 1, 0, 0, 0, STAYS)                                                \
  X(it, republic_day, true, FIXED, 6, 2, 0, 2001, 0, STAYS)                                        \
  X(it, assumption, true, FIXED, 8, 15, 0, 0, 0, STAYS)                                            \
  X(it, st_francis, true, FIXED, 10, 4, 0, 2026, 0, STAYS)                                         \
  X(it, all_saints, true, FIXED, 11, 1, 0, 0, 0, STAYS)                                            \
  X(it, immaculate_conception, true, FIXED, 12, 8, 0, 0, 0, STAYS)                                 \
  X(it, christmas, true, FIXED, 12, 25, 0, 0, 0, STAYS)                                            \
  X(it, boxing_day, true, FIXED, 12, 26, 0, 0, 0, STAYS)                                           \
  X(it, unity_day, true, FIXED, 3, 17, 0, 2011, 2011, STAYS)                                       \
  X(it, valentines_day, false, FIXED, 2, 14, 0, 0, 0, STAYS)                                       \
  X(it, fathers_day, false, FIXED, 3, 19, 0, 0, 0, STAYS)                                          \
  X(it, mothers_day, false, NTH, 5, 6, 2, 0, 0, STAYS)                                             \
  X(it, black_friday, false, GIVING, 1, 0, 0, 2010, 0, STAYS)                                      \
  X(it, cyber_monday, false, GIVING, 4, 0, 0, 2010, 0, STAYS)                                      \
  X(it, christmas_eve, false, FIXED, 12, 24, 0, 0, 0, STAYS)                                       \
  X(it, new_years_eve, false, FIXED, 12, 31, 0, 0, 0, STAYS)                                       \
  X(nl, new_year, true, FIXED, 1, 1, 0, 0, 0, STAYS)                                               \
  X(nl, easter, true, EASTER, 0, 0, 0, 0, 0, STAYS)                                                \
  X(nl, easter_monday, true, EASTER, 1, 0, 0, 0, 0, STAYS)                                         \
  X(nl, kings_day, true, FIXED, 4, 30, -1, 1980, 2013, STAYS)                                      \
  X(nl, kings_day, true, FIXED, 4, 27, -1, 2014, 0, STAYS)                                         \
  X(nl, ascension, true, EASTER, 39, 0, 0, 0, 0, STAYS)                                            \
  X(nl, pentecost, true, EASTER, 49, 0, 0, 0, 0, STAYS)                                            \
  X(nl, whit_monday, true, EASTER, 50, 0, 0, 0, 0, STAYS)                                          \
  X(nl, christmas, true, FIXED, 12, 25, 0, 0, 0, STAYS)                                            \
  X(nl, boxing_day, true, FIXED, 12, 26, 0, 0, 0, STAYS)                                           \
  X(nl, valentines_day, false, FIXED, 2, 14, 0, 0, 0, STAYS)                                       \
  X(nl, good_friday, false, EASTER, -2, 0, 0, 0, 0, STAYS)                                         \
  X(nl, liberation_day, false, FIXED, 5, 5, 0, 1946, 0, STAYS)                                     \
  X(nl, mothers_day, false, NTH, 5, 6, 2, 0, 0, STAYS)                                             \
  X(nl, fathers_day, false, NTH, 6, 6, 3, 0, 0, STAYS)                                             \
  X(nl, black_friday, false, GIVING, 1, 0, 0, 2010, 0, STAYS)                                      \
  X(nl, christmas_eve, false, FIXED, 12, 24, 0, 0, 0, STAYS)                                       \
  X(nl, new_years_eve, false, FIXED, 12, 31, 0, 0, 0, STAYS)                                       \
  X(ca, new_year, true, FIXED, 1, 1, 0, 0, 0, MONDAY)                                              \
  X(ca, good_friday, true, EASTER, -2, 0, 0, 0, 0, STAYS)                                          \
  X(ca, victoria_day, true, BEFORE, 5, 25, 0, 1953, 0, STAYS)                                      \
  X(ca, canada_day, true, FIXED, 7, 1, 0, 0, 0, MONDAY)                                            \
  X(ca, labor_day, true, NTH, 9, 0, 1, 1894, 0, STAYS)                                             \
  X(ca, reconciliation_day, true, FIXED, 9, 30, 0, 2021, 0, MONDAY)                                \
  X(ca, thanksgiving, true, NTH, 10, 0, 2, 1957, 0, STAYS)                                         \
  X(ca, remembrance_day, true, FIXED, 11, 11, 0, 1931, 0, MONDAY)                                  \
  X(ca, christmas, true, FIXED, 12, 25, 0, 0, 0, TWO)                                              \
  X(ca, boxing_day, true, FIXED, 12, 26, 0, 0, 0, TWO)                                             \
  X(ca, valentines_day, false, FIXED, 2, 14, 0, 0, 0, STAYS)                                       \
  X(ca, easter, false, EASTER, 0, 0, 0, 0, 0, STAYS)                                               \
  X(ca, mothers_day, false, NTH, 5, 6, 2, 0, 0, STAYS)                                             \
  X(ca, fathers_day, false, NTH, 6, 6, 3, 0, 0, STAYS)                                             \
  X(ca, halloween, false, FIXED, 10, 31, 0, 0, 0, STAYS)                                           \
  X(ca, black_friday, false, GIVING, 1, 0, 0, 2008, 0, STAYS)                                      \
  X(ca, cyber_monday, false, GIVING, 4, 0, 0, 2008, 0, STAYS)                                      \
  X(ca, christmas_eve, false, FIXED, 12, 24, 0, 0, 0, STAYS)                                       \
  X(ca, new_years_eve, false, FIXED, 12, 31, 0, 0, 0, STAYS)                                       \
  X(mx, new_year, true, FIXED, 1, 1, 0, 0, 0, STAYS)                                               \
  X(mx, constitution_day, true, NTH, 2, 0, 1, 2006, 0, STAYS)                                      \
  X(mx, juarez_day, true, NTH, 3, 0, 3, 2006, 0, STAYS)                                            \
  X(mx, may_day, true, FIXED, 5, 1, 0, 1923, 0, STAYS)                                             \
  X(mx, independence_day, true, FIXED, 9, 16, 0, 0, 0, STAYS)                                      \
  X(mx, revolution_day, true, NTH, 11, 0, 3, 2006, 0, STAYS)                                       \
  X(mx, inauguration_day, true, FIXED, 12, 1, 0, 2006, 2006, STAYS)                                \
  X(mx, inauguration_day, true, FIXED, 12, 1, 0, 2012, 2012, STAYS)                                \
  X(mx, inauguration_day, true, FIXED, 12, 1, 0, 2018, 2018, STAYS)                                \
  X(mx, inauguration_day, true, FIXED, 10, 1, 0, 2024, 2024, STAYS)                                \
  X(mx, inauguration_day, true, FIXED, 10, 1, 0, 2030, 2030, STAYS)                                \
  X(mx, christmas, true, FIXED, 12, 25, 0, 0, 0, STAYS)                                            \
  X(mx, epiphany, false, FIXED, 1, 6, 0, 0, 0, STAYS)                                              \
  X(mx, valentines_day, false, FIXED, 2, 14, 0, 0, 0, STAYS)                                       \
  X(mx, good_friday, false, EASTER, -2, 0, 0, 0, 0, STAYS)                                         \
  X(mx, easter, false, EASTER, 0, 0, 0, 0, 0, STAYS)                                               \
  X(mx, mothers_day, false, FIXED, 5, 10, 0, 1922, 0, STAYS)                                       \
  X(mx, fathers_day, false, NTH, 6, 6, 3, 0, 0, STAYS)                                             \
  X(mx, day_of_the_dead, false, FIXED, 11, 2, 0, 0, 0, STAYS)                                      \
  X(mx, black_friday, false, GIVING, 1, 0, 0, 2010, 0, STAYS)                                      \
  X(mx, christmas_eve, false, FIXED, 12, 24, 0, 0, 0, STAYS)                                       \
  X(mx, new_years_eve, false, FIXED, 12, 31, 0, 0, 0, STAYS)                                       \
  X(br, new_year, true, FIXED, 1, 1, 0, 0, 0, STAYS)                                               \
  X(br, good_friday, true, EASTER, -2, 0, 0, 0, 0, STAYS)                                          \
  X(br, tiradentes, true, FIXED, 4, 21, 0, 1951, 0, STAYS)                                         \
  X(br, may_day, true, FIXED, 5, 1, 0, 1925, 0, STAYS)                                             \
  X(br, independence_day, true, FIXED, 9, 7, 0, 0, 0, STAYS)                                       \
  X(br, aparecida, true, FIXED, 10, 12, 0, 1980, 0, STAYS)                                         \
  X(br, all_souls, true, FIXED, 11, 2, 0, 0, 0, STAYS)                                             \
  X(br, republic_day, true, FIXED, 11, 15, 0, 0, 0, STAYS)                                         \
  X(br, black_awareness_day, true, FIXED, 11, 20, 0, 2024, 0, STAYS)                               \
  X(br, christmas, true, FIXED, 12, 25, 0, 0, 0, STAYS)                                            \
  X(br, carnival, false, EASTER, -47, 0, 0, 0, 0, STAYS)                                           \
  X(br, easter, false, EASTER, 0, 0, 0, 0, 0, STAYS)                                               \
  X(br, mothers_day, false, NTH, 5, 6, 2, 0, 0, STAYS)                                             \
  X(br, valentines_day, false, FIXED, 6, 12, 0, 0, 0, STAYS)                                       \
  X(br, corpus_christi, false, EASTER, 60, 0, 0, 0, 0, STAYS)                                      \
  X(br, fathers_day, false, NTH, 8, 6, 2, 0, 0, STAYS)                                             \
  X(br, black_friday, false, GIVING, 1, 0, 0, 2010, 0, STAYS)                                      \
  X(br, christmas_eve, false, FIXED, 12, 24, 0, 0, 0, STAYS)                                       \
  X(br, new_years_eve, false, FIXED, 12, 31, 0, 0, 0, STAYS)                                       \
  X(au, new_year, true, FIXED, 1, 1, 0, 0, 0, MONDAY)                                              \
  X(au, australia_day, true, FIXED, 1, 26, 0, 1935, 0, MONDAY)                                     \
  X(au, good_friday, true, EASTER, -2, 0, 0, 0, 0, STAYS)                                          \
  X(au, easter_monday, true, EASTER, 1, 0, 0, 0, 0, STAYS)                                         \
  X(au, anzac_day, true, FIXED, 4, 25, 0, 1921, 0, STAYS)                                          \
  X(au, mourning_day, true, FIXED, 9, 22, 0, 2022, 2022, STAYS)                                    \
  X(au, christmas, true, FIXED, 12, 25, 0, 0, 0, TWO)                                              \
  X(au, boxing_day, true, FIXED, 12, 26, 0, 0, 0, TWO)                                             \
  X(au, valentines_day, false, FIXED, 2, 14, 0, 0, 0, STAYS)                                       \
  X(au, easter, false, EASTER, 0, 0, 0, 0, 0, STAYS)                                               \
  X(au, mothers_day, false, NTH, 5, 6, 2, 0, 0, STAYS)                                             \
  X(au, fathers_day, false, NTH, 9, 6, 1, 0, 0, STAYS)                                             \
  X(au, black_friday, false, GIVING, 1, 0, 0, 2010, 0, STAYS)                                      \
  X(au, cyber_monday, false, GIVING, 4, 0, 0, 2010, 0, STAYS)                                      \
  X(au, christmas_eve, false, FIXED, 12, 24, 0, 0, 0, STAYS)                                       \
  X(au, new_years_eve, false, FIXED, 12, 31, 0, 0, 0, STAYS)

#endif
