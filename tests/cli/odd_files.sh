#!/bin/sh
# Files as people have them: `wsf load FILE` looks at each, and the expression that it proposes loads
# it, unchanged. Usage: odd_files.sh WSF.
set -u
wsf=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0
checks=0

# carried: what the load of the proposal doubts, the proposal told already, but for two that it says
# in words of its own
carried() {
  awk '/^"?doubt: / && !/several currencies|far ahead of all|long before all/ {
    if (sub(/^"/, "")) { gsub(/""/, "\001"); sub(/".*/, ""); gsub(/\001/, "\"") } else sub(/,.*/, "")
    sub(/^doubt: /, ""); print }' report >doubts
  while IFS= read -r doubt; do
    grep -q -F -e "$doubt" seen || { echo "    not told by the proposal: $doubt"; return 1; }
  done <doubts
}

# odd FILE SERIES OBSERVATIONS LINE [TOLD]: what its proposal loads; LINE is one of the table of
# values, TOLD one of the load report if there is more to tell than that no row was rejected
odd() {
  checks=$((checks + 1))
  "$wsf" load "$1" >seen 2>err </dev/null
  data=$(eval "printf %s $(sed -n 's/^wsf load --data //p' seen)")
  found="nothing"
  if [ -n "$data" ] && "$wsf" describe --data "$data" --what report --format csv >report 2>err </dev/null &&
    "$wsf" describe --data "$data" --what values --format csv >values 2>err </dev/null; then
    found="$(sed -n 's/^series,\([0-9]*\),.*/\1/p' report) series, $(sed -n 's/^observations,\([0-9]*\),.*/\1/p' report) observations"
    if [ "$found" = "$2 series, $3 observations" ] && grep -q -x -e "$4" values &&
      grep -q -e "${5:-^rows rejected,0,}" report && carried; then
      return 0
    fi
  fi
  failures=$((failures + 1))
  echo "FAILED: $1: $found; expected $2 series, $3 observations, $4"
  echo "    proposed: $data"
  [ -s err ] && sed 's/^/    stderr: /' err | head -3
  head -4 values 2>/dev/null | sed 's/^/    value: /'
  grep -e rejected report 2>/dev/null | sed 's/^/    /'
  return 0
}

# lacks LINE: no line of the last file's values is that
lacks() {
  checks=$((checks + 1))
  grep -q -x -e "$1" values || return 0
  failures=$((failures + 1))
  echo "FAILED: values have '$1'"
}

# both LINE: the last file could be read in another way, and so says what was seen of it
both() {
  checks=$((checks + 1))
  grep -q -e "^doubt *$1" seen && return 0
  failures=$((failures + 1))
  echo "FAILED: no doubt says '$1'"
  grep '^doubt' seen
}

# settles SERIES OBSERVATIONS: the expression that a doubt of the last file shows loads that
settles() {
  checks=$((checks + 1))
  other=$(sed -n 's/^doubt .*\(csv(".*)\) reads them so$/\1/p' seen | head -1)
  if [ -n "$other" ] && "$wsf" describe --data "$other" --what report --format csv >report 2>err </dev/null; then
    found="$(sed -n 's/^series,\([0-9]*\),.*/\1/p' report) $(sed -n 's/^observations,\([0-9]*\),.*/\1/p' report)"
    [ "$found" = "$1 $2" ] && return 0
  fi
  failures=$((failures + 1))
  echo "FAILED: ${other:-no expression} of a doubt: ${found:-}; expected $1 $2" && head -3 err
}

# untold DATA TEXT: the load of an expression doubts no such thing; untold_here TEXT: the proposal
untold() {
  checks=$((checks + 1))
  "$wsf" load --data "$1" --format csv 2>err >report && ! grep -q "doubt: $2" report && return 0
  failures=$((failures + 1))
  echo "FAILED: $1 doubts '$2', or does not load"
}
untold_here() {
  checks=$((checks + 1))
  ! grep -q -e "$1" seen && return 0
  failures=$((failures + 1))
  echo "FAILED: the last proposal tells '$1'"
}

# ---- marks ----------------------------------------------------------------------------------

printf 'Filiale;Datum;Umsatz\nM\374nchen;30.04.2019;1.239,50\nK\366ln;30.04.2019;980,25\nM\374nchen;01.05.2019;1.100,00\nK\366ln;01.05.2019;7,75\n' >latin1.csv
odd latin1.csv 2 4 'München,2019-04-30,1239.5,.*'

for c in d a y , u n i t s / 2 0 1 9 - 0 1 - 0 1 , 5 / 2 0 1 9 - 0 1 - 0 2 , 6 /; do
  [ "$c" = / ] && c='\n'
  printf -- "$c\\0"
done >utf16.txt
{ printf '\377\376' && cat utf16.txt; } >utf16.csv
odd utf16.csv 1 2 '2019-01-02,6,.*'

printf 'sep=;\r\nday;store;units\r\n2019-01-01;A;5,5\r\n2019-01-02;A;6,5\r\n' >excel.csv
odd excel.csv 1 2 '2019-01-02,6.5,.*'

printf '\357\273\277date,sales,\r\n2019-01-01,5,\r\n\r\n2019-01-02,6,\r\n' >bom.csv
odd bom.csv 1 2 '2019-01-02,6,.*'

printf 'shop|date|qty\nA|2019-01-01|5\nB|2019-01-01|6\nA|2019-01-02|7\nB|2019-01-02|8\n' >pipe.txt
odd pipe.txt 2 4 'B,2019-01-02,8,.*'

printf 'shop\tdate\tqty\nA, north\t2019-01-01\t5\nB\t2019-01-01\t6\nA, north\t2019-01-02\t7\n' >tab.tsv
odd tab.tsv 2 3 '"A, north",2019-01-02,7,.*'

printf '# made by hand\n# in May\ndate,sales\n2019-01-01,5\n# a pause\n2019-01-02,6\n' >comment.csv
odd comment.csv 1 2 '2019-01-02,6,.*'

printf 'Sales report\nAll shops, in units\n\ndate,shop,units\n2019-01-01,A,5\n2019-01-01,B,6\n2019-01-02,A,7\n2019-01-02,B,8\n' >title.csv
odd title.csv 2 4 'B,2019-01-02,8,.*'

printf '2019-01-01,A,5\n2019-01-01,B,6\n2019-01-02,A,7\n2019-01-02,B,8\n' >bare.csv
odd bare.csv 2 4 'B,2019-01-02,8,.*'

printf 'date,note,sales\n2019-01-01,"a quiet\nday, said ""Ann""",5\n2019-01-02,"rain",6\n' >lines.csv
odd lines.csv 1 2 '2019-01-02,6,.*'

# ---- numbers --------------------------------------------------------------------------------

printf 'date,revenue\n2019-01-01,"$1,234.50"\n2019-01-02,"$980.25"\n2019-01-03,"($12.00)"\n' >money.csv
odd money.csv 1 3 '2019-01-03,-12,.*'

printf 'date,amount\n2019-01-01,€ 1.234,50\n' | tr ',' ';' | sed 's/;50/,50/' >euro.csv
printf '2019-01-02;€ 12,25\n' >>euro.csv
odd euro.csv 1 2 '2019-01-01,1234.5,.*'

printf 'week,share,units sold\n2019-01-07,12 %%,100\n2019-01-14,15 %%,110\n' >percent.csv
odd percent.csv 1 2 '2019-01-14,110,1,0.15'

printf 'date;sales\n2019-01-01;1.234.567\n2019-01-02;2.345.678\n' >dots.csv
odd dots.csv 1 2 '2019-01-01,1234567,.*'

printf "date;sales\n2019-01-01;1'234.50\n2019-01-02;2'345'678.25\n" >swiss.csv
odd swiss.csv 1 2 '2019-01-02,2345678.25,.*'

printf 'Material;Buchungsdatum;Menge\n000010;02.01.2019;1.234,50-\n000020;02.01.2019;5,00\n000010;13.01.2019;3,00\n000020;13.01.2019;4,00\n' >sap.csv
odd sap.csv 2 4 '0*10,2019-01-02,-1234.5,.*'

# ---- times ----------------------------------------------------------------------------------

printf 'date,sales\n30/12/19,5\n31/12/19,6\n1/1/20,7\n' >short.csv
odd short.csv 1 3 '2020-01-01,7,.*'

printf 'date;sales\n30.12.2019;5\n31.12.2019;6\n1.1.2020;7\n' >points.csv
odd points.csv 1 3 '2020-01-01,7,.*'

printf 'Date,Sales\n12/30/2019,5\n12/31/2019,6\n1/1/2020,7\n' >american.csv
odd american.csv 1 3 '2020-01-01,7,.*'

printf 'month,sales\nJan 2019,5\nFeb 2019,6\nMar 2019,7\n' >words.csv
odd words.csv 1 3 '2019-03-01,7,.*'

# Other languages, also where the first three letters are those of English
printf 'Monat;Umsatz\nJan 2020;5\nFeb 2020;6\nM\303\244r 2020;7\nApr 2020;8\nMai 2020;9\n' >monate.csv
odd monate.csv 1 5 '2020-05-01,9,.*'
printf 'mois;ventes\njanv. 2020;5\nf\303\251vr. 2020;6\nmars 2020;7\navr. 2020;8\nmai 2020;9\njuin 2020;10\njuil. 2020;11\n' >mois.csv
odd mois.csv 1 7 '2020-07-01,11,.*'
printf 'mes,ventas\n15 ene 2020,5\n15 feb 2020,6\n15 mar 2020,7\n15 abr 2020,8\n' >mes.csv
odd mes.csv 1 4 '2020-04-.*,8,.*'

printf 'm,s\n11/19,5\n12/19,6\n01/20,7\n' >mmyy.csv
odd mmyy.csv 1 3 '2020-01-01,7,.*'
both 'dates like 04/24 are read as months of a year, not as days of no year'

printf 'shop,size,date,units\nA,10/12,2020-01-01,5\nA,12/14,2020-01-01,6\nA,10/12,2020-01-02,7\nA,12/14,2020-01-02,8\n' >sizes.csv
odd sizes.csv 2 4 '12/14,2020-01-02,8,.*'

printf 'shop,11/19,12/19,01/20\nA,5,6,7\nB,6,7,8\n' >mmyywide.csv
odd mmyywide.csv 2 6 'A,2020-01-01,7,.*' '^"doubt: dates like 04/24'

printf 'd,s\n1-Jan,5\n2-Jan,6\n3-Jan,7\n' >yearless.csv
odd yearless.csv 1 3 '.*,7,.*'
both "no column reads as times: '1-Jan' of d names no year"
printf 'year,d,s\n2019,31-Dec,5\n2020,1-Jan,6\n2020,2-Jan,7\n' >dayyear.csv
odd dayyear.csv 1 3 '2020-01-02,7,.*'

printf 'KW;Absatz\nKW52/2020;5\nKW53/2020;6\nKW01/2021;7\n' >kw.csv
odd kw.csv 1 3 '2021-01-04,7,.*'
printf 'week,v\n2020-KW52,5\n2020-KW53,6\n2021-KW01,7\n' >kwyear.csv
odd kwyear.csv 1 3 '2021-01-04,7,.*'
printf 'when,v\nW52 2020,5\nW53 2020,6\nW01 2021,7\n' >weekyear.csv
odd weekyear.csv 1 3 '2021-01-04,7,.*'

printf '"Country Name","Country Code","2017 [YR2017]","2018 [YR2018]","2019 [YR2019]"\n"Aruba","ABW",104341,104822,..\n"Chad","TCD",1,2,3\n' >worldbank.csv
odd worldbank.csv 2 5 'TCD,2019,3,1,Chad'

printf 'Monat;Umsatz\n11.2019;5,5\n12.2019;6,5\n01.2020;7,5\n' >months.csv
odd months.csv 1 3 '2020-01-01,7.5,.*'

printf 'period,sales\n201911,5\n201912,6\n202001,7\n' >yyyymm.csv
odd yyyymm.csv 1 3 '2020-01-01,7,.*'

printf 'day,sales\n20191230,5\n20191231,6\n20200101,7\n' >yyyymmdd.csv
odd yyyymmdd.csv 1 3 '2020-01-01,7,.*'

printf 'week,sales\n2019-W51,5\n2019-W52,6\n2020-W01,7\n' >isoweek.csv
odd isoweek.csv 1 3 '2019-12-30,7,.*'

printf 'quarter,sales\nQ3 2019,5\nQ4 2019,6\nQ1 2020,7\n' >quarter.csv
odd quarter.csv 1 3 '2020-01-01,7,.*'

printf 'time,visitors\n1/13/2019 11:00 AM,5\n1/13/2019 12:00 PM,6\n1/13/2019 1:00 PM,7\n' >ampm.csv
odd ampm.csv 1 3 '2019-01-13T13:00:00,7,.*'

printf 't,value\n1949,112\n1949.083,118\n1949.167,132\n1949.25,129\n' >rseries.csv
odd rseries.csv 1 4 '1949-04-01,129,.*'

printf 'timestamp,units\n1546300800,5\n1546387200,6\n1546473600,7\n' >epoch.csv
odd epoch.csv 1 3 '2019-01-03.*,7,.*'

printf 'timestamp,units\n1546300800000,5\n1546304400000,6\n1546308000000,7\n' >millis.csv
odd millis.csv 1 3 '2019-01-01T02:00:00,7,.*'

printf 'at,units\n2019-01-01T00:00:00Z,5\n2019-01-01T01:00:00Z,6\n' >zulu.csv
odd zulu.csv 1 2 '2019-01-01T01:00:00,6,.*'

printf 'month_end,sales\n2023-01-28,1\n2023-02-25,2\n2023-04-01,3\n2023-04-29,4\n2023-05-27,5\n2023-07-01,6\n' >nrf.csv
odd nrf.csv 1 6 '2023-07-01,6,.*'

printf 'shop,week,units\nA,2019-01-04,1\nA,2019-01-11,2\nB,2019-01-05,3\nB,2019-01-12,4\nC,2019-01-04,5\nC,2019-01-11,6\n' >weekdays.csv
odd weekdays.csv 3 6 'B,2019-01-11,4,.*'

# a store that moves its weeks from Friday to Monday
{ printf 'shop,week,units\n'
  for d in 04 11 18 25; do printf "A,2019-01-$d,1\nB,2019-01-$d,2\n"; done
  for d in 01 08 15 22; do printf "A,2019-02-$d,3\n"; done
  printf 'B,2019-02-04,4\nB,2019-02-11,5\nB,2019-02-18,6\nB,2019-02-25,7\n'
} >changing.csv
odd changing.csv 2 16 'B,2019-02-22,7,.*' '^series moved from another weekday,1,'

# ---- shapes ---------------------------------------------------------------------------------

printf 'Date,Milk,Bread,Eggs\n2019-01-01,5,6,7\n2019-01-02,,8,9\n2019-01-03,6,7,8\n' >pivot.csv
odd pivot.csv 3 8 'Bread,2019-01-02,8,.*'

printf 'Datum;Filiale 1;Filiale 2\n01.01.2019;5,5;6\n02.01.2019;6,5;7\n13.01.2019;8;9\n' >filialen.csv
odd filialen.csv 2 6 'Filiale 1,2019-01-02,6.5,.*'

printf 'product,2019-01,2019-02,2019-03,2019-04\ntea,1,2,3,4\nmilk,5,6,7,\n' >wide.csv
odd wide.csv 2 7 'tea,2019-04-01,4,.*'

printf 'Product,Region,Jan-19,Feb-19,Mar-19,Apr-19\ntea,N,"1,000",2,3,4\nmilk,N,5,6,7,8\n' >wide_words.csv
odd wide_words.csv 2 8 'tea,2019-01-01,1000,.*'

printf 'country;2015;2016;2017;2018;2019\nA;1,5;2;3;4;5\nB;5;6;7;8;9\n' >years.csv
odd years.csv 2 10 'A,2015.*,1.5,.*'

printf 'Item;2012;2013;2014;2015\n' >rows.csv
for i in 10 11 12 13 14 15 16 17 18 19 20 21; do echo "I$i;1.2$i,5;-;7,25;8"; done >>rows.csv
odd rows.csv 12 36 'I12,2012.*,1212.5,.*'

printf 'Item,Week 1,Week 2,Week 3,Week 4\ntea,1,2,3,4\nmilk,2,3,4,5\n' >weeks.csv
odd weeks.csv 2 8 'milk,4,5,.*'

# ---- packed ---------------------------------------------------------------------------------

gzip -c tab.tsv >packed.gz
odd packed.gz 2 3 '"A, north",2019-01-02,7,.*'

# a frame of one raw block (RFC 8878)
printf 'day,units\n2019-01-01,5\n2019-01-02,6\n' >plain.csv
{ printf '\050\265\057\375\040\044\041\001\000' && cat plain.csv; } >packed.zst
odd packed.zst 1 2 '2019-01-02,6,.*'

