/* Weekly models look some 52 weeks back, but Easter stands in another week each year and Christmas
 * on another day of its week. As `holiday_shift` does for a whole history, so here for one row: the
 * week of Good Friday looks at that of the earlier year and the weeks between close up; the five
 * weeks that end with the week of Christmas take a share of a neighbour's value, by how many days
 * earlier or later Christmas stood in its week, where the three middle ones sell 10 % more than the
 * outer two. k years are the nearest number of whole weeks. */
#include "features/same_season.h"

#include "calendar/holiday_weeks.h"
#include "calendar/holidays.h"

#include <math.h>

/* Weeks that Easter moves at most: 34 days of dates, and up to 4 by which k years are no weeks.
 * Every fifth year or so has a week more. */
enum { EASTER_MOST = 7 };

wsf__same_season wsf__same_season_of(const wsf__node *node, const wsf__panel *panel) {
  const int64_t own = wsf__arg_int(node, "season");
  int64_t days;
  wsf__same_season s = {.season = own > 0 ? own : panel->season};
  s.weekly = wsf__arg_flag(node, "align") && s.season == 52 && panel->calendar.freq == WSF__WEEK &&
             panel->calendar.step == 1 &&
             wsf__calendar_days(&panel->calendar, 0, &s.first_day, &days);
  return s;
}

static int64_t back(const wsf__same_season *s, int64_t k) {
  return s->weekly ? (int64_t)floor((double)k * 365.2425 / 7 + 0.5) : k * s->season;
}

int64_t wsf__same_season_lag(const wsf__node *node, int64_t least, int64_t most,
                             int64_t *furthest) {
  const int64_t season = wsf__arg_int(node, "season");
  *furthest = WSF__FEATURE_WHOLE;
  if (season == 0) return 1;
  const int64_t moved = wsf__arg_flag(node, "align") && season == 52 ? EASTER_MOST : 0;
  *furthest = most * season + (moved ? moved + WSF__SEASONS_MOST / 5 : 0);
  return least * season - moved;
}

/* Where week t of `year` looks, k years before. */
static int64_t past_easter(const wsf__same_season *s, int64_t year, int64_t k, int64_t t) {
  int64_t count, then;
  const int64_t own = wsf__easter_weeks(s->first_day, year, &count);
  const int64_t source = wsf__easter_weeks(s->first_day, year - k, &then);
  const int64_t place = own - back(s, k), plain = t - back(s, k);
  if (t >= own && t < own + count) return source + (t - own);
  if (plain >= place + count && plain < source + count) return plain - count;
  if (plain >= source && plain < place) return plain + count;
  return plain;
}

/* The value of a week of the five that end with Christmas; the plain one where nothing moves. */
static double shared_out(const wsf__feature_view *v, const wsf__same_season *s, int64_t year,
                         int64_t k, int64_t t, double plain) {
  enum { WEEKS = WSF__CHRISTMAS_WEEKS };
  const int64_t day = wsf__christmas(year), then = wsf__christmas(year - k);
  const int64_t own = wsf__week_of(s->first_day, day), place = own - back(s, k);
  const int64_t i = t - (own - (WEEKS - 1));
  const int64_t lead = (then - (s->first_day + 7 * place)) - (day - (s->first_day + 7 * own));
  if (i < 0 || i >= WEEKS || lead == 0 || lead < -7 || lead > 7) return plain;
  double old[WEEKS];
  for (int j = 0; j < WEEKS; ++j) old[j] = wsf__feature_target(v, place - (WEEKS - 1) + j);
  return wsf__christmas_week(old, i, -(double)lead / 7);
}

double wsf__same_season_value(const wsf__feature_view *v, const wsf__same_season *s, int64_t k,
                              int64_t t) {
  if (!s->weekly) return wsf__feature_target(v, t - back(s, k));
  const int64_t year = wsf__year_of_week(s->first_day, t);
  const double plain = wsf__feature_target(v, past_easter(s, year, k, t));
  return shared_out(v, s, year, k, t, plain);
}
