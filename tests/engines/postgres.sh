#!/bin/sh
# Queries of the wsf command on a real PostgreSQL server, which this starts in a folder of its own
# on a socket, and stops again.
# usage: postgres.sh WSF
set -eu
wsf=$1
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
[ -n "$bin" ] || { echo "skipped: no PostgreSQL server (apt-get install postgresql)"; exit 77; }
work=$(mktemp -d /tmp/wsf.XXXXXX) # short, as names of sockets must be
chmod 755 "$work"
# A server refuses to be root.
as=""
if [ "$(id -u)" = 0 ]; then
  as="runuser -u postgres --"
  chown postgres "$work"
fi
stop() {
  $as "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap stop EXIT
$as "$bin/initdb" -D "$work/data" -A trust -U wsf >/dev/null
$as "$bin/pg_ctl" -D "$work/data" -l "$work/log" -w -o "-c listen_addresses='' -k $work" start >/dev/null
db="host=$work user=wsf dbname=postgres"
psql() { "$bin/psql" -q -v ON_ERROR_STOP=1 "$db" "$@"; }
psql <<'SQL'
create table sales(shop text, day date, units numeric(10,2), promo boolean, at timestamptz);
insert into sales
  select s, d::date, case when extract(day from d) = 5 then null else extract(dow from d) + 0.25 end,
         extract(dow from d) = 1, d
  from unnest(array['Köln, "A"', 'NA', ' b']) s, generate_series('2024-01-01'::date, '2024-02-29', '1 day') d;
SQL
failed=0
ok() {
  what=$1
  shift
  if "$@"; then echo "ok $what"; else
    echo "FAILED: $what"
    sed 's/^/  /' "$work/out" "$work/err"
    failed=1
  fi
}
run() {
  code=0
  "$wsf" "$@" >"$work/out" 2>"$work/err" || code=$?
}
prints() { grep -q -- "$1" "$work/out"; }
says() { grep -q -- "$1" "$work/err"; }

run load --data "sql(\"$db\", \"select * from sales\", keys=[shop], time=day, target=units)"
ok "rows of a table" prints '^rows read,180,'
ok "series" prints '^series,3,'
ok "nulls are missing" prints '^rows without a target,6,'
run forecast --data "sql(\"$db\", \"select shop, day, units, promo from sales order by random()\", keys=[shop], time=day, target=units, known=[promo])" \
  --model snaive --horizon 2
ok "a forecast, named as the rows are" prints '^"Köln, ""A""",2024-03-01,5.25'
ok "a text NA is no missing value" prints '^NA,2024-03-02,6.25'
run forecast --data "sql(\"$db\", \"select day, sum(units) as units from sales group by day\", time=day, target=units)" \
  --model snaive --horizon 1
ok "sums in the database" prints '^2024-03-01,15.75'
run load --data "sql(\"$db\", \"select shop, at, units from sales\", keys=[shop], time=at, target=units)"
ok "times with a zone" prints "read as: times as their zone's clock shows them"
for bad in 'select * from nowhere' 'delete from sales' 'delete from sales returning shop' 'select 1/0 as x'; do
  run load --data "sql(\"$db\", \"$bad\", time=day)"
  ok "refused: $bad" test "$code" = 2
  ok "with a word of the server: $bad" says 'could not be read: [A-Za-z]'
done
ok "nothing was deleted" test "$(psql -At -c 'select count(*) from sales')" = 180
run load --data "sql(\"postgresql://wsf:secret@localhost:1/none\", \"select 1\", time=day)"
ok "no server" test "$code" = 2
ok "no password in the message" sh -c "! grep -q secret $work/err"
exit $failed