# ---- times in several columns ----------------------------------------------------------------

printf 'shop,year,month,sales\nA,2019,11,5\nA,2019,12,6\nA,2020,1,7\nB,2019,11,1\nB,2019,12,2\nB,2020,1,3\n' >yearmonth.csv
odd yearmonth.csv 2 6 'A,2020-01-01,7,.*'

printf 'Year,Month,sales\n2019,Nov,5\n2019,Dec,6\n2020,Jan,7\nTotal,,18\n' >monthwords.csv
odd monthwords.csv 1 3 '2020-01-01,7,.*' '^rejected: no key,1,5,Month,'

printf 'Jahr;KW;Menge\n2019;51;5,5\n2019;52;6,5\n2020;1;7,5\n2020;2;8,5\n' >yearweek.csv
odd yearweek.csv 1 4 '2019-12-30,7.5,.*'
both 'numbers of weeks, read as those of ISO 8601: 201951 is 2019-12-16 (with fiscal=nrf: of the NRF.s year, 2020-01-19)'

printf 'store,Year,Quarter,units\nA,2019,Q3,5\nB,2019,Q3,6\nA,2019,Q4,7\nB,2019,Q4,8\n' >yearquarter.csv
odd yearquarter.csv 2 4 'B,2019-10-01,8,.*'

printf 'shop,year,month,day,units\nA,2019,1,30,4\nA,2019,1,31,5\nA,2019,2,1,6\nB,2019,1,30,7\nB,2019,1,31,8\n' >yearday.csv
odd yearday.csv 2 5 'A,2019-02-01,6,.*'

printf 'date,hour,kwh\n31/12/2019,22,5\n31/12/2019,23,6\n1/1/2020,0,7\n' >hours.csv
odd hours.csv 1 3 '2020-01-01T00:00:00,7,.*'

printf 'Date,Time,kwh\n2019-01-01,23:30,5\n2019-01-01,23:45,6\n2019-01-02,00:00,7\n' >clock.csv
odd clock.csv 1 3 '2019-01-02T00:00:00,7,.*'

printf 'year,month,Milk,Bread,Eggs\n2019,11,1,2,3\n2019,12,4,5,6\n2020,1,7,8,9\n' >yearpivot.csv
odd yearpivot.csv 3 9 'Eggs,2020-01-01,9,.*'

# ---- a line for each year ----------------------------------------------------------------------

printf 'Year,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,Total\n2018,1,2,3,4,5,6,7,8,9,10,11,12,78\n2019,13,14,15,16,17,18,19,20,21,,,,153\n' >yearrows.csv
odd yearrows.csv 1 21 '2019-09-01,21,.*'

printf 'Item;Year;Q1;Q2;Q3;Q4\nA;2018;1;2;3;4\nB;2018;5;6;7;8\nA;2019;9;10;11;12,5\n' >yearquarters.csv
odd yearquarters.csv 2 12 'A,2019-10-01,12.5,.*'

printf 'product,year,1,2,3,4,5,6,7,8,9,10,11,12\ntea,2018,1,2,3,4,5,6,7,8,9,10,11,12\ntea,2019,1,2,3,4,5,6,7,8,9,10,11,13\nmilk,2018,1,2,3,4,5,6,7,8,9,10,11,14\nmilk,2019,1,2,3,4,5,6,7,8,9,10,11,15\n' >yearnumbers.csv
odd yearnumbers.csv 2 48 'milk,2019-12-01,15,.*'

printf 'Year,Week 51,Week 52,Week 53\n2019,3,4,5\n2020,1,2,3\n' >yearweeks.csv
odd yearweeks.csv 1 5 '2020-12-28,3,.*' '^cells rejected: the year has no such period,1,2,Week 53,2019,'

printf 'Item,Q1,Q2,Q3,Q4\ntea,1,2,3,4\nmilk,2,3,4,5\n' >quarters.csv
odd quarters.csv 2 8 'milk,4,5,.*'

printf 'Item,M01,M02,M03,M04\ntea,1,2,3,4\nmilk,2,3,4,5\n' >mnumbers.csv
odd mnumbers.csv 2 8 'tea,4,4,.*'
both 'months of no year are counted from 1 (start="2019-01", freq=month says of which year)'

printf 'Item,Jan,Feb,Mar,Apr\ntea,1,2,3,4\nmilk,2,3,4,5\n' >mwords.csv
odd mwords.csv 2 8 'tea,4,4,.*'

# ---- numbers that are dates ----------------------------------------------------------------------

printf 'date,sales\n43466,5\n43473,6\n43480,7\n43487,8\n' >serial.csv
odd serial.csv 1 4 '2019-01-08,6,.*'
both 'numbers, read as the days of a spreadsheet: 43466 is 2019-01-01 (without dateformat= they count periods)'

printf 'Item,43466,43473,43480,43487\nA,1,2,3,4\nB,2,3,4,5\n' >serials.csv
odd serials.csv 2 8 'B,2019-01-22,5,.*'

printf 'week,sales\n202251,5\n202252,6\n202301,7\n202302,8\n' >yyyyww.csv
odd yyyyww.csv 1 4 '2023-01-02,7,.*'
both 'numbers of weeks, read as those of ISO 8601: 202251 is 2022-12-19 (with fiscal=nrf: of the NRF.s year, 2023-01-15)'

# ISO 8601 has no week 53 of 2023; the retailers' year begins on 29 January and ends on 3 February
printf 'fiscal_week,sales\n202350,5\n202351,6\n202352,7\n202353,8\n202401,9\n' >retail.csv
odd retail.csv 1 5 '2024-02-04,9,.*'
both 'numbers of weeks, read as those of the NRF.s year: 202350 is 2024-01-07 (without fiscal=: of ISO 8601, 2023-12-11)'

printf 'week,sales\n202301,5\n202302,6\n202303,7\n' >eitherway.csv
odd eitherway.csv 1 3 '2023-01-16,7,.*'
both 'numbers that may be weeks yyyyww or months yyyymm, read as weeks'

# ---- headers of two lines, words among numbers ---------------------------------------------------

printf ',Milk,,Bread,\nDate,Sales,Price,Sales,Price\n2019-01-01,5,1.2,6,2.2\n2019-01-02,6,1.2,7,2.2\n2019-01-03,8,1.3,9,2.3\n' >merged.csv
odd merged.csv 2 6 'Bread Sales,2019-01-03,9,.*'

printf 'Product,2019,,2020,,\n,Nov,Dec,Jan,Feb,Mar\ntea,1,2,3,4,5\nmilk,2,3,4,5,6\n' >yearsover.csv
odd yearsover.csv 2 10 'tea,2020-03-01,5,.*'

printf ',units,units,price,price\ndate,A,B,A,B\n2019-01-01,5,6,1,2\n2019-01-02,5,6,1,2\n2019-01-03,5,7,1,2\n' >frame.csv
odd frame.csv 2 6 'units B,2019-01-03,7,.*'

printf 'Sum of Sales,Column Labels,,,\nRow Labels,Milk,Bread,Eggs,Grand Total\n2019-01-01,5,6,7,18\n2019-01-02,1,2,3,6\n2019-01-03,1,2,4,7\nGrand Total,7,10,14,31\n' >pivottable.csv
odd pivottable.csv 4 12 'Eggs,2019-01-03,4,.*' "^rejected: not a time of this column's form,1,6,Row Labels,Grand Total,"

printf 'Sales report,,\n,,\nDate,Shop,Sales\n2019-01-01,A,5\n2019-01-01,B,6\n2019-01-02,A,7\n2019-01-02,B,8\n' >titlecells.csv
odd titlecells.csv 2 4 'B,2019-01-02,8,.*'

{ printf 'date,store,sales\n'
  for i in 1 2 3 4 5 6 7 8 9; do printf "2019-01-0$i,A,$i\n2019-01-0$i,B,1$i\n"; done
  printf '2019-01-10,A,closed\n2019-01-10,B,sold out\n2019-01-11,A,#N/A\n2019-01-11,B,15\n2019-01-12,A,TBD\n2019-01-12,B,9\n'
} >stray.csv
odd stray.csv 2 20 'B,2019-01-12,9,.*' '^cells rejected: not a number,1,21,sales,sold out,'
both '1 cells are no numbers and are left out, the first of them "sold out" in line 21'

# Walmart's weeks, 1yyww, over the 53 weeks of its year 2013
{ printf 'store,wm_yr_wk,sell_price\n'; for w in 11351 11352 11353 11401 11402; do printf "A,$w,1.5\nB,$w,2.5\n"; done; } >wm.csv
odd wm.csv 2 10 'B,2014-02-08,2.5,.*' '^gaps,0,'
both 'numbers, read as Walmart.s weeks 1yyww: 11351 is the one of 2014-01-11'

# R's ts(frequency=336), rounded to seven digits
{ printf '"t","x"\n'; awk 'BEGIN { for (i = 0; i < 700; ++i) printf "%.7g,%d\n", 1 + i / 336, 20000 + i % 48 }'; } >ts.csv
odd ts.csv 1 700 '700,20027,.*'
both 't counts units of 336 rows, as R.s ts(frequency=336): rows are numbered, season=336 is a unit'

{ printf 'when;kWh\n43466,00000;0,5\n43466,04167;1,5\n43466,08333;2,5\n43466,12500;3,5\n'; } >serialcomma.csv
odd serialcomma.csv 1 4 '2019-01-01T03:00:00,3.5,.*'
both 'numbers, read as the days of a spreadsheet: 43466 is 2019-01-01'

printf 'geo\\time,2020M01,2020M02,2020M03\nDE,1.5,2.5,:\nFR,3.5,4.5 p,5.5\n' >eurostat.csv
odd eurostat.csv 2 5 'FR,2020-02-01,4.5,.*' '^read as: numbers without their suffixes,1,'
both 'numbers such as "4.5 p" are read without what stands behind them (suffixes=)'
printf 'geo\\time\t2020M01 \t2020M02 \t2020M03 \nDE\t1.5 \t: c\t3.5 p\nFR\t3.5 \t4.5(e)\t5.5 bp\n' >flags.tsv
odd flags.tsv 2 5 'FR,2020-03-01,5.5,.*'
printf 'month,index,note\n2020-01,101.5*,x\n2020-02,102.5,x\n2020-03,103.5,x\n' >star.csv
odd star.csv 1 3 '2020-01-01,101.5,.*'
printf 'date,weight\n2020-01-01,12 kg\n2020-01-02,14 kg\n' >unit.csv
odd unit.csv 1 2 '2020-01-02,14,.*'
printf 'date,amount\n2020-01-01,"1,50,000.25"\n2020-01-02,"22,50,000.00"\n' >lakh.csv
odd lakh.csv 1 2 '2020-01-02,2250000,.*'
printf 'date,size,qty\n2020-01-01,10b,5\n2020-01-01,12b,6\n2020-01-02,10b,7\n2020-01-02,12b,8\n' >sizes.csv
odd sizes.csv 2 4 '12b,2020-01-02,8,.*'

# What keeps the nearest column from being numbers, and what would read it
# refuses FILE WORDS: nothing is proposed, and the error says so
refuses() {
  checks=$((checks + 1))
  "$wsf" load "$1" >seen 2>err </dev/null
  grep -q -e "$2" err && return 0
  failures=$((failures + 1))
  echo "FAILED: $1: no error says '$2'" && cat err
}
printf 'date,amount\n2020-01-01,1.5K\n2020-01-02,300K\n' >thousands.csv
refuses thousands.csv 'line 2, column amount: no column holds numbers, .* but "1.5K" is none (suffixes=\["K"\] leaves off'
printf 'date,amount\n2020-01-01,~15\n2020-01-02,~30\n' >about.csv
refuses about.csv 'column amount: .* of this one 0 of 2 are, and "~15" is none (plain numbers are, such as 1234.5'
printf 'date        store     sales\n2020-01-01  A            15\n2020-01-02  A            16\n' >fixed.txt
refuses fixed.txt 'no comma, semicolon, tab or bar cuts the lines'

# Other delimiters, and other quotes
for c in '^' '~' '#' ' '; do
  printf "date${c}shop${c}qty\n2020-01-01${c}A${c}5\n2020-01-01${c}B${c}6\n2020-01-02${c}A${c}7\n2020-01-02${c}B${c}8\n" >mark.txt
  odd mark.txt 2 4 'B,2020-01-02,8,.*'
done
printf '"date,shop,qty"\n"2020-01-01,A,5"\n"2020-01-01,""B, C"",6"\n"2020-01-02,A,7"\n"2020-01-02,""B, C"",8"\n' >wholelines.csv
odd wholelines.csv 2 4 '"B, C",2020-01-02,8,.*'
printf 'date,item,qty\n2020-01-01,"5\\" pipe, long",5\n2020-01-01,"a\\\\b",6\n2020-01-02,"5\\" pipe, long",7\n2020-01-02,"a\\\\b",8\n' >backslash.csv
odd backslash.csv 2 4 '"5"" pipe, long",2020-01-02,7,.*'
odd backslash.csv 2 4 'a\\b,2020-01-02,8,.*'

# Single quotes, with the delimiter, an apostrophe and both marks inside
cat >single.csv <<'END'
'date';'shop';'units'
'2020-01-01';'Ann''s; north';5
'2020-01-02';'Ann''s; north';6
'2020-01-01';'Men's "B"';7
'2020-01-02';'Men's "B"';8
END
odd single.csv 2 4 '"Men.s ""B""",2020-01-02,8,.*'
printf "date,note,units\n2020-01-01,'til noon,5\n2020-01-02,rock'n'roll,6\n2020-01-03,it's,7\n" >apostrophe.csv
odd apostrophe.csv 1 3 "2020-01-01,5,1,'til noon"

# ---- what stands below a table, one odd cell ---------------------------------------------------

# rows FILE LAST: twenty days of a number, the line after them
rows() {
  { printf 'date,profit\n'
    for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do echo "2020-01-$i,1.$i"; done
    printf "$2"
  } >"$1"
}

rows source.csv 'Source: ERP,2020-02-01\n'
odd source.csv 1 20 '2020-01-20,1.2,.*' '^rejected: not a time'
both '1 cells are no numbers and are left out, the first of them "2020-02-01" in line 22 of profit'
both '1 rows have no time and are left out, the first of them line 22, "Source: ERP"'

rows remark.csv '* provisional\n'
odd remark.csv 1 20 '2020-01-20,1.2,.*' '^rejected: not a time'
both '1 lines are left out, the first of them line 22, ".* provisional": another number of fields'

rows half.csv '2020-01-21,1/2\n'
odd half.csv 1 20 '2020-01-20,1.2,.*' '^cells rejected: not a number,1,22,profit,1/2'
both '1 cells are no numbers and are left out, the first of them "1/2" in line 22 of profit'

printf 'date,profit\n2020-01-01,(5)\n2020-01-02,6\n2020-01-03,(7.5)\n\nSource: ERP export, 2020-02-01\n* provisional\n' >foot.csv
odd foot.csv 1 3 '2020-01-03,-7.5,.*' '^rejected: not a time'

printf 'Date,Temp,Sales\n,degC,EUR\n2020-01-01,3.5,100\n2020-01-02,4.5,120\n2020-01-03,2.5,110\n' >units.csv
odd units.csv 1 3 '2020-01-03,110,.*' '^rejected: not a time'

# Codes stay codes
printf 'article,date,units\n1001,2020-01-01,5\n1002,2020-01-01,6\n100A,2020-01-01,7\n1001,2020-01-02,8\n1002,2020-01-02,9\n100A,2020-01-02,3\n' >codes.csv
odd codes.csv 3 6 '100A,2020-01-02,3,.*'

printf 'date,v\n01/01/2020,5\n02/01/2020,6\n03/01/2020,7\n' >order.csv
odd order.csv 1 3 '2020-03-01,7,.*'
both 'dates may be read month first or day first: 02/01/2020 in line 3 is 2020-02-01 or 2020-01-02 (dayfirst=true)'

# 1 January says nothing, 1 February does: by the day that stays from year to year
printf 'date,v\n01/01/2019,5\n01/01/2020,6\n01/02/2020,7\n01/03/2020,8\n' >stays.csv
odd stays.csv 1 4 '2020-03-01,8,.*' '^"doubt: no value tells day from month.*,1,4,date,2020-02-01'

printf '"Data Source","World Development Indicators",\n\n"Last Updated Date","2020-07-01",\n\n"Country Name","Country Code","Indicator Name","Indicator Code","2015","2016","2017",\n"Aruba","ABW","Pop","SP.POP","104341","104822","",\n"Chad","TCD","Pop","SP.POP","1","2","3",\n' >api.csv
odd api.csv 2 5 'TCD,2017,3,.*'

