/* The words of dates: names of months, English ones of weekdays, years of two digits, weeks of
 * ISO 8601. Months are known in English, German, French, Spanish, Italian, Dutch and Portuguese: a
 * name, or its first three letters or more, with its accents or without; no beginning of a name is
 * one of another month's, but for the French jui, which is none. Of the Polish names, which other
 * words begin like, List, the whole is known, as one says the month or its days, and three letters.
 */
#include "calendar/time_read.h"

#include <string.h>

int wsf__short_year(int two_digits) {
  return two_digits < 69 ? 2000 + two_digits : 1900 + two_digits;
}

bool wsf__iso_week(int year, int week, int weekday, int64_t *days) {
  /* 4 January lies in week 1; a week belongs to the year of its Thursday. */
  const int64_t fourth = wsf__days_from_civil(year, 1, 4);
  const int64_t monday = fourth - wsf__weekday(fourth) + 7 * (int64_t)(week - 1);
  int64_t thursday_year;
  int month, day;
  if (year < 1 || week < 1 || week > 53 || weekday < 1 || weekday > 7) return false;
  wsf__civil_from_days(monday + 3, &thursday_year, &month, &day);
  *days = monday + weekday - 1;
  return thursday_year == year;
}

/* Of the letters U+0100 to U+017F, in pairs of a great and a small one, those of Polish. */
static char polish_letter(unsigned char first, unsigned char second) {
  static const struct {
    unsigned char first, great, small;
    char plain;
  } letter[] = {{0xc4, 0x84, 0x85, 'a'}, {0xc4, 0x86, 0x87, 'c'}, {0xc4, 0x98, 0x99, 'e'},
                {0xc5, 0x81, 0x82, 'l'}, {0xc5, 0x83, 0x84, 'n'}, {0xc5, 0x9a, 0x9b, 's'},
                {0xc5, 0xb9, 0xba, 'z'}, {0xc5, 0xbb, 0xbc, 'z'}};
  for (size_t i = 0; i < sizeof letter / sizeof *letter; ++i) {
    if (letter[i].first != first) continue;
    if (letter[i].great == second || letter[i].small == second) return letter[i].plain;
  }
  return 0;
}

/* The letter at p, small and without its accent, and its bytes; 0: there is none. */
static char plain_letter(const char *p, size_t length, size_t *bytes) {
  static const char accented[] = {
      [0x00] = 'a', [0x01] = 'a', [0x02] = 'a', [0x04] = 'a', [0x07] = 'c', [0x08] = 'e',
      [0x09] = 'e', [0x0a] = 'e', [0x19] = 'u', [0x1a] = 'u', [0x1b] = 'u', [0x1c] = 'u'};
  const char small = (char)(*p | 32);
  *bytes = 1;
  if (length > 0 && small >= 'a' && small <= 'z') return small;
  if (length < 2) return 0;
  if ((unsigned char)*p == 0xc4 || (unsigned char)*p == 0xc5) {
    *bytes = 2;
    return polish_letter((unsigned char)*p, (unsigned char)p[1]);
  }
  if ((unsigned char)*p != 0xc3) return 0;
  /* U+00C0 to U+00FF: great and small letters 32 apart. */
  const size_t at = (unsigned char)p[1] & 0x1f;
  *bytes = 2;
  return at < sizeof accented ? accented[at] : 0;
}

/* The name of which `text` begins with three letters or more, or that it is as a whole, up to the
 * first byte that is no letter; none where it begins those of two. */
static int find_name(const char *const *name, int n, bool whole, const char *text, size_t *length) {
  enum { LONGEST = 16 };
  char word[LONGEST];
  size_t letters = 0, at = 0, bytes;
  int found = 0;
  for (char c; at < *length && (c = plain_letter(text + at, *length - at, &bytes)); at += bytes) {
    if (letters == LONGEST) return 0;
    word[letters++] = c;
  }
  if (letters < 3) return 0;
  for (int i = 0; i < n; ++i) {
    const char *p = name[i];
    for (const char *end; *p; p = *end ? end + 1 : end) {
      end = strchr(p, ' ');
      if (!end) end = p + strlen(p);
      const size_t all = (size_t)(end - p);
      if (letters > all || (whole && letters < all) || memcmp(p, word, letters) != 0) continue;
      if (found && found != i + 1) return 0;
      found = i + 1;
    }
  }
  if (found) *length = at;
  return found;
}

static const char *const months[] = {"january",   "february", "march",    "april",
                                     "may",       "june",     "july",     "august",
                                     "september", "october",  "november", "december"};
static const char *const months_anywhere[] = {
    "january januar jaenner janner janvier enero gennaio januari janeiro",
    "february februar fevrier febrero febbraio februari fevereiro",
    "march marz maerz mrz mars marzo maart mrt marco",
    "april avril abril aprile",
    "may mai mayo maggio mei maio",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august aout agosto augustus",
    "september septembre septiembre setiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dicembre dezembro"};
static const char *const months_in_polish[] = {"styczen stycznia sty",
                                               "luty lutego lut",
                                               "marzec marca mar",
                                               "kwiecien kwietnia kwi",
                                               "maj maja",
                                               "czerwiec czerwca cze",
                                               "lipiec lipca lip",
                                               "sierpien sierpnia sie",
                                               "wrzesien wrzesnia wrz",
                                               "pazdziernik pazdziernika paz",
                                               "listopad listopada lis",
                                               "grudzien grudnia gru"};
static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};

int wsf__month_name(const char *text, size_t *length) {
  const int month = find_name(months_anywhere, 12, false, text, length);
  return month ? month : find_name(months_in_polish, 12, true, text, length);
}

int wsf__weekday_name(const char *text, size_t *length) {
  return find_name(weekdays, 7, false, text, length);
}

const char *wsf__month_word(int month) {
  return months[month - 1];
}

const char *wsf__weekday_word(int weekday) {
  return weekdays[weekday - 1];
}