# ---- keys -----------------------------------------------------------------------------------

# A line without a time is of no series, and costs the others no key
printf 'd,k,y\n2024-01-01,a,1\n2024-01-01,b,2\n2024-01-02,a,3\n2024-01-02,b,5\n2024-01-03,a,3\n2024-01-03,b,4\n,,18\n' >total1.csv
odd total1.csv 2 6 'b,2024-01-02,5,.*' '^rejected: not a time'
both '1 rows have no time and are left out, the first of them line 8, ""'
printf 'd,k,y\n2024-01-01,a,1\n2024-01-01,b,2\n2024-01-02,a,3\n2024-01-02,b,5\n2024-01-03,a,3\n2024-01-03,b,4\nTotal,,18\n' >total2.csv
odd total2.csv 2 6 'b,2024-01-02,5,.*' '^rejected: not a time'

# Shops on days of their own, by name and by number; a humidity is no id, and other words are a doubt
turns() {
  echo "$1"
  for i in 1 3 5 7; do printf '%s,2024-01-0%d,10%d\n%s,2024-01-0%d,%d\n' "$2" $i $i "$3" $((i + 1)) $i; done
}
turns shop,date,units S N >turns.csv
odd turns.csv 2 8 'N,2024-01-04,3,.*'
{ turns shop,date,units S N && echo S,2024-01-09,109; } >turns_odd.csv
odd turns_odd.csv 2 9 'N,2024-01-04,3,.*'
turns store_nbr,date,units 1 2 >turns_nbr.csv
odd turns_nbr.csv 2 8 '2,2024-01-04,3,.*'
turns humidity,date,units 1 2 >turns_not.csv
odd turns_not.csv 1 8 '2024-01-04,3,.*'
turns who,date,units S N >turns_who.csv
odd turns_who.csv 1 8 '2024-01-04,3,.*'
both 'no time occurs twice, so all rows are one series; if who names several that take turns, keys= says so'

# Decimals are years of ours that follow one another, and no sales; a week counts before them
printf 'Year,GDP\n2000,1234.5\n2001,1235.5\n2002,1236.5\n2003,1237.5\n' >gdp.csv
odd gdp.csv 1 4 '2001,1235.5,.*'
printf 'week,sales\n1,1200.5\n2,1350\n3,1275.5\n4,1410\n5,1333.5\n' >weeks.csv
odd weeks.csv 1 5 '3,1275.5,.*'
printf 'week,sales\n1,1900.5\n2,1901\n3,1901.5\n4,1902\n5,1902.5\n' >centuries.csv
odd centuries.csv 1 5 '3,1901.5,.*'

# Months or weeks down and years across, hours across: lines and columns name a time together
printf 'Month;2019;2020;2021\n1;1;2;3\n2;2;4;6\n3;3;6;9\n4;4;8;12\n5;5;6;7\n6;6;7;8\n7;7;8;9\n8;8;9;1\n9;9;1;2\n10;1;2;3\n11;1;2;3\n12;3;4;5\n' >across.csv
odd across.csv 1 36 '2020-02-01,4,.*'
printf 'shop,Month,2020,2021,2022\nA,Jan,1,2,3\nB,Jan,4,5,6\nA,Feb,7,8,9\nB,Feb,1,2,3\nA,Mar,4,5,6\nB,Mar,7,8,\nTotal,Total,24,30,27\n' >acrosskeys.csv
odd acrosskeys.csv 2 17 'B,2021-02-01,2,.*' '^rejected: not a time'
both '1 rows have no time and are left out, the first of them line 8, "Total"'
printf 'product,launch month,2020,2021,2022\ntea,Jan,1,2,3\nmilk,Feb,4,5,6\nbread,Mar,7,8,9\n' >launch.csv
odd launch.csv 3 9 'milk,2021,5,.*'
{ echo Week,2019,2020,2021; for i in 1 2 3 51 52; do echo "$i,5$i,$i,1$i"; done; echo 53,,53,; } >acrossweeks.csv
odd acrossweeks.csv 1 16 '2020-12-28,53,.*'
both 'numbers of weeks, read as those of ISO 8601: 201901 is 2018-12-31'
h() { i=$1; while [ "$i" -lt "$2" ]; do printf ",$3" $i; i=$((i + 1)); done; echo; }
{ printf Date; h 1 25 H%d; for d in 1 2; do printf "2023-01-0$d"; h 0 24 "$d%d"; done; } >hoursacross.csv
odd hoursacross.csv 1 48 '2023-01-02T03:00:00,22,.*'
both 'hours are read as times of day: 24 of H24 is 24:00, which ends the day'
{ printf Datum; h 0 24 %02d:00; for d in 13 14; do printf "$d.01.2023"; h 0 24 "$d%d"; done; } >clockacross.csv
odd clockacross.csv 1 48 '2023-01-14T03:00:00,143,.*'

{ printf shop,Date; h 1 25 H%d; for d in 01/02 02/02; do for s in A B; do printf "$s,$d/2023"; h 0 24 "$s%d" | tr AB 12; done; done; } >hourskeys.csv
odd hourskeys.csv 2 96 'B,2023-01-02T03:00:00,22,.*'
both 'the dates of Date may be read month first or day first'
{ echo date,hour,kwh; for d in 13 14; do i=1; while [ $i -le 24 ]; do echo "$d/01/2023,$i,$d$i"; i=$((i + 1)); done; done; } >hours24.csv
odd hours24.csv 1 48 '2023-01-15T00:00:00,1424,.*'
both 'hours are read as times of day: 24 of hour is 24:00, which ends the day'

# Weeks from 0, as strftime counts them: week 0 of 2022 is the rest of week 52 of 2021
{ echo Year,Week,Sales; for y in 2021 2022; do i=0; while [ $i -le 52 ]; do echo "$y,$i,5"; i=$((i + 1)); done; done; } >weekzero.csv
odd weekzero.csv 1 105 '2021-12-27,10,.*'
both 'weeks from 0 are read as strftime.s %W, from the first Monday of the year: week 0 of 2021 begins on 2020-12-28'

# A week that the year has not is told by the proposal that loses it
printf 'Year,Week,Sales\n2021,51,5\n2021,52,6\n2021,53,7\n2022,1,8\n2022,2,9\n2022,53,1\n' >week53.csv
odd week53.csv 1 4 '2022-01-03,8,.*' '^rejected: not a time'
both '2 rows have no time and are left out, the first of them line 4, "2021 53"'
both 'numbers of weeks'

printf 'Store,DayOfWeek,Date\n1,1,2015-07-06\n2,1,2015-07-06\n1,2,2015-07-07\n2,2,2015-07-07\n1,3,2015-07-08\n2,3,2015-07-08\n' >weekday.csv
odd weekday.csv 2 0 '2,2015-07-07,1,2'
both 'no column is left to forecast (DayOfWeek counts days or rows): without target= the rows tell what is known of periods ahead'
printf 'Id,Store,Date,Promo\n1,1,2015-08-01,1\n2,2,2015-08-01,0\n3,1,2015-08-02,1\n4,2,2015-08-02,0\n5,1,2015-08-03,1\n6,2,2015-08-03,1\n7,1,2015-08-04,1\n8,2,2015-08-04,1\n' >ahead.csv
odd ahead.csv 2 0 '2,2015-08-04,1,8,1'
both 'no column is left to forecast (Id counts days or rows)'

# Numbers of orders, of receipts, of lines tell rows apart and are no keys; what is bought is
{
  echo order_id,date,product,qty
  for d in 1 2 3 4 5 6 7 8 9; do
    for o in 1 2 3; do
      for p in a b c; do echo "$d$o,2023-01-0$d,$p,$o"; done
    done
  done
} >orders.csv
odd orders.csv 3 27 'c,2023-01-09,6,.*'
both 'order_id is taken for the number of an order or the like, and no key: its 27 values stand at one time each'
{
  echo InvoiceNo,Line,StockCode,Quantity,InvoiceDate,Store
  for d in 1 2 3 4 5 6 7 8 9; do
    for o in 1 2 3; do
      for l in 1 2 3; do echo "INV$d$o,$l,85$((o % 2 + l)),$l,2023-01-0$d,S$((o % 2))"; done
    done
  done
} >invoices.csv
odd invoices.csv 6 54 '853,S1,2023-01-09,4,.*'
both 'InvoiceNo is taken for the number of an order'
{
  echo booking,hotel,arrival,guests,adr
  for d in 1 2 3 4 5 6 7 8 9; do
    for o in 1 2 3 4; do echo "$d$o,City,2023-01-0$d,$((o % 2 + 1)),$((50 + o)).5"; done
  done
} >bookings.csv
odd bookings.csv 1 9 '2023-01-09,212,.*'
{
  echo Date,Transaction,Item
  for d in 1 2 3 4 5 6 7 8 9; do
    for o in 1 2 3; do printf "2023-01-0$d,$d$o,Bread\n2023-01-0$d,$d$o,Tea\n"; done
  done
} >bakery.csv
checks=$((checks + 1))
"$wsf" load bakery.csv >seen 2>err </dev/null
grep -q 'column Transaction: no column is left to forecast; this one counts days, rows or orders' err || {
  failures=$((failures + 1))
  echo "FAILED: a number of receipts is nothing to forecast" && cat err
}

# Counts that come twice each are no numbers of orders where a day has one row, and ratio in
# Registrations, rain in Trains are no words
{
  echo date,Registrations,Temperature
  for d in 10 11 12 13 14 15 16 17 18 19 20 21; do echo "2023-01-$d,$((d * 7 % 6 + 300)),$((d % 5)).5"; done
} >registrations.csv
odd registrations.csv 1 12 '2023-01-21,303,.*'
{
  echo date,Trains,Temperature
  for d in 10 11 12 13 14 15 16 17 18 19 20 21; do echo "2023-01-$d,$((d * 7 % 6 + 300)),$((d % 5)).5"; done
} >trains.csv
odd trains.csv 1 12 '2023-01-21,303,.*'

# Numbers that never fall, or come two or three times each, are observations where each time has one row
{
  echo date,head
  for d in 10 11 12 13 14 15 16 17 18 19 20 21; do echo "2023-01-$d,$((d * 5))"; done
} >rising.csv
odd rising.csv 1 12 '2023-01-21,105,.*'
{
  echo date,shop,pieces
  i=0
  for d in 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29; do
    for s in a b c; do echo "2023-01-$d,$s,$((100 + i * 7 % 27))" && i=$((i + 1)); done
  done
} >recurring.csv
odd recurring.csv 3 60 'c,2023-01-29,108,.*'

printf 'date,shop,pieces\n2023-01-01,a,1\n2023-01-01,b,1\n2023-01-02,a,2\n2023-01-02,b,2\n2023-01-03,a,3\n2023-01-03,b,3\n2023-01-04,a,4\n2023-01-04,b,4\n' >toy.csv
odd toy.csv 2 8 'b,2023-01-04,4,.*'
both 'no other column is left to forecast than pieces, which never falls'

# 01.2023 is a month, 001.2023 a posting period; without October neither costs a row later
{
  echo Filiale,Monat,Absatz
  for m in 1 2 3 4 5 6 7 8 9; do echo "A,0$m.2023,$((m + 3))"; done
} >shortmonths.csv
odd shortmonths.csv 1 9 '2023-09-01,12,.*'
checks=$((checks + 1))
grep -q 'dateformat="0%m' seen && echo "FAILED: months need no format" && failures=$((failures + 1))

# One row that is total by both keys, as a pivot table of two has it; without a key it is no series
grand() { # what its second key holds
  echo Region,Product,Month,Units
  for m in 1 2 3 4 5 6 7 8; do
    for r in N S; do for p in Tea Milk; do echo "$r,$p,2022-0$m,$((m + 3))"; done; done
    echo "Grand Total,$1,2022-0$m,$((4 * m + 12))"
  done
}
grand 'Grand Total' >grandtotal.csv
odd grandtotal.csv 5 40 'S,Tea,2022-08-01,11,.*'
lacks 'Grand Total,.*'
grand All >grandall.csv
odd grandall.csv 5 40 'S,Tea,2022-08-01,11,.*'
lacks 'Grand Total,.*'
grand '' >grandblank.csv
odd grandblank.csv 4 32 'S,Tea,2022-08-01,11,.*' '^rows rejected,8,'
checks=$((checks + 1))
grep -q 'it stays a series' seen && echo "FAILED: a row without a key stays no series" && failures=$((failures + 1))

# Short series are series: of new products, of a few weeks, of one day
{
  echo date,style,qty
  for s in 1 2 3 4 5 6 7 8 9; do printf "2023-01-0$s,N$s,5\n2023-01-1$s,M$s,5\n2023-01-1$((s - 1)),M$s,4\n2023-01-0$((s % 9 + 1)),N$s,3\n"; done
} >short.csv
odd short.csv 18 36 'M9,2023-01-19,5,.*'
both 'the 18 series hold 2.0 observations each, of 19 times'
{
  echo item,week,units
  for s in 1 2 3 4 5 6 7 8 9; do for w in 10 17 24 31; do echo "F_$s,2023-07-$w,$s"; done; done
} >fewweeks.csv
odd fewweeks.csv 9 36 'F_9,2023-07-31,9,.*'
{
  echo date,shop,units
  for s in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "2023-01-01,S$s,$s"; done
} >oneday.csv
odd oneday.csv 12 12 'S12,2023-01-01,12,.*'

# Shops that numbers name, of weeks or months that numbers name too; years across stay years
printf 'Week,1001,1002,1003\n1,1,5,6\n2,2,5,6\n3,3,5,7\n' >weekshops.csv
odd weekshops.csv 3 9 '1002,3,5,.*'
printf 'Month,1,2\n1,1,5\n2,2,5\n3,3,5\n' >monthshops.csv
odd monthshops.csv 2 6 '2,3,5,.*'
printf 'Month,2019,2020,2021,Average,Change %%\n1,1,2,3,2,5.5\n2,2,3,4,3,5.5\n3,4,4,4,4,5.5\nAverage,2,3,4,3,5.5\n' >yearsacross.csv
odd yearsacross.csv 1 9 '2021-03-01,4,.*' "^rejected: not a time of this column's form,1,5,Month,Average,"
printf 'Item,Qty Jan 2023,Sales Jan 2023,Qty Feb 2023,Sales Feb 2023\nA,4,790,5,150\nB,6,636,1,455\n' >measures.csv
odd measures.csv 1 2 '2,6,.*'
both 'columns such as "Qty Jan 2023" and "Sales Jan 2023" are called by a time and a word, which no layout reads'
printf 'Month,FY\nApr,1\nMay,2\nJun,3\nJul,4\nAug,5\nSep,6\nOct,7\nNov,8\n' >growing.csv
odd growing.csv 1 8 '8,8,.*'

# Shares, changes and prices are forecast only where nothing else is
printf 'date,sales change %%,visits\n2023-01-01,1.5,10\n2023-01-02,2.5,11\n' >changes.csv
odd changes.csv 1 2 '2023-01-02,11,.*'
printf 'date,price,pieces\n2023-01-01,1.5,10\n2023-01-02,2.5,11\n' >pieces.csv
odd pieces.csv 1 2 '2023-01-02,11,.*'
printf 'date,change %%\n2023-01-01,1.5\n2023-01-02,2.5\n' >change.csv
odd change.csv 1 2 '2023-01-02,2.5,.*'
both 'no other column is left to forecast than change %, which is called like a share or a change'

# Numbers that are no known dates are no target either
printf 'date,v\n2023.10,5\n2023.11,6\n2023.12,7\n2024.01,8\n' >point.csv
odd point.csv 1 4 '2023-11-01,6,.*'
both 'times such as 2023.10 are read as months of the calendar.s year: 2023-10-01'
printf 'date,v\n2023.1,5\n2023.11,6\n2023.12,7\n2024.01,8\n' >lost.csv
odd lost.csv 1 4 '2,6,.*'
both 'no column reads as times: the numbers of date are none that are known'
printf 'date,v\n1672531200000000,5\n1672617600000000,6\n1672704000000000,7\n' >micro.csv
odd micro.csv 1 3 '2,6,.*'
both 'no column reads as times: the numbers of date are none that are known'

# Names that differ from row to row name rows, not series
printf 'name,sales\nx,1200.5\ny,1350\nz,1275.5\nw,1410\n' >names.csv
odd names.csv 1 4 '3,1275.5,.*'
both 'no column reads as times: rows count periods as they stand'

# Currencies; the null of MySQL and PostgreSQL
printf 'date,sales\n2023-01-01,$10\n2023-01-02,€11\n2023-01-03,$12\n' >currencies.csv
odd currencies.csv 1 3 '2023-01-02,11,.*' '^"doubt: numbers of several currencies, read as if they were of one",1,2,sales,$ and €'
both 'sales holds numbers of $ and of €, read as if they were of one currency'
printf 'date,a,b\n2023-01-01,1,0\n2023-01-02,\\N,1\n2023-01-03,3,\\N\n' >nulls.csv
odd nulls.csv 1 2 '2023-01-03,3,.*'

# Tills: each receipt at its minute
{ echo InvoiceNo,InvoiceDate,Quantity
  awk 'BEGIN { for (i = 0; i < 200; ++i) printf "%d,%d/%d/2023 %d:%02d,%d\n", 5000 + i / 3, 1 + i / 124, 1 + i / 4 % 31, 8 + i % 4 * 2, i * 7 % 60, 1 + i % 5 }'; } >till.csv
odd till.csv 1 50 '2023-01-02,11,.*' '^"times within a period, as its beginning",200,'
both 'rows stand at times of day that follow no step, as events do; they are added up by day'
# and what comes later, though it were one receipt, goes on from there
checks=$((checks + 1))
printf 'InvoiceNo,InvoiceDate,Quantity\n1,2/20/2023 10:41,5\n' >receipt.csv
printf 'InvoiceNo,InvoiceDate,Quantity\n1,2/20/2023 10:41,5\n1,2/20/2023 10:45,5\n1,2/21/2023 10:45,6\n' >receipts.csv
roles='time=InvoiceDate, target=Quantity, past=none, freq=day, duplicates=sum'
"$wsf" fit --data "csv(\"till.csv\", $roles)" --model naive --save till.wsf >/dev/null 2>err &&
  "$wsf" update --load till.wsf --data "csv(\"receipt.csv\", $roles)" --save till1.wsf >/dev/null 2>>err &&
  "$wsf" update --load till.wsf --data "csv(\"receipts.csv\", $roles)" --save till2.wsf >/dev/null 2>>err &&
  "$wsf" predict --load till1.wsf --horizon 1 --format csv >till1 2>>err &&
  "$wsf" predict --load till2.wsf --horizon 1 --format csv >till2 2>>err
grep -q '2023-02-21,5' till1 && grep -q '2023-02-22,6' till2 || {
  failures=$((failures + 1))
  echo "FAILED: receipts after a fit by day" && cat err till1 till2
}
{ echo Date,Time,Item,Qty; for d in 01 02 03 04 05 06 07 08; do printf "01/$d/23,10:00:12,Latte,1\n01/$d/23,11:01:12,Mocha,2\n01/$d/23,11:07:12,Mocha,3\n"; done; } >register.csv
odd register.csv 2 16 'Mocha,2023-01-02,5,.*' '^"times within a period, as its beginning",24,'
both 'rows stand at times of day that follow no step, as events do; they are added up by day'

# ---- totals and codes ------------------------------------------------------------------------

printf 'date,store,sales\n2023-01-01,A,1\n2023-01-01,B,2\n2023-01-01,Total,3\n2023-01-02,A,4\n2023-01-02,B,5\n2023-01-02,Total,9\n' >totalkey.csv
odd totalkey.csv 3 6 'B,2023-01-02,5,.*' '^series left out,1,'
lacks 'Total,.*'
both 'Total of store is the sum of the others and is left out (select without=)'
printf 'date,store,item,sales\n2023-01-01,A,x,1\n2023-01-01,A,All,1\n2023-01-01,B,x,2\n2023-01-01,B,All,2\n2023-01-02,A,x,4\n2023-01-02,A,All,4\n2023-01-02,B,x,5\n2023-01-02,B,All,5\n' >totalitem.csv
odd totalitem.csv 4 8 'B,x,2023-01-02,5,.*' '^series left out,2,'
lacks '.,All,.*'
printf 'date,store,sales\n2023-01-01,A,1\n2023-01-01,Total,7\n2023-01-02,A,4\n2023-01-02,Total,6\n' >totalnot.csv
odd totalnot.csv 2 4 'Total,2023-01-02,6,.*'
both 'Total of store is called like a sum of others, but is none by its numbers; it stays a series'
printf 'Product,Jan 2023,Feb 2023,Mar 2023,Apr 2023,Total\ntea,1,2,1,1,5\nmilk,2,2,3,2,9\nTotal,3,4,4,3,14\n' >totalwide.csv
odd totalwide.csv 3 12 'milk,2023-03-01,3,1' '^series left out,1,'
lacks 'Total,.*'
printf 'Date,Milk,Bread,Eggs,All\n2019-01-01,5,6,7,18\n2019-01-02,1,2,3,6\n2019-01-03,1,2,4,7\n' >totalpivot.csv
odd totalpivot.csv 4 12 'Eggs,2019-01-03,4,.*' '^series left out,1,'
lacks 'All,.*'

# A total stays where it is none by its numbers, but for days on which nothing was sold, or where it
# has values that the others have not
printf 'date,brand,units\n2023-01-01,Shell,0\n2023-01-01,Total,0\n2023-01-02,Shell,0\n2023-01-02,Total,0\n2023-01-03,Shell,4\n2023-01-03,Total,9\n2023-01-04,Shell,0\n2023-01-04,Total,3\n' >totalbrand.csv
odd totalbrand.csv 2 8 'Total,2023-01-03,9,.*'
both 'Total of brand is called like a sum of others, but is none by its numbers; it stays a series'
printf 'month,region,sales\n2022-11,All,5\n2022-12,All,6\n2023-01,N,1\n2023-01,S,2\n2023-01,All,3\n2023-02,N,2\n2023-02,S,2\n2023-02,All,4\n' >totalolder.csv
odd totalolder.csv 3 8 'All,2022-11-01,5,.*'
both 'All of region is the sum of the others where they have values, and has 2 of its own where they have none; it stays a series'
printf 'date,store,channel,sales\n2023-01-01,A,Web,1\n2023-01-01,A,Shop,1\n2023-01-01,A,All,2\n2023-01-01,B,All,9\n2023-01-02,A,Web,4\n2023-01-02,A,Shop,5\n2023-01-02,A,All,9\n2023-01-02,B,All,8\n' >totalstore.csv
odd totalstore.csv 4 8 'B,All,2023-01-02,8,.*'
printf 'date,region,store,sales\n2023-01-01,N,a,1\n2023-01-01,S,a,2\n2023-01-01,N,Total,1\n2023-01-01,S,Total,2\n2023-01-01,Total,Total,3\n2023-01-02,N,a,3\n2023-01-02,S,a,3\n2023-01-02,N,Total,3\n2023-01-02,S,Total,3\n2023-01-02,Total,Total,6\n' >totalnested.csv
odd totalnested.csv 5 10 'S,a,2023-01-02,3,.*' '^series left out,3,'
printf 'Date,Milk,All,Eggs\n2019-01-01,5,6,7\n2019-01-02,1,2,3\n2019-01-03,1,9,4\n' >pivotall.csv
odd pivotall.csv 3 9 'All,2019-01-03,9,.*'
both 'All is called like a sum of the other columns, but is none by its numbers; it stays a series'
printf 'Date,Milk,Bread,Total g\303\251n\303\251ral\n2019-01-01,5,6,11\n2019-01-02,1,2,3\n2019-01-03,1,9,10\n' >pivottotal.csv
odd pivottotal.csv 3 9 'Bread,2019-01-03,9,.*' '^series left out,1,'
both 'Total général is the sum of the other columns'
printf 'date,store,sales\n2023-01-01,A,1\n2023-01-01,B,2\n2023-01-01,Grand  Total:,3\n2023-01-02,A,4\n2023-01-02,B,5\n2023-01-02,Grand  Total:,9\n' >totalgrand.csv
odd totalgrand.csv 3 6 'B,2023-01-02,5,.*' '^series left out,1,'
printf 'date,store,sales\n2023-01-01,A,1\n2023-01-01,B,2\n2023-01-01,Gesamtergebnis,3\n2023-01-02,A,4\n2023-01-02,B,5\n2023-01-02,Gesamtergebnis,9\n' >totalgerman.csv
odd totalgerman.csv 3 6 'B,2023-01-02,5,.*' '^series left out,1,'

# Totals by other words, and of some of the others: those between two of them, those of a name
printf 'date,store,sales\n2023-01-01,East a,1\n2023-01-01,East b,2\n2023-01-01,East Total,3\n2023-01-01,West c,4\n2023-01-01,West d,6\n2023-01-01,West Total,10\n2023-01-01,All stores,13\n2023-01-02,East a,2\n2023-01-02,East b,2\n2023-01-02,East Total,4\n2023-01-02,West c,5\n2023-01-02,West d,6\n2023-01-02,West Total,11\n2023-01-02,All stores,15\n' >totaleast.csv
odd totaleast.csv 7 14 'West d,2023-01-02,6,.*' '^series left out,3,'
both 'East Total of store is the sum of others and is left out'
both 'All stores of store is the sum of the others and is left out'
{ head -1 totaleast.csv && sed 1d totaleast.csv | sort -r; } >totalsorted.csv
odd totalsorted.csv 7 14 'West d,2023-01-02,6,.*' '^series left out,3,'
printf 'Date,Milk,Bread,Subtotal,Eggs,Ham,Sub-Total,Total sales\n2023-01-01,1,2,3,4,5,9,12\n2023-01-02,2,2,4,4,6,10,14\n2023-01-03,1,1,2,3,3,6,8\n' >subtotals.csv
odd subtotals.csv 7 21 'Ham,2023-01-02,6,.*' '^series left out,3,'
printf 'date,region,store,sales\n2023-01-01,N,a,1\n2023-01-01,N,b,2\n2023-01-01,N Total,,3\n2023-01-01,S,a,4\n2023-01-01,S Total,,4\n2023-01-01,Grand Total,,7\n2023-01-02,N,a,2\n2023-01-02,N,b,2\n2023-01-02,N Total,,4\n2023-01-02,S,a,5\n2023-01-02,S Total,,5\n2023-01-02,Grand Total,,9\n' >totalblank.csv
odd totalblank.csv 3 6 'S,a,2023-01-02,5,.*' '^rejected: no key,6,'
printf 'date,product,units\n2023-01-01,All Bran,5\n2023-01-01,Summer tea,3\n2023-01-01,Total 0%%,2\n2023-01-02,All Bran,6\n2023-01-02,Summer tea,3\n2023-01-02,Total 0%%,1\n' >allbran.csv
odd allbran.csv 3 6 'Summer tea,2023-01-02,3,.*'

# A row without a key is left out and costs the others none
printf 'date,store,sales\n2023-01-01,A,1\n2023-01-01,B,2\n2023-01-02,A,4\n2023-01-02,B,5\n2023-01-02,,5\n' >blankkey.csv
odd blankkey.csv 2 4 'B,2023-01-02,5,.*' '^rejected: no key,1,'
printf 'date,store,sales\n2023-01-01,1,1\n2023-01-01,2,2\n2023-01-02,1,4\n2023-01-02,2,5\n2023-01-02,,5\n' >blanknumber.csv
odd blanknumber.csv 2 4 '2,2023-01-02,5,.*' '^rejected: no key,1,'

# Sales of 0 and 1 are sales
printf 'date,item,sales,price\n2023-01-01,a,0,9.99\n2023-01-01,b,1,9.99\n2023-01-02,a,1,8.99\n2023-01-02,b,0,8.50\n' >sales01.csv
odd sales01.csv 2 4 'b,2023-01-01,1,.*'
printf 'date,item,price,qty\n2023-01-01,a,9.99,1\n2023-01-01,b,9.99,1\n2023-01-02,a,8.99,1\n2023-01-02,b,8.50,1\n' >qty1.csv
odd qty1.csv 2 4 'b,2023-01-01,1,.*'
printf 'date,item,discount,weight\n2023-01-01,a,0,9.5\n2023-01-01,b,1,9.5\n2023-01-02,a,1,8.5\n2023-01-02,b,0,8.25\n' >discount01.csv
odd discount01.csv 2 4 'b,2023-01-02,8.25,.*'

# The command to copy is a line of the shell, whatever the names
printf "date,sales'; touch pwned; echo '\n2023-01-01,1\n2023-01-02,2\n" >"it's.csv"
odd "it's.csv" 1 2 '2023-01-02,2,.*'
[ ! -e pwned ] || { failures=$((failures + 1)); echo "FAILED: a header's words were run"; }

printf 'plu,date,qty\n007,2023-01-01,1\n7,2023-01-01,2\n007,2023-01-02,3\n7,2023-01-02,4\n' >zeros.csv
odd zeros.csv 2 4 '007,2023-01-02,3,.*'
printf 'product_id,date,qty\n9007199254740993,2023-01-01,1\n9007199254740992,2023-01-01,2\n9007199254740993,2023-01-02,3\n9007199254740992,2023-01-02,4\n' >bigids.csv
odd bigids.csv 2 4 '9007199254740993,2023-01-02,3,.*'

# ---- times of one meaning, and those that a format says --------------------------------------

# time3 FILE NAME ONE TWO THREE TIME: three values at times written so, the last of which is TIME
time3() {
  printf '%s,y\n"%s",5\n"%s",6\n"%s",7\n' "$2" "$3" "$4" "$5" >"$1"
  odd "$1" 1 3 "$6,7,.*"
}
time3 quartal.csv Quartal '3. Quartal 2015' '4. Quartal 2015' '1. Quartal 2016' 2016-01-01
time3 quarter1.csv q 3Q22 4Q22 1Q23 2023-01-01
time3 quarter2.csv q Q3-22 Q4-22 Q1-23 2023-01-01
time3 quarter3.csv q "Q3'22" "Q4'22" "Q1'23" 2023-01-01
time3 halves.csv Period 2010-H1 2010-H2 2011-H1 2011-01-01
time3 stata.csv month 2018m11 2018m12 2019m1 2019-01-01
time3 weekblank.csv w '2022 W51' '2022 W52' '2023 W1' 2023-01-02
time3 sas.csv DATE 30DEC2022:00:00:00 31DEC2022:00:00:00 01JAN2023:00:00:00 2023-01-01T00:00:00
time3 ordinal.csv d 'December 30th, 2022' 'December 31st, 2022' 'January 1st, 2023' 2023-01-01
time3 midnight.csv d '2022-12-29 24:00' '2022-12-30 24:00' '2022-12-31 24:00' 2023-01-01T00:00:00
time3 yymmdd.csv date 221230 221231 230101 2023-01-01
both 'numbers, read as days yymmdd: 221230 is 2022-12-30 (without dateformat= they count periods)'
time3 fyweeks.csv 'Fiscal Week' 'FY23 W01' 'FY23 W02' 'FY23 W03' 2023-02-12
both "numbers of weeks, read as those of the NRF's year: 202301 is 2023-01-29 (without fiscal=: of ISO 8601, 2023-01-02)"
time3 fyquarters.csv Period FY2022Q3 FY2022Q4 FY2023Q1 2023-01-01
both 'fiscal quarters, read as those of the calendar: FY2022Q3 is 2022-07-01'
time3 seasons.csv period 2001-02 2002-03 2003-04 2004-01-01
both 'years such as 2001-02 are read by the one that they end in: 2002-01-01'
time3 seasons2.csv Season 2020/21 2021/22 2022/23 2023-01-01
both 'years such as 2020/21 are read by the one that they end in: 2021-01-01'

time3 namedweeks.csv Week 2023-01 2023-02 2023-03 2023-01-16
both 'times are read as the weeks that Week is called by: 2023-01 is 2023-01-02 (without dateformat= they are months'
time3 yearweek.csv yearweek 2023/09 2023/10 2023/11 2023-03-13
time3 kalenderwoche.csv Kalenderwoche 08.2023 09.2023 10.2023 2023-03-06
time3 namedquarters.csv Quarter 2022-3 2022-4 2023-1 2023-01-01
both 'times are read as the quarters that Quarter is called by: 2022-3 is 2022-07-01'
printf 'Year,1,2,3,4,5,6\n2021,1,2,4,4,5,6\n2022,1,2,4,4,5,6\n' >yearnumbers.csv
odd yearnumbers.csv 1 12 '2022-06-01,6,.*'
both 'columns 1 to 6 are read as the first months of Year'

# Most periods without an observation, a time far before all others, numbers that are none
{ echo date,y; for m in 01 02 03 04 05 06; do printf "2023-$m-15,1\n2023-$m-28,2\n"; done; } >semimonth.csv
odd semimonth.csv 1 12 '2023-06-15,1,.*'
both '153 of 165 periods of one day hold no observation'
{ echo date,y; for d in 10 11 12 13 14 15 16 17 18 19 20 21 22 23; do echo "2023-01-$d,$d"; done; echo 1970-01-01,5; } >epoch.csv
odd epoch.csv 1 15 '2023-01-23,23,.*'
both '1 rows stand far before all others, and the periods between are empty, the first of them line 16, "1970-01-01"'
printf 'date,rain\n2023-01-01,0.5\n2023-01-02,-99.99\n2023-01-03,0\n2023-01-04,-99.99\n' >nines.csv
odd nines.csv 1 4 '2023-01-01,0.5,.*'
both '-99.99 stands there 2 times, far from all other values'
checks=$((checks + 1))
"$wsf" load --data 'csv("nines.csv", time=date, target=rain, na=["-99.99"])' --format csv >report 2>err </dev/null
grep -q '^observations,2,' report || {
  failures=$((failures + 1))
  echo "FAILED: na= of numbers" && cat report err
}
# Columns without a name, as of GENESIS, R and pandas, are called by their place
printf ';;Umsatz\n2021;Januar;5\n2021;Februar;6\n2021;April;7\n' >nameless.csv
odd nameless.csv 1 3 '2021-04-01,7,.*'
both 'columns without a name are called by their place, the first that is read column1'
printf ',Milk,Bread,Eggs\n2023-01-01,5,1,2\n2023-01-02,6,2,3\n2023-01-03,8,4,3\n' >pandas.csv
odd pandas.csv 3 9 'Bread,2023-01-02,2,.*'
printf ',Jan 2023,Feb 2023,Mar 2023\nMilk,5,1,2\nBread,6,2,3\n' >nameless2.csv
odd nameless2.csv 2 6 'Bread,2023-02-01,2,.*'
printf ',date,sales,\n0,2023-01-01,5,\n1,2023-01-02,6,\n2,2023-01-03,8,\n' >index.csv
odd index.csv 1 3 '2023-01-03,8,.*'
grep -q '^wsf load .*, time=date, target=sales)' seen || {
  failures=$((failures + 1))
  echo "FAILED: an index is no column" && tail -1 seen
}

# Parts of years by the name of their column: weeks and quarters that look like numbers or months
# weeks FORMAT [YEAR_FIRST]: 104 lines, of a week and a year
weeks() { awk -v f="$1\n" -v first="${2:-0}" 'BEGIN { for (y = 2022; y < 2024; ++y) for (w = 1; w < 53; ++w) printf f, first ? y : w, first ? w : y, w * 7 % 23 + 1 }'; }
{ echo 'Kalenderwoche;Absatz' && weeks '%02d.%d;%d'; } >kw.csv
odd kw.csv 1 104 '2023-12-25,20,.*'
both 'times are read as the weeks that Kalenderwoche is called by: 01.2022 is 2022-01-03'
both 'numbers of weeks, read as those of ISO 8601: 202201 is 2022-01-03'
{ echo 'Week,Sales' && weeks '%02d-%d,%d'; } >wdash.csv
odd wdash.csv 1 104 '2022-01-10,15,.*'
{ echo 'Periode;Absatz' && weeks '%02d.%d;%d'; } >periode.csv
odd periode.csv 1 104 '2022-01-10,15,.*'
{ echo 'Week,Sales' && weeks '%d.%02d,%d' 1; } >wpoint.csv
odd wpoint.csv 1 104 '2022-01-10,15,.*'
printf 'Week;Sales\n51.2023;1\n52.2023;2\n53.2023;3\n01.2024;4\n' >wnrf.csv
odd wnrf.csv 1 4 '2024-01-28,3,.*'
printf 'Quarter,Sales\n202001,1\n202002,2\n202003,3\n202004,4\n202101,5\n' >qzero.csv
odd qzero.csv 1 5 '2020-04-01,2,.*'
both 'numbers, read as quarters yyyy0q: 202001 is 2020-01-01 (without dateformat= they are months or seconds)'
printf 'Quarter,Sales\n20203,1\n20204,2\n20211,3\n20212,4\n' >qfive.csv
odd qfive.csv 1 4 '2021-01-01,3,.*'
printf 'Quartal;Sales\n2020.3;1\n2020.4;2\n2021.1;3\n2021.2;4\n' >qpoint.csv
odd qpoint.csv 1 4 '2021-01-01,3,.*'
printf 'Periode;Menge\n011.2022;1\n012.2022;2\n001.2023;3\n' >sap.csv
odd sap.csv 1 3 '2023-01-01,3,.*'
both 'periods such as 011.2022 are read as months of the calendar.s year: 2022-11-01'

# Whole numbers whose digits are several things
printf 'date,sales\n2022364,1\n2022365,2\n2023001,3\n' >yearday.csv
odd yearday.csv 1 3 '2023-01-01,3,.*'
both 'numbers, read as days yyyyddd of the year: 2022364 is 2022-12-30 (without dateformat= they count'
printf 'SDDATE,qty\n109364,1\n109365,2\n110001,3\n' >jde.csv
odd jde.csv 1 3 '2010-01-01,3,.*'
printf 'Month,Sales\n2211,1\n2212,2\n2301,3\n' >yymm.csv
odd yymm.csv 1 3 '2023-01-01,3,.*'
printf 'Month,Sales\n112022,1\n122022,2\n012023,3\n' >mmyyyy.csv
odd mmyyyy.csv 1 3 '2023-01-01,3,.*'
printf 'date,sales\n30122022,1\n31122022,2\n1012023,3\n' >ddmmyyyy.csv
odd ddmmyyyy.csv 1 3 '2023-01-01,3,.*'
printf 'date,sales\n12302022,1\n12312022,2\n1012023,3\n' >mmddyyyy.csv
odd mmddyyyy.csv 1 3 '2023-01-01,3,.*'
printf 'date,sales\n01012022,1\n01022022,2\n01032022,3\n01042022,4\n' >bothorders.csv
odd bothorders.csv 1 4 '2022-02-01,2,.*'
both 'numbers, read as days ddmmyyyy: 1012022 is 2022-01-01 (dateformat="%m%d%Y": 2022-01-01; without'
printf 'date,sales\n301222,1\n311222,2\n10123,3\n' >ddmmyy.csv
odd ddmmyy.csv 1 3 '2023-01-01,3,.*'
printf 'MESS_DATUM;TT_TU\n2022123122;1\n2022123123;2\n2023010100;3\n' >dwd.csv
odd dwd.csv 1 3 '2023-01-01T00:00:00,3,.*'
printf 'datetime,load\n202212312345,1\n202301010000,2\n202301010015,3\n' >minutes.csv
odd minutes.csv 1 3 '2023-01-01T00:15:00,3,.*'
printf 'date,sales\n22646,1\n22647,2\n22648,3\n' >sasdays.csv
odd sasdays.csv 1 3 '22647,2,.*'
printf 'date,sales\n738821,1\n738822,2\n738823,3\n' >ordinals.csv
odd ordinals.csv 1 3 '738822,2,.*'
both 'the numbers of date are no dates that are known, and count periods: 738821 is one of them'

# Parts of a time: months with their numbers, times of day as numbers, periods that no calendar has
printf 'Year,Month,Sales\n2021,01-January,1\n2021,02-February,2\n2021,03-March,3\n2022,01-January,4\n' >monthnumber.csv
odd monthnumber.csv 1 4 '2022-01-01,4,.*'
printf 'Year,Month,Sales\n2021,1 - Apr,1\n2021,2 - May,2\n2021,9 - Dec,3\n2022,10 - Jan,4\n' >monthnumber2.csv
odd monthnumber2.csv 1 4 '2021-12-01,3,.*'
awk 'BEGIN { print "date,time,store,load"; for (h = 0; h < 24; ++h) for (m = 0; m < 60; m += 15) printf "2023-01-01,%02d%02d,A,%d\n2023-01-01,%02d%02d,B,1\n", h, m, h, h, m }' >hhmm.csv
odd hhmm.csv 2 192 'A,2023-01-01T09:30:00,9,.*'
sed 's/,0\{1,3\}\([0-9]\)/,\1/' hhmm.csv >hmm.csv
odd hmm.csv 2 192 'A,2023-01-01T09:30:00,9,.*'
printf 'Date;Hour;Price\n20-01-2023;22 - 23;1,5\n20-01-2023;23 - 00;2,5\n21-01-2023;00 - 01;3,5\n' >hours.csv
odd hours.csv 1 3 '2023-01-21T00:00:00,3.5,.*'
printf 'Date,Hour,Load\n2023-01-01,22:00 - 23:00,1\n2023-01-01,23:00 - 00:00,2\n2023-01-02,00:00 - 01:00,3\n' >hours2.csv
odd hours2.csv 1 3 '2023-01-01T23:00:00,2,.*'
printf 'Date,Hour Ending,Load\n2023-01-01,HE22,1\n2023-01-01,HE23,2\n2023-01-01,HE24,3\n' >hourending.csv
odd hourending.csv 1 3 '2023-01-02T00:00:00,3,.*'
both 'hours are read as times of day: 24 of Hour Ending is 24:00'
awk 'BEGIN { print "SettlementDate,SettlementPeriod,Demand"; for (d = 1; d < 3; ++d) for (n = 1; n < 49; ++n) printf "2023-01-0%d,%d,%d\n", d, n, n + d }' >halfhours.csv
odd halfhours.csv 1 96 '2023-01-02T23:30:00,50,.*'
both 'SettlementPeriod from 1 to 48 counts the half hours of a day, the first from 0:00'
awk 'BEGIN { print "FY,Period,Sales"; for (y = 2021; y < 2024; ++y) for (n = 1; n < 14; ++n) printf "%d,%d,%d\n", y, n, n }' >thirteen.csv
odd thirteen.csv 1 39 '39,13,.*'
both 'FY and Period name 13 periods of years of their own: rows are numbered as they stand, season=13'
sed -i 5d thirteen.csv
odd thirteen.csv 1 38 '38,13,.*'
both 'FY and Period name 13 periods of years of their own, but line 5 does not follow the one before'
fiscal() { for y in 2010 2011 2012; do for m in April May June July August September October November December January February March; do echo "$y-$((y - 1999)),$m"; done; done; }
{ echo 'Year,Month,Store,Attendances' && fiscal | awk '{ print $0 ",A," NR * 7 % 5 "\n" $0 ",B," NR * 5 % 7 }'; } >nhs.csv
odd nhs.csv 2 72 'B,36,5,.*'
both 'Year and Month name 12 periods of years of their own from month 4 on: rows are numbered as they stand, season=12'
printf 'FY,Period,Sales\nFY23,P11,1\nFY23,P12,2\nFY24,P01,3\n' >fyperiod.csv
odd fyperiod.csv 1 3 '2024-01-01,3,.*'
both 'Period of FY counts months, read as those of the calendar.s year, from January on'
printf 'date,period,y\n2023-01-01,3,1\n2023-01-01,7,2\n2023-01-02,3,3\n2023-01-02,7,4\n' >partkey.csv
odd partkey.csv 2 4 '7,2023-01-02,4,.*'
both 'period looks like a part of date, but its values are none that is known; each is a series of its own'

# Means and sums of a year among its parts
for word in Average Mean Avg Year Annual; do
  printf 'Month,2020,2021,2022\nJan,1,2,3\nFeb,4,5,6\nMar,7,8,9\n%s,4,5,6\n' $word >mean.csv
  odd mean.csv 1 9 '2022-03-01,9,.*' '^rows rejected.*,1,'
  both "1 rows have no time and are left out, the first of them line 5, .$word."
done
printf 'Year,Quarter,Sales\n2020,Q3,3\n2020,Q4,4\n2020,FY,7\n2021,Q1,1\n2021,FY,1\n' >quarterfy.csv
odd quarterfy.csv 1 3 '2021-01-01,1,.*' '^rows rejected.*,2,'
both '2 rows have no time and are left out, the first of them line 4, "2020 FY"'
printf 'Series ID,Year,Period,Value\nA,2020,M11,3\nA,2020,M12,4\nA,2020,M13,3.5\nA,2021,M01,5\nB,2020,M12,4\nB,2020,M13,4\n' >bls.csv
odd bls.csv 2 4 'A,2021-01-01,5,.*' '^rows rejected.*,2,'

# The hour that clocks show twice when they are put back
cat >nyiso.csv <<'EOF'
Time Stamp,Time Zone,Name,Load
11/06/2022 00:00:00,EDT,CAPITL,1.5
11/06/2022 00:00:00,EDT,CENTRL,2.5
11/06/2022 01:00:00,EDT,CAPITL,3.5
11/06/2022 01:00:00,EDT,CENTRL,4.5
11/06/2022 01:00:00,EST,CAPITL,5.5
11/06/2022 01:00:00,EST,CENTRL,6.5
11/06/2022 02:00:00,EST,CAPITL,7.5
11/06/2022 02:00:00,EST,CENTRL,8.5
EOF
if [ -r /usr/share/zoneinfo/America/New_York ] && [ -r /usr/share/zoneinfo/Europe/Berlin ]; then
  odd nyiso.csv 2 8 'CENTRL,2022-11-06T06:00:00,6.5,.*'
  both 'times such as that of line [67] stand twice, as clocks show .* in timezone="America/New_York", by the column Time Zone'
  printf 'Zeit;Last\n30.10.2022 01:00;1\n30.10.2022 02:00;2\n30.10.2022 02:00;3\n30.10.2022 03:00;4\n' >berlin.csv
  odd berlin.csv 1 4 '2022-10-30T01:00:00,3,.*'
  printf 'date,hour,y\n2022-10-30,1,1\n2022-10-30,2,2\n2022-10-30,2,3\n2022-10-30,3,4\n' >berlin2.csv
  odd berlin2.csv 1 4 '2022-10-30T01:00:00,3,.*'
fi
printf 'Zeit;Last\n30.10.2022 01:00;1\n30.10.2022 02:00;2\n30.10.2022 02:00;3\n30.10.2022 03:00;4\n30.10.2022 03:00;5\n' >twice.csv
odd twice.csv 1 3 '2022-10-30T02:00:00,5,.*'

# The open end of SAP and SQL, which stands for no time
awk 'BEGIN { print "date,store,sales"; for (d = 1; d < 29; ++d) printf "2023-01-%02d,A,%d\n2023-01-%02d,B,%s\n", d, d % 5, d, d % 2 ? "NA" : 7; print "9999-12-31,A,5" }' >openend.csv
odd openend.csv 2 42 'A,2023-01-28,3,.*' '^rows rejected.*,1,'
both '1 rows stand far ahead of all others, .* line 58, "9999-12-31" (na= takes it for a missing one)'

# Marks that nobody sees, and dates of other languages
printf 'date,sales\n2023-01-01\302\240,1\n2023-01-02\302\240,2\n' >nbsp.csv
odd nbsp.csv 1 2 '2023-01-02,2,.*'
printf 'date,sales\n\342\200\2162023-01-01,1\n\342\200\2162023-01-02,2\n' >ltr.csv
odd ltr.csv 1 2 '2023-01-02,2,.*'
printf 'date,sales\n2023年1月9日,1\n2023年1月10日,2\n' >chinese.csv
odd chinese.csv 1 2 '2023-01-10,2,.*'
printf 'fecha,ventas\n31 de enero de 2023,1\n1 de febrero de 2023,2\n' >spanish.csv
odd spanish.csv 1 2 '2023-02-01,2,.*'
printf 'Product,W/E 08/01/23,W/E 15/01/23,W/E 22/01/23\nMilk,1,2,3\nBread,4,5,6\n' >weekending.csv
odd weekending.csv 2 6 'Milk,2023-01-15,2,.*'
printf 'date,sales\n31-JAN-23 12.00.00.000000000 AM,1\n01-FEB-23 12.00.00.000000000 AM,2\n' >oracle.csv
odd oracle.csv 1 2 '2023-02-01T00:00:00,2,.*'

# Parts that count from where nobody knows, days of the week across
printf 'Year,Month,y\n2023,0,1\n2023,1,2\n2023,2,4\n2024,0,1\n2024,1,2\n2024,2,4\n' >monthzero.csv
odd monthzero.csv 3 6 '2,2024,4,.*'
both 'Month looks like a part of Year, but its values are none that is known'
printf 'Week,Mon,Tue,Wed,Thu,Fri,Sat,Sun\n2023-01-02,1,2,3,4,5,0,7\n2023-01-09,1,2,3,4,5,1,7\n2023-01-16,1,2,3,4,5,2,7\n' >weekdaysacross.csv
odd weekdaysacross.csv 7 21 'Tue,2023-01-09,2,.*'
both 'columns are called by days of the week; each is read as a series of its own'

# Columns that measure one thing are no series of a pivot file, and what is one is told
printf 'Date,Open,High,Low,Close,Volume\n2023-01-02,99.6,100.8,98.1,99.4,120\n2023-01-03,99.8,101.3,98.6,100.1,130\n2023-01-04,99.9,102.3,97.6,101.1,140\n' >ohlc.csv
odd ohlc.csv 1 3 '2023-01-03,100.1,.*'
both 'of several columns that measure one thing, Close is forecast; beside it as past= Open, High, Low, ..'
cut -d , -f 1-5 ohlc.csv >ohlc4.csv
odd ohlc4.csv 1 3 '2023-01-03,100.1,.*'
sed 's/Close/Price/' ohlc.csv >ohlcprice.csv
odd ohlcprice.csv 1 3 '2023-01-03,100.1,.*'
printf 'Date,Impressions,Clicks,CTR,Position\n2023-01-01,3180,79,2.4%%,7.8\n2023-01-02,3452,86,2.3%%,7.7\n2023-01-03,3352,84,2.2%%,7.9\n' >clicks.csv
odd clicks.csv 1 3 '2023-01-02,86,.*'
printf 'date,bookings,cancellations,no_shows\n2023-01-01,1301,133,95\n2023-01-02,1713,182,49\n2023-01-03,1513,172,59\n' >bookings.csv
odd bookings.csv 1 3 '2023-01-02,1713,.*'
printf 'date,Berlin,Bonn,Essen\n2023-01-01,13,33,95\n2023-01-02,17,82,49\n2023-01-03,15,72,59\n' >towns.csv
odd towns.csv 3 9 'Bonn,2023-01-02,82,.*'
both 'each of the columns Berlin, Bonn, Essen is read as a series of its own'
printf '2023-01-01,A,43,8.99\n2023-01-01,B,33,8.99\n2023-01-02,A,21,7.99\n2023-01-02,B,22,7.99\n' >headless.csv
odd headless.csv 2 4 'A,2023-01-02,21,.*'
both 'of several columns that no header names, column3 is forecast; beside it as past= column4'

# Columns of a wide file that are called by a time and a word
affix() { # NAME of the third of three months, and its day
  odd "$1" 2 6 "A,$2,3,.*"
}
wide3() { printf 'SKU,%s,%s,%s\nA,1,2,3\nB,4,5,6\n' "$1" "$2" "$3"; }
wide3 'Period 2020-01' 'Period 2020-02' 'Period 2020-03' >affix1.csv && affix affix1.csv 2020-03-01
wide3 'Wk Ending 07-Jan-22' 'Wk Ending 14-Jan-22' 'Wk Ending 21-Jan-22' >affix2.csv && affix affix2.csv 2022-01-21
wide3 X2022.01.07 X2022.01.14 X2022.01.21 >affix3.csv && affix affix3.csv 2022-01-21
wide3 Qty_202001 Qty_202002 Qty_202003 >affix4.csv && affix affix4.csv 2020-03-01
wide3 'Actual Jan 20' 'Actual Feb 20' 'Actual Mar 20' >affix5.csv && affix affix5.csv 2020-03-01
wide3 'Qty Jan 2020' 'Qty Feb 2020' 'Qty Mar 2020' >affix6.csv && affix affix6.csv 2020-03-01
wide3 Jan-20_sales Feb-20_sales Mar-20_sales >affix7.csv && affix affix7.csv 2020-03-01
wide3 'Vol Q1 2012' 'Vol Q2 2012' 'Vol Q3 2012' >affix8.csv && affix affix8.csv 2012-07-01
wide3 'Jan. 2024' 'Feb. 2024(r)' 'Mar. 2024(p)' >affix9.csv && affix affix9.csv 2024-03-01

# Digits down to the minute, whatever their column is called
printf 'ts,y\n202301010000,5\n202301010100,6\n202301010200,7\n' >minutes.csv
odd minutes.csv 1 3 '2023-01-01T02:00:00,7,.*'
printf 'ts,y\n20230101000000,5\n20230101010000,6\n20230101020000,7\n' >seconds.csv
odd seconds.csv 1 3 '2023-01-01T02:00:00,7,.*'

# What adds up another column is not what is forecast
printf 'Month,YTD Sales,Sales\n2019-01,95,95\n2019-02,204,109\n2019-03,302,98\n' >ytd.csv
odd ytd.csv 1 3 '2019-02,109,.*\|2019-02-01,109,.*'
awk 'BEGIN { print "date,reading,used"; for (d = 1; d < 20; ++d) { u = d * 7 % 5 + 1; r += u; printf "2023-01-%02d,%d,%d\n", d, 12000 + r, u } }' >meter.csv
odd meter.csv 1 19 '2023-01-02,5,.*'
awk -F , '{ print $1 "," $3 "," $2 }' meter.csv >meter2.csv
odd meter2.csv 1 19 '2023-01-02,5,.*'

# What the shape of a table tells
{ echo Date,Sales && for m in Jan Feb; do for d in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28; do echo "$m $d,$d"; done; done; } >noyear.csv
odd noyear.csv 1 56 '30,2,.*'
both "no column reads as times: 'Jan 01' of Date names no year"
printf 'SKU,M-4,M-3,M-2,M-1\nA,1,2,3,4\nB,5,6,7,8\n' >countdown.csv
odd countdown.csv 2 8 'A,1,4,.*'
both 'months of no year are counted from 1'
both 'columns M-4 to M-1 count down to now, .* the history is turned round'
awk 'BEGIN { printf "Month"; for (d = 1; d < 32; ++d) printf ",%d", d; for (m = 1; m < 4; ++m) { printf "\n2023-0%d", m; for (d = 1; d < 32; ++d) printf ",%d", d + m } print "" }' >daysacross.csv
odd daysacross.csv 1 90 '2023-02-03,5,.*' '^cells rejected: the year has no such period,3,'
both '3 cells are left out (the year has no such period'
printf 'date,units,promo,price\n2023-01-01,47,1,7.99\n2023-01-02,48,0,8.99\n2023-01-03,49,0,8.99\n2023-01-04,,1,7.99\n2023-01-05,,0,8.99\n' >knownahead.csv
odd knownahead.csv 1 3 '2023-01-03,49,.*' '^rows without a target.*,2,\|^rows rejected,0,'
both '2 rows behind the last value of units hold other columns (known=.promo,price.'
awk 'BEGIN { print "Date,Sales,"; for (d = 1; d < 20; ++d) printf "2023-01-%02d,%d,\n", d, d; for (d = 1; d < 19; ++d) print ",," }' >blanks.csv
odd blanks.csv 1 19 '2023-01-19,19,.*' '^rows rejected.*,18,'

# Marks of spreadsheets around numbers, and for none
printf 'Datum;Saldo\n01.01.2023;(1.095,00) €\n02.01.2023;1.114,64 €\n03.01.2023;-12,00 €\n' >account.csv
odd account.csv 1 3 '2023-01-01,-1095,.*'
printf 'Date,Net\n2023-01-01,"$(1,009.00)"\n2023-01-02,"$1,020.50 "\n2023-01-03,USD (12.00)\n' >account2.csv
odd account2.csv 1 3 '2023-01-03,-12,.*'
printf 'month;a\n2019-01;95\n2019-02;#NV\n2019-03;97\n' >germanna.csv
odd germanna.csv 1 2 '2019-03-01,97,.*'

# A date is the time beside its own month and year
awk 'BEGIN { print "date,month,year,sales"; for (m = 1; m < 13; ++m) for (d = 1; d < 29; ++d) printf "2023-%02d-%02d,%d,2023,%d\n", m, d, m, d * 7 % 11 }' >dateparts.csv
odd dateparts.csv 1 336 '2023-02-03,10,.*'

# What the load of a proposal doubts is told with it
printf 'date,sales\n01/05/2021,5\n01/06/2021,6\n01/07/2021,7\n01/05/2022,8\n' >sameday.csv
odd sameday.csv 1 4 '2021-06-01,6,.*'
both 'no value tells day from month; read by the day that repeats'
printf 'month,sales\n202401,5\n202402,6\n202403,7\n' >yyyymm2.csv
odd yyyymm2.csv 1 3 '2024-02-01,6,.*'
both 'whole numbers, read as months yyyymm (freq=integer: as numbers, dateformat="%G%V": as weeks)'
printf 'ts,sales\n1546300800,5\n1546387200,6\n1546473600,7\n' >unix.csv
odd unix.csv 1 3 '2019-01-02T00:00:00,6,.*'
both 'whole numbers, read as seconds or milliseconds since 1970'

# Rows of sales: what differs among those that are added up, and days without any
cat >orderlines.csv <<'EOF'
order_no,date,product,qty,price,gift,coupon
1001,2023-01-02,A,2,5.00,0,
1002,2023-01-02,A,1,6.00,1,SPRING
1003,2023-01-03,A,4,6.00,0,SUMMER
1004,2023-01-03,A,1,6.00,0,SPRING
1005,2023-01-06,A,3,7.00,0,
1006,2023-01-06,B,3,7.00,0,
1007,2023-01-08,B,1,7.50,0,
1008,2023-01-08,B,2,8.50,0,
EOF
odd orderlines.csv 2 5 'A,2023-01-02,3,1,1001.5,5.5,1,SPRING'
both 'rows that are added up differ in other columns, .*: order_no, price, gift, coupon'
both 'periods without a row are missing, though rows are added up (duplicates=sum, gaps=zero if .*: 3 of 8 periods'
lacks 'A,2023-01-03,.*S[PU].*'
untold 'csv("orderlines.csv", keys=product, time=date, target=qty, duplicates=sum, gaps=zero)' 'periods without a row'
awk 'BEGIN { print "date,sku,units"; for (d = 1; d < 29; ++d) for (s = 1; s < 4; ++s) if (d * s % 3) printf "2023-01-%02d,S%d,%d\n", d, s, d % 4 + 1 }' >unsold.csv
odd unsold.csv 2 38 'S2,2023-01-02,3,1'
both '18 of 56 periods within the series have no row, and are missing (gaps=zero if nothing was sold then)'

# Days of the week on which nobody sells, and a plan whose end is not filled in
awk 'BEGIN { print "date,sales"; for (d = 2; d < 30; ++d) if (d % 7 != 1) printf "2023-01-%02d,%d\n", d, d * 7 % 11 }' >nosunday.csv
odd nosunday.csv 1 24 '2023-01-14,10,1'
both 'no value stands on these days of the week, .*gaps=zero.*resample(freq=week, missing=skip).*: Sunday'
awk 'BEGIN { print "Month,Store,Sales"; for (m = 1; m < 13; ++m) for (s = 1; s < 4; ++s) printf "2023-%02d,%d,%d\n", m, s, m < 9 ? 50 + m * s : 0 }' >plan.csv
odd plan.csv 3 36 '2,2023-08-01,66,1'
both 'the last values of all series are 0, .*: until("2023-08-01")'
awk 'BEGIN { print "date,hour,visitors"; for (d = 2; d < 12; ++d) for (h = 9; h < 18; ++h) printf "2023-01-%02d,%d,%d\n", d, h, d * h % 17 }' >openhours.csv
odd openhours.csv 1 90 '2023-01-03T09:00:00,10,1'
both '135 of 225 periods of one hour hold no observation (.*, gaps=zero that nothing was sold then)'
untold 'csv("plan.csv", keys=Store, time=Month, target=Sales) | until("2023-08-01")' 'the last values'

printf 'Account,Jan-23,Feb-23,Mar-23,Apr-23,May-23,Jun-23\nRevenue,10,11,12,13,0,0\nCosts,5,5,6,6,0,0\n' >planwide.csv
odd planwide.csv 2 12 'Costs,2023-04-01,6,1'
both 'the last values of all series are 0, .*: until("2023-04-01")'

# Of several columns that could be forecast, which is, and how to ask for another
chosen() { # HEADER TARGET OTHER: of two columns beside a date
  printf 'date,%s\n2023-01-01,100,95\n2023-01-02,110,96\n2023-01-03,90,87\n' "$1" >chosen.csv
  odd chosen.csv 1 3 '2023-01-02,1*[19][06],1,1*[19][06]'
  both "$2 is forecast, as its name or its place says; target=\"*$3\"* could be it as well"
}
chosen 'visits,signups' visits signups
chosen 'signups,visits' visits signups
chosen 'Offered,Handled' Offered Handled
chosen 'Operations,Nurses' Operations Nurses
chosen 'Trains,Delay minutes' Trains 'Delay minutes'
chosen 'tickets,avg_price' tickets avg_price
chosen 'mean_wait,patients' patients mean_wait
chosen 'sales_per_visit,visits' visits sales_per_visit
chosen 'Sales,Revenue' Sales Revenue
chosen 'Actual 2023,Budget 2023' 'Actual 2023' 'Budget 2023'
chosen 'Aufträge,Ø Wert' Aufträge 'Ø Wert'
chosen '売上,客数' 売上 客数
printf 'date,min_temp,mean_temp\n2023-01-01,1,5.5\n2023-01-02,2,6.5\n2023-01-03,0,7.5\n' >temps.csv
odd temps.csv 1 3 '2023-01-02,.*'
both '.*_temp is forecast, as its name or its place says; target=.*_temp could be it as well'
printf 'Datum;Anzahl;Durchschnittspreis\n13.01.2023;5;2,5\n14.01.2023;6;2,6\n15.01.2023;7;2,4\n' >mittel.csv
odd mittel.csv 1 3 '2023-01-14,6,1,2.6'
printf 'date,Lager A,Lager B\n2023-01-01,1,5\n2023-01-02,2,6\n2023-01-03,0,7\n' >lager.csv
odd lager.csv 1 3 '2023-01-02,.*'
both '.*target="Lager [AB]" could be it as well'
printf 'date,y,x1,x2\n2023-01-01,1,5,3\n2023-01-02,2,6,4\n2023-01-03,0,7,3\n' >regress.csv
odd regress.csv 1 3 '2023-01-02,2,1,6,4'
printf 'date,units,InvoiceNo,unit_price\n2023-01-01,4,7001,2.5\n2023-01-02,3,7003,2.5\n2023-01-03,5,7002,2.6\n' >onlyone.csv
odd onlyone.csv 1 3 '2023-01-02,3,.*'
untold_here 'could be it as well'

# A quantity of an item is no key
awk 'BEGIN { print "Created at,Name,Lineitem quantity,Lineitem name"; for (d = 1; d < 29; ++d) for (i = 0; i < 4; ++i) printf "2023-01-%02d,#%d,%d,%s\n", d, 4 * d + i, (d + i) % 5 + 1, i % 2 ? "Mug" : "Cap" }' >lineitems.csv
odd lineitems.csv 2 56 'Mug,2023-01-02,5,1,.*'
printf 'store_id,week,price,items_on_sale\nA,2023-W01,2.5,10\nA,2023-W02,2.5,11\nA,2023-W03,2.6,12\nB,2023-W01,2.5,13\nB,2023-W02,2.5,14\nB,2023-W03,2.6,15\n' >items.csv
odd items.csv 2 6 'B,2023-01-16,15,1,2.6'

# Days of one month, months across whose days stand below each other
{ echo Date,Sales && for d in 01 02 03 04 05 06 07 08 09 10; do echo "Jan $d,$d"; done; } >january.csv
odd january.csv 1 10 '10,10,1,Jan 10'
both "no column reads as times: 'Jan 01' of Date names no year"
awk 'BEGIN { printf "Day"; split("Jan Feb Mar Apr", m, " "); for (i = 1; i < 5; ++i) printf ",%s", m[i]; for (d = 1; d < 32; ++d) { printf "\n%d", d; for (i = 1; i < 5; ++i) printf ",%s", (d < 29 ? d * i : "") } print "" }' >sales_2023.csv
odd sales_2023.csv 1 112 '2023-04-28,112,1'
both 'months and days are read as those of 2023, which the file is called by'
cp sales_2023.csv sales_of_shop.csv
odd sales_of_shop.csv 28 112 '28,4,112,1' '^series without an observation,3,'
both 'Day counts days of the months across, of which nothing says the year; .*time=Day, start="2023-01-01" reads'
awk -F, 'NR == 1 { print "Year," $0 } NR > 1 { print "2022," $0; print "2023," $0 }' sales_2023.csv >yearday.csv
odd yearday.csv 1 224 '2022-04-28,112,1'
awk 'BEGIN { printf "Store,Year,Month"; for (d = 1; d < 32; ++d) printf ",%d", d; for (m = 1; m < 7; ++m) { printf "\n%s,2023,%d", (m > 3 ? "B" : "A"), (m > 3 ? m - 3 : m); for (d = 1; d < 32; ++d) printf ",%s", (d < 29 ? d * m : "") } print "" }' >monthdays.csv
odd monthdays.csv 2 168 'B,2023-03-28,168,1'

# Months of two digits beside decimal commas, and headers of other scripts
printf 'Monat;Umsatz\n01.24;876,50\n02.24;912,25\n03.24;899,00\n' >monat.csv
odd monat.csv 1 3 '2024-02-01,912.25,1'
both 'times such as 01.24 are read as months'
printf '기간,매출\n2019.01,95\n2019.02,104\n2019.10,98\n' >korean.csv
odd korean.csv 1 3 '2019-10-01,98,1'
both 'times such as 2019.01 are read as months'

# Intervals are of the time that they begin at
printf 'MTU (CET/CEST),Load [MW]\n31.01.2023 22:00 - 31.01.2023 23:00,5\n31.01.2023 23:00 - 01.02.2023 00:00,6\n01.02.2023 00:00 - 01.02.2023 01:00,7\n' >entsoe.csv
odd entsoe.csv 1 3 '2023-01-31T23:00:00,6,1'
printf 'week,sales\n2023-01-02 - 2023-01-08,5\n2023-01-09 - 2023-01-15,6\n' >weekrange.csv
odd weekrange.csv 1 2 '2023-01-09,6,1' 'read as: intervals, by the time that they begin at'

# When a file was updated is not the time of its rows
printf 'DATAFLOW,LAST UPDATE,freq,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\nX,07/06/24 23:00:00,M,DE,2023-01,5.5,\nX,07/06/24 23:00:00,M,DE,2023-02,6.5,p\nX,07/06/24 23:00:00,M,FR,2023-01,7.5,\nX,07/06/24 23:00:00,M,FR,2023-02,8.5,\n' >sdmx.csv
odd sdmx.csv 2 4 'DE,2023-02-01,6.5,1,.*'
printf 'updated,Year,Month,y\n2023-05-01,2022,11,1\n2023-05-02,2022,12,2\n2023-05-02,2023,1,3\n' >updated.csv
odd updated.csv 1 3 '2023-01-01,3,1,.*'

# Lines of a name and what it is above the values, and periods of several lengths
{ printf '"Title","Retail sales"\n"CDID","J5EK"\n"PreUnit",""\n"Unit","Index"\n"Release date","19-01-2024"\n"Important notes",\n' &&
  for y in 1999 2000 2001; do echo "\"$y\",\"45.1\""; done &&
  for y in 1999 2000 2001; do for q in 1 2 3 4; do echo "\"$y Q$q\",\"45.$q\""; done; done &&
  for y in 1999 2000 2001; do for m in JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC; do echo "\"$y $m\",\"46.1\""; done; done; } >ons.csv
odd ons.csv 1 36 '2001-12-01,46.1,1' '^rows rejected,15,'
both 'column1 holds years and quarters beside months, which are read; the others are left out'
printf 'Report,Sales by day\nShop,All\nMade,by hand\nDate,Sales\n2023-01-01,5\n2023-01-02,6\n2023-01-03,7\n' >report.csv
odd report.csv 1 3 '2023-01-02,6,1'

# More rows that hold nothing than others
awk 'BEGIN { print "Date,Store,Sales,"; for (d = 1; d < 9; ++d) printf "2023-01-%02d,A,%d,\n,,,\n2023-01-%02d,B,%d,\n,,,\n,,,\n", d, d, d, d + 1 }' >blankrows.csv
odd blankrows.csv 2 16 'B,2023-01-08,9,1' '^rows rejected,24,'

# A sum of the year to date beside what it adds up
printf 'Reporting Area,MMWR Year,MMWR Week,Current week,Cum YTD 2022\nUS,2022,1,5,5\nUS,2022,2,7,12\nUS,2022,3,8,20\nNY,2022,1,2,2\nNY,2022,2,3,5\nNY,2022,3,3,8\n' >cdc.csv
odd cdc.csv 2 6 'US,2022-01-17,8,1,20'

# Merged cells, whose value stands in the first line of a block alone
printf 'Store,Month,Sales\nA,2023-01,5\n,2023-02,6\n,2023-03,7\nB,2023-01,8\n,2023-02,9\n,2023-03,10\n' >merged.csv
odd merged.csv 2 6 'B,2023-03-01,10,1' 'read as: empty cells with the value above them,4'
both 'empty cells of Store have the value above them, as merged cells of a spreadsheet do (filldown=;'
printf 'Date,Store,Sales\r\n2023-01-01,A,5\r\n,B,6\r\n2023-01-02,A,7\r\n,B,8\r\n2023-01-03,A,9\r\n,B,10\r\n' >mergeddate.csv
odd mergeddate.csv 2 6 'B,2023-01-02,8,1'
printf 'Year,Month,Sales\n2022,11,5\n,12,6\n2023,1,7\n,2,8\n,11,9\n,12,9\n' >mergedyear.csv
odd mergedyear.csv 1 6 '2022-12-01,6,1'
printf 'Region,Store,Month,Sales\nN,A,Jan 2023,5\n,,Feb 2023,6\n,B,Jan 2023,7\n,,Feb 2023,8\nS,C,Jan 2023,9\n,,Feb 2023,10\n' >nested.csv
odd nested.csv 3 6 'B,2023-02-01,8,1,N'
{ echo Store,Month,Sales && for s in A B; do n=$s; for m in 1 2 3 4 5; do echo "$n,2023-0$m,$m"; n=; done; echo "$s Total,,15"; done; echo 'Grand Total,,30'; } >pivottotals.csv
odd pivottotals.csv 2 10 'B,2023-02-01,2,1' '^rows rejected,3,'
awk 'BEGIN { print "store,date,event,sales"; for (s = 1; s < 4; ++s) for (d = 1; d < 29; ++d) printf "S%d,2023-01-%02d,%s,%d\n", s, d, d == 1 ? "New Year" : d == 6 ? "Epiphany" : d == 20 ? "Sale" : "", d * 7 % 11 }' >events.csv
odd events.csv 3 84 'S2,2023-01-07,5,1,'
untold_here 'value above them'

# Of a wide file the columns of most periods are read, whatever it ends with
for last in FY23 CY2023 'Total 2023' 2023 YTD23 MAT23 'Q4 2023' H1-23 L12 'Plan 24' 'Budget 2024' Rank1 'Stock 31.12.2023'; do
  printf 'Item,Jan-23,Feb-23,Mar-23,Apr-23,%s\nA,1,2,3,4,10\nB,2,2,2,3,9\n' "$last" >months.csv
  case $last in
  L12 | Plan* | Budget* | Rank1 | Stock*) odd months.csv 2 8 'B,2023-04-01,3,1,9' ;;
  *) odd months.csv 2 8 'B,2023-04-01,3,1' ;;
  esac
  case $last in
  2023 | Q4* | H1*) both "$last is of another kind of period than most columns (Apr-23), and left out" ;;
  esac
done
printf 'Item,Jan-23,Feb-23,Mar-23,Q1 2023,Apr-23,May-23,Jun-23,Q2 2023\nA,1,2,3,6,4,5,6,15\n' >quarters.csv
odd quarters.csv 1 6 '2023-06-01,6,1'
both 'Q1 2023 and 1 more are of another kind of period than most columns'
checks=$((checks + 1))
"$wsf" describe --data 'csv("quarters.csv", layout=wide, keys=Item)' --what report --format csv </dev/null |
  grep -q '^columns left out,2,.*Q1 2023' || { failures=$((failures + 1)) && echo "FAILED: quarters are not told"; }
printf 'Item,x1,x2,x3,2023-01,2023-02\nA,1,2,3,6,4\n' >attributes.csv
checks=$((checks + 1))
"$wsf" describe --data 'csv("attributes.csv", layout=wide, keys=Item)' --what values --format csv </dev/null |
  grep -q '^A,2023-02-01,4,1,1,2,3' || { failures=$((failures + 1)) && echo "FAILED: dates are periods before x1"; }

# Commas set fields apart, and decimals off in quotes
{ echo date,shop,qty,promo,price && for d in 1 2 3 4 5 6; do for s in A B; do echo "2023-01-0$d,$s,$d,1,\"$d,19\""; done; done; } >commas.csv
odd commas.csv 2 12 'B,2023-01-04,4,1,1,4.19'

# Hours that a shop is open and days that were worked are no part of the time
open() { # HEADER WEEKDAY SUNDAY: two shops, a day for each line
  awk -v h="$1" -v w="$2" -v s="$3" 'BEGIN { print h; for (d = 1; d < 29; ++d) for (i = 0; i < 2; ++i) printf "2023-01-%02d,S%d,%s,%d\n", d, i, d % 7 ? w : s, d * 3 % 17 }' >open.csv
  odd open.csv 2 56 "S1,2023-01-07,4,1,$4"
}
open date,store,hours_open,sales 12 8 8
both 'hours_open is taken for a value, and no part of the time'
open date,store,hours,sales 12 24 24
untold_here 'hours are read as times of day'
open date,store,open_time,sales 08:00 10:00 10:00
open date,store,opens,closes,sales 08:00,20:00 10:00,18:00 10:00,18:00
awk 'BEGIN { print "year,month,working_days,units"; for (i = 0; i < 36; ++i) printf "%d,%d,%d,%d\n", 2020 + int(i / 12), i % 12 + 1, 19 + i % 4, i + 5 }' >workdays.csv
odd workdays.csv 1 36 '2022-12-01,40,1,22'

# Years of no calendar, by the order of their months
awk 'BEGIN { print "Year,Month,Sales"; for (i = 0; i < 36; ++i) printf "%d,%s,%d\n", 2018 + int(i / 12), substr("AprMayJunJulAugSepOctNovDecJanFebMar", i % 12 * 3 + 1, 3), i + 5 }' >fiscal.csv
odd fiscal.csv 1 36 '2018-03-01,16,1'
both 'rows of each Year begin with month 4 and go on without a gap, as those of a fiscal year'

# Forecasts below what was observed
awk 'BEGIN { print "Month,SKU,Version,Qty"; for (s = 0; s < 2; ++s) for (i = 0; i < 36; ++i) printf "%d-%02d,S%d,%s,%d\n", 2021 + int(i / 12), i % 12 + 1, s, i < 28 ? "Actual" : "Forecast", i + 5 }' >versions.csv
odd versions.csv 2 72 'S1,2023-12-01,40,1,Forecast'
both 'the rows of Forecast in Version begin where those of Actual end, .*(until("2023-04-01") keeps those of Actual alone)'
awk 'BEGIN { print "Year,Month,SKU,is_forecast,Qty"; for (s = 0; s < 2; ++s) for (i = 0; i < 36; ++i) printf "%d,%d,S%d,%d,%d\n", 2021 + int(i / 12), i % 12 + 1, s, i < 28 ? 0 : 1, i + 5 }' >flagged.csv
odd flagged.csv 2 72 'S1,2023-12-01,40,1,1'
both 'the rows of 1 in is_forecast begin where those of 0 end, .*(until("2023-04-01") keeps those of 0 alone)'
awk 'BEGIN { print "Month,SKU,Version,Qty"; for (s = 0; s < 2; ++s) for (i = 0; i < 36; ++i) printf "%d%02d,S%d,%s,%d\n", 2021 + int(i / 12), i % 12 + 1, s, i < 28 ? "Actual" : "Forecast", i + 5 }' >whole.csv
odd whole.csv 2 72 'S1,2023-12-01,40,1,Forecast'
both 'the rows of Forecast in Version begin where those of Actual end, .*(until("2023-04-01") keeps'

# Quarters and sums of a year beside its months are no value of the series
printf 'Item,Year,Jan,Feb,Mar,Q1,Apr,May,Jun,Q2,FY23\nA,2022,1,2,3,6,4,5,6,15,9\nB,2022,1,2,3,6,4,5,7,16,9\n' >yearquarters.csv
odd yearquarters.csv 2 12 'B,2022-06-01,7,1'

# ---- series across --------------------------------------------------------------------------

# daily HEADER FORMULA ..: twelve days of numbers, by i from 0
daily() {
  header=$1 && shift
  awk -v h="$header" "BEGIN { print h; for (i = 0; i < 12; ++i) { printf \"2023-01-%02d\", i + 10
    $(for f in "$@"; do echo "printf \",%s\", $f"; done)
    print \"\" } }"
}
one='100 + i * 7 % 23' && two='90 + i * 5 % 17' && temp='3.5 + i % 4'

# Words that keys are called by, with labels, are series of their own, whatever stands beside them
across() { # HEADER SERIES LINE FORMULA ..: what a line of the values holds
  header=$1 series=$2 line=$3 && shift 3
  daily "$header" "$@" >across.csv
  odd across.csv "$series" $((12 * series)) "$line"
}
across 'Date,Shop A,Shop B,Temp' 2 'Shop B,2023-01-11,95,1,4.5' "$one" "$two" "$temp"
across 'Date,Shop A,Shop B' 2 'Shop A,2023-01-11,107,1' "$one" "$two"
across 'Date,Store North,Store South,Store East' 3 'Store East,2023-01-11,3,1' "$one" "$two" 'i * 3'
across 'Datum,Filiale Nord,Filiale Süd' 2 'Filiale Süd,2023-01-11,95,1' "$one" "$two"
across 'Date,North Store,South Store,Holiday' 2 'South Store,2023-01-11,95,1,0' "$one" "$two" 'i % 7 == 0'
across 'Fecha,Tienda Norte,Tienda Sur' 2 'Tienda Sur,2023-01-11,95,1' "$one" "$two"
across 'Date,SKU-A,SKU-B,Price' 2 'SKU-B,2023-01-11,95,1,4.5' "$one" "$two" "$temp"
across 'Date,Shop A,Shop B,Leeds,Temp' 3 'Leeds,2023-01-11,3,1,4.5' "$one" "$two" 'i * 3' "$temp"
# and words that only hold such a word are names: Madrid no id, Leeds no ds, Stockholm no stock
across 'Date,Madrid,Florida,Stockholm' 3 'Madrid,2023-01-11,107,1' "$one" "$two" 'i * 3'
both 'each of the columns Madrid, Florida, Stockholm is read as a series of its own'
across 'Date,store_area,store_items,sales' 1 '2023-01-11,107,1,95,3' "$two" 'i * 3' "$one"
across 'Date,item_price,item_cost,units' 1 '2023-01-11,107,1,4.5,95' "$temp" "$two" "$one"
# Two columns that nothing names are one series or two: both are told
across 'Date,Leeds,York' 1 '2023-01-11,95,1,107' "$one" "$two"
both 'York is forecast, as its name or its place says; target=Leeds could be it as well'
both 'Leeds and York could each be a series, as of a shop or a product: csv("across.csv", layout=pivot, time=Date) reads them so'
settles 2 24
across 'Date,Leeds,York,Temp' 1 '2023-01-11,95,1,107,4.5' "$one" "$two" "$temp"
both 'Leeds and York could each be a series, .*past=Temp) reads them so'
settles 2 24
across 'Date,Region North,Region South,Sales' 1 '2023-01-11,3,1,107,95' "$one" "$two" 'i * 3'
both 'Region North and Region South could each be a series, .*past=Sales) reads them so'
settles 2 24
across 'date,visits,signups' 1 '2023-01-11,107,1,95' "$one" "$two"
untold_here 'could each be a series'
across 'Date,Leeds,York' 1 '2023-01-11,95,1,10700' "100 * ($one)" "$two"
untold_here 'could each be a series'

across 'Date,Customer Complaints,Customer Refunds' 2 'Customer Refunds,2023-01-11,95,1' "$one" "$two"
both 'each of the columns Customer Complaints, Customer Refunds is read as a series of its own, .*layout=long with target='
across 'Date,Shop A,Shop B' 2 'Shop A,2023-01-11,107,1' "$one" "$two"
untold_here 'is read as a series of its own'

# Sums whose names nobody knows: by their numbers, at each time
summed() { # HEADER TOTAL: three lines of a month, the last of which is the sum of the others
  awk -v h="$1" -v t="$2" 'BEGIN { print h; for (m = 1; m < 6; ++m) { a = m * 7 % 5 + 1; b = m * m; c = b % 7 + 2
    for (r = 1; r <= (h ~ /region/ ? 2 : 1); ++r) { k = h ~ /region/ ? r "," : ""
      printf "2023-%02d,%s11,%d\n2023-%02d,%s12,%d\n2023-%02d,%s13,%d\n2023-%02d,%s%s,%d\n", m, k, a * r, m, k, b, m, k, c, m, k, t, a * r + b + c } } }' >summed.csv
}
summed date,sex,people 'Both sexes'
odd summed.csv 4 20 'Both sexes,2023-02-01,.*'
both 'Both sexes of sex is the sum of all others at each of 5 times, .*select(without=\["Both sexes"\]) leaves it out'
untold 'csv("summed.csv", keys=sex, time=date, target=people) | select(without=["Both sexes"])' 'sum of'
grep -q '^series left out,1,' report || { failures=$((failures + 1)) && echo "FAILED: the step of a doubt leaves no sum out"; }
summed date,store,sales 99
odd summed.csv 4 20 '99,2023-02-01,.*'
both '99 of store is the sum of all others at each of 5 times'
summed date,region,sex,people 'Both sexes'
odd summed.csv 8 40 '1,Both sexes,2023-02-01,.*'
both 'Both sexes of sex is the sum of all others at each of 10 times, .*without=\["\*/Both sexes"\]'
summed date,shop,sales Celkem
odd summed.csv 4 20 '12,2023-02-01,4,1' '^series left out,1,'
sed '$d' summed.csv | sed 's/Celkem/Company/' >notsummed.csv && echo 2023-05,Company,1 >>notsummed.csv
odd notsummed.csv 4 20 'Company,2023-05-01,1,1'
untold_here 'is the sum of all others'
printf 'Product,Jan 2023,Feb 2023,Mar 2023,Apr 2023\ntea,1,2,1,1\nmilk,2,2,3,2\nNational,3,4,4,3\n' >sumwide.csv
odd sumwide.csv 3 12 'National,2023-02-01,4,1'
both 'National of Product is the sum of all others at each of 4 times'
daily 'Date,Leeds,York,Company' 'i + 1' 'i * i' 'i * i + i + 1' >sumpivot.csv
odd sumpivot.csv 3 36 'Company,2023-01-11,3,1'
both 'Company is the sum of all others at each of 11 times, .*select(without=\["Company"\])'

# ---- other languages ---------------------------------------------------------------------------

# Years and months in two columns of their own names, with months by number and by name
yearsmonths() { # YEAR MONTH NOVEMBER DECEMBER JANUARY: two shops, three months
  for months in '11 12 1' "$3 $4 $5"; do
    { echo "$1;$2;tienda;n" && set -- "$1" "$2" "$3" "$4" "$5" $months
      for s in A B; do printf "2022;$6;$s;5\n2022;$7;$s;6\n2023;$8;$s;7\n"; done; } >yearsmonths.csv
    odd yearsmonths.csv 2 6 'B,2023-01-01,7,1'
    untold_here 'could be it as well'
  done
}
yearsmonths año mes noviembre diciembre enero
yearsmonths AÑO MES NOVIEMBRE DICIEMBRE ENERO
yearsmonths anio Mes Nov Dic Ene
yearsmonths ano mês novembro dezembro janeiro
yearsmonths année mois novembre décembre janvier
yearsmonths Annee Mois nov. déc. janv.
yearsmonths anno mese novembre dicembre gennaio
yearsmonths jaar maand november december januari
yearsmonths rok miesiąc listopad grudzień styczeń
yearsmonths Rok MIESIAC lis gru sty
yearsmonths Jahr Monat November Dezember Januar
printf 'mes;tienda;ventas\nnoviembre 2022;A;5\ndiciembre 2022;A;6\nenero 2023;A;7\n' >mesventas.csv
odd mesventas.csv 1 3 '2023-01-01,7,.*'
printf 'Miesiąc;Sprzedaż\nwrzesień 2022;5\npaździernik 2022;6\nlistopada 2022;7\n' >miesiac.csv
odd miesiac.csv 1 3 '2022-11-01,7,.*'
printf 'rok;tydzień;sztuki\n2022;51;5\n2022;52;6\n2023;1;7\n' >tydzien.csv
odd tydzien.csv 1 3 '2023-01-02,7,.*'
printf 'year,kuu,pieces\n2022,11,5\n2022,12,6\n2023,1,7\n2023,11,5\n2023,12,6\n' >unknownmonth.csv
odd unknownmonth.csv 3 5 '12,2023,6,1'
both 'kuu counts from 1 to 12 at most beside the years of year; each number is a series of years (if it counts months, time=.year,kuu. reads them with dateformat="%Y %m")'
untold 'csv("unknownmonth.csv", time=[year,kuu], target=pieces, dateformat="%Y %m")' 'counts from 1'
printf 'Date,Price List,Units\n2023-01-01,5,6\n2023-01-02,5,7\n2023-01-03,6,8\n' >list.csv
odd list.csv 1 3 '2023-01-02,7,1,5'

# A point before three digits beside plain whole numbers
printf 'Monat;Absatz\n2023-01;854\n2023-02;1.183\n2023-03;990\n2023-04;1.021\n' >mixedpoint.csv
odd mixedpoint.csv 1 4 '2023-02-01,1.183,.*' '^"*doubt: every value has three decimals (thousands=point if 1.183 is 1183)"*,1,3,Absatz,1.183'
both 'every value has three decimals (thousands=point if 1.183 is 1183)'

# Days of two digits each with the year first
yearfirst() { # MARK: forty days from 20 December 2022 on
  awk -v m="$1" 'BEGIN { print "date,units"; for (i = 0; i < 40; ++i) { d = 20 + i
    y = d > 31 ? 23 : 22; mm = d > 31 ? 1 : 12; if (d > 31) d -= 31; printf "%02d%s%02d%s%02d,%d\n", y, m, mm, m, d, i } }' >yearfirst.csv
  odd yearfirst.csv 1 40 '2023-01-01,12,.*'
  both 'dates have the year first: 22.12.20 is 2022-12-20 (without dateformat=, with the year last, it is 2020-12-22)'
}
yearfirst / && yearfirst - && yearfirst .
printf 'month,units\n22/11/01,5\n22/12/01,6\n23/01/01,7\n23/02/01,7\n' >monthsfirst.csv
odd monthsfirst.csv 1 4 '2023-01-01,7,.*'
printf 'month,units\n21/10/15,5\n21/11/15,6\n21/12/15,7\n' >eitherend.csv
odd eitherend.csv 1 3 '2015-11-21,6,.*'
both 'dates may have the year first or last: 21/10/15 is read as 2015-10-21 (dateformat="%y/%m/%d": 2021-10-15)'
printf 'month,units\n01/10/15,5\n01/11/15,6\n01/12/15,7\n' >firstday.csv
odd firstday.csv 1 3 '2015-.*,6,.*'
untold_here 'year first'

# ---- what is forecast -----------------------------------------------------------------------

# months HEADER FORMULA ..: for two years of months m and shops s = 1, 2 the fields behind both
months() {
  header=$1 && shift
  awk -v h="$header" "BEGIN { print \"month,\" h; for (m = 1; m < 25; ++m) for (s = 1; s < 3; ++s) {
    printf \"%d-%02d\", 2021 + int((m - 1) / 12), (m - 1) % 12 + 1
    $(for f in "$@"; do echo "printf \",%s\", $f"; done)
    print \"\" } }"
}
before='90 + m * s * 7 % 31' && sold='100 + m * s * 5 % 37'

# Sales of last year beside those of this one, and plans
for name in sales_ly last_year_sales 'PY Sales' prev_sales 'Umsatz Vorjahr' sales_budget sales_forecast; do
  months "store,$name,sales" s "$before" "$sold" >lastyear.csv
  odd lastyear.csv 2 48 '2,2021-03-01,130,1,101'
  both 'sales is forecast, as its name or its place says; target=.* could be it as well'
done

# Numbers of accounts, which hold the letters of a count, are keys where they name series
for name in Account AccountNo account_number Konto Sachkonto GL Ledger; do
  months "$name,amount" '400000 + 100 * s' "$before" >accounts.csv
  odd accounts.csv 2 48 '400200,2021-03-01,101,1'
done
months 'Account,Debit,Credit,Balance' '400000 + 100 * s' "$before" "$sold" 'm * s' >debits.csv
odd debits.csv 2 48 '400200,2021-03-01,6,1,101,130'
printf 'country,date,discount,units\nDE,2023-01-01,5,7\nFR,2023-01-01,6,8\nDE,2023-01-02,4,9\nFR,2023-01-02,6,3\n' >discounts.csv
odd discounts.csv 2 4 'FR,2023-01-02,3,1,6'

# Sums up to a date, in one column, on lines and in columns
awk 'BEGIN { print "date,total_cases"; for (d = 1; d < 29; ++d) { n += d * 7 % 11; printf "2023-01-%02d,%d\n", d, n } }' >cases.csv
odd cases.csv 1 28 '2023-01-03,20,1'
both 'total_cases never falls from one time to the next, as sums up to a date do'
awk 'BEGIN { printf "Country"; for (d = 1; d < 29; ++d) printf ",1/%d/20", d; for (c = 1; c < 4; ++c) { printf "\nC%d", c; n = 0; for (d = 1; d < 29; ++d) { n += c * d % 7 + 1; printf ",%d", n } } print "" }' >caseswide.csv
odd caseswide.csv 3 84 'C2,2020-01-03,15,1'
both 'the number of a line never falls from one time to the next'
odd lastyear.csv 2 48 '2,2021-03-01,130,1,101'
untold_here 'never falls'

# Weeks and months of years that no column names
awk 'BEGIN { print "Week,Store,Sales"; for (y = 0; y < 2; ++y) for (w = 1; w < 53; ++w) for (s = 1; s < 3; ++s) printf "%d,%d,%d\n", w, s, 100 * s + w % 7 + y }' >weektwice.csv
odd weektwice.csv 2 208 '2,54,203,1,2'
both 'Week begins anew in line 106, and no column says of which year or the like: rows are numbered as they stand, season=52 is one round (time=Week, duplicates=sum'
awk 'BEGIN { print "Month,Sales"; for (y = 0; y < 3; ++y) for (m = 1; m < 13; ++m) printf "%d,%d\n", m, 100 + m + y }' >monthtwice.csv
odd monthtwice.csv 1 36 '13,102,1,1'
sed 4d weektwice.csv >weekgap.csv
odd weekgap.csv 2 104 '1,1,203,1'
both 'Week falls back in line 105, as numbers of a new year do, and the rows of a number are added up, whatever their year'

# Rows of a region beside those of its parts, whose key is empty
awk 'BEGIN { print "Region,Subregion,Month,Sales"; for (m = 1; m < 7; ++m) for (r = 1; r < 3; ++r) {
  for (s = 1; s < 3; ++s) printf "R%d,S%d%d,2023-%02d,%d\n", r, r, s, m, m * s + r
  printf "R%d,,2023-%02d,%d\n", r, m, 3 * m + 2 * r } }' >subregions.csv
odd subregions.csv 4 24 'S22,2023-02-01,6,1,R2' '^rejected: no key,12,'
both '12 rows are left out (no key), the first of them line 4'

# ---- names and labels -----------------------------------------------------------------------

# A month that is not over, whose rows are added up
awk 'BEGIN { print "Year,Month,Product,Qty"; for (m = 1; m < 8; ++m) for (o = 0; o < (m < 7 ? 20 + m : 6); ++o) printf "2023,%d,P%d,%d\n", m, o % 2, 1 + o % 5 }' >notover.csv
odd notover.csv 2 14 'P1,2023-07-01,7,.*'
both 'the last period adds up 6 rows, all others 21 or more, as one that is not over (until("2023-06-01") leaves it out)'
sed '/^2023,7/d' notover.csv >over.csv
odd over.csv 2 12 'P1,2023-06-01,.*'
untold_here 'not over'

# Digits with an E are names, not powers of ten
printf 'sku,date,qty\n1E2,2023-01-01,1\n100,2023-01-01,2\n1E2,2023-01-02,3\n100,2023-01-02,4\n' >powers.csv
odd powers.csv 2 4 '1E2,2023-01-02,3,1'
untold_here 'added up'

# One town in several spellings
printf 'city,date,qty\nLeeds,2023-01-01,1\nYork,2023-01-01,5\nLEEDS,2023-01-02,2\nYork,2023-01-02,6\n"leeds ",2023-01-03,3\nYork,2023-01-03,4\n' >spellings.csv
odd spellings.csv 4 6 'LEEDS,2023-01-02,2,1'
both '"Leeds" and "LEEDS" of city differ in great and small letters or in blanks alone, and are series of their own; 2 labels are so'
printf 'Stadt;Datum;Menge\nMünchen;2023-01-01;1\nBonn;2023-01-01;5\nMÜNCHEN;2023-01-02;2\nBonn;2023-01-02;6\n' >spellings2.csv
odd spellings2.csv 3 4 'Bonn,2023-01-02,6,1'
both '"München" and "MÜNCHEN" of Stadt differ in great and small letters'

# A year among its months, in numbers and in letters; years of a company alone
printf 'Item,202301,202302,202303,202304,202305,202306,2023\nA,1,2,3,4,5,6,21\nB,2,3,4,5,6,7,27\n' >yearsum.csv
odd yearsum.csv 2 12 'B,2023-06-01,7,1'
printf 'Item,Jan-23,Feb-23,Mar-23,FY23\nA,1,2,3,6\nB,2,3,4,9\n' >fysum.csv
checks=$((checks + 1))
"$wsf" describe --data 'csv("fysum.csv", layout=wide, keys=Item)' --what values --format csv >values 2>err
grep -q -x 'B,2023-03-01,4,1' values || { failures=$((failures + 1)) && echo "FAILED: a sum of the year stays beside its months" && head -3 values err; }
for name in FY19 'FY 2019' CY19; do
  stem=${name%19} && stem=${stem% 20} && century=${name#"$stem"} && century=${century%19}
  printf "Item,$stem${century}19,$stem${century}20,$stem${century}21,$stem${century}22\nA,1,2,3,4\nB,2,3,4,5\n" >companyyears.csv
  odd companyyears.csv 2 8 'B,2022-01-01,5,1'
  both 'fiscal years, read as those of the calendar: '
done
{ printf 'Financial Year' && printf ',%s' Apr May Jun Jul Aug Sep Oct Nov Dec Jan Feb Mar && printf '\n2019,1,2,3,4,5,6,7,8,9,10,11,12\n2020,1,2,3,4,5,6,7,8,9,1,2,3\n'; } >aprilmarch.csv
odd aprilmarch.csv 1 24 '2019-04-01,1,1'
both "columns run from Apr to Mar, as months of a fiscal year, but each is read in the calendar's year that Financial Year says: Mar as the 3. month of it"
sed 's/^2019/2019-20/; s/^2020/2020-21/' aprilmarch.csv >aprilmarch2.csv
odd aprilmarch2.csv 12 24 'Apr,2020-01-01,1,1'
both 'columns Apr to Mar are months, each of which is read as a series of its own, of years'

# Forecasts below what was observed, by names of months; years beside quarters
awk 'BEGIN { split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", n, " "); print "Scenario,Year,Month,SKU,Qty"
  for (y = 2022; y < 2024; ++y) for (m = 1; m < 13; ++m) for (s = 1; s < 3; ++s) printf "%s,%d,%s,S%d,%d\n", (y == 2023 && m > 6 ? "Forecast" : "Actual"), y, n[m], s, m * s % 7 + 5 }' >scenario.csv
odd scenario.csv 2 48 'S1,2023-12-01,10,1,Forecast'
both 'the rows of Forecast in Scenario begin where those of Actual end, .*(until("2023-06-01") keeps'
awk 'BEGIN { print "LOCATION,TIME,Value"; for (y = 2005; y < 2008; ++y) for (s = 1; s < 3; ++s) { printf "L%d,%d,%d\n", s, y, 40 * s; for (q = 1; q < 5; ++q) printf "L%d,%d-Q%d,%d\n", s, y, q, 10 * s + q % 3 } }' >oecd.csv
odd oecd.csv 2 24 'L2,2007-10-01,21,1' '^rows rejected,6,'
both 'TIME holds years beside quarters, which are read; the others are left out'

# The header in the midst again, in another order
printf 'date,units,returns\n2023-01-01,5,1\n2023-01-02,6,2\n2023-01-03,7,0\ndate,returns,units\n2023-01-04,1,9\n2023-01-05,2,3\n2023-01-06,1,8\n' >again.csv
odd again.csv 1 6 '2023-01-03,7,1,0' '^rows rejected,1,'
both 'line 5 names the columns again, in another order: what stands below it is read by the first line, in the wrong columns'
printf 'date,store,sales\n2023-01-01,A,5\n2023-01-02,A,7\n2023-01-03,A,7\ndate,store,sales\n2023-01-01,B,9\n2023-01-02,B,3\n2023-01-03,B,4\n' >twofiles.csv
odd twofiles.csv 2 6 'B,2023-01-02,3,1' '^rows rejected,1,'
untold_here 'names the columns again'

# What characters are written in, as others spell it
for name in utf-16 UTF16 utf-16le 'UTF-16LE' '"utf_16"'; do
  checks=$((checks + 1))
  "$wsf" describe --data "csv(\"utf16.csv\", time=day, target=units, encoding=$name)" --what values --format csv >values 2>err
  grep -q '^2019-01-02,6,' values || { failures=$((failures + 1)) && echo "FAILED: encoding=$name" && cat err; }
done
for name in latin-1 ISO-8859-1 windows-1252 '"Latin 1"' cp1252; do
  checks=$((checks + 1))
  "$wsf" describe --data "csv(\"latin1.csv\", keys=Filiale, time=Datum, target=Umsatz, encoding=$name)" --what values --format csv >values 2>err
  grep -q '^München,2019-04-30,1239.5' values || { failures=$((failures + 1)) && echo "FAILED: encoding=$name" && cat err; }
done

[ "$failures" -eq 0 ] && echo "all $checks checks of odd files pass" && exit 0
echo "$failures of $checks checks of odd files do not"
exit 1
