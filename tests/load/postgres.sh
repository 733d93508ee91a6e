# Sourced by run: an order with the full rules on PostgreSQL against pgbench running the same statements. The database and what
# calls it (the server, or pgbench in its place) have one core together, as the server with SQLite in it has; wrk has the other.

# The cluster writes safely (fsync on).
pg=$work/pg workers=8
(
    taskset -pc 0 $BASHPID >/dev/null
    postgres_start "$pg" "shared_buffers=256MB" "max_wal_size=4GB" "log_line_prefix='%p '" "log_min_messages=warning"
)
export DATA=$work/pg-data DATABASE_URL
DATABASE_URL=$(postgres_address "$pg")
theirs_url=${DATABASE_URL/\/postgres?/\/theirs?}
ask() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

pg_scale=$((scale / 10 > 17 ? scale / 10 : 17))
say "== the same on PostgreSQL, 256 clients, $workers connections, against pgbench running the same statements (scale $pg_scale)"
"$build/xiangji" demo --scale "$pg_scale" >/dev/null
"$build/load_prepare" "$work"
ask "$DATABASE_URL" -c "VACUUM ANALYZE"
ask "$DATABASE_URL" -c "CREATE DATABASE theirs TEMPLATE postgres"

serve_postgres() {
    WORKERS=$workers taskset -c 0 "$build/xiangji" serve >"$work/pg-serve.log" 2>&1 &
    server=$! pids="$pids $server"
    wait_http "$port" /readyz 20 "$server" || { cat "$work/pg-serve.log"; fail "the server did not start on PostgreSQL"; }
}
log_statements() { # 0 logs all, -1 none
    ask "$DATABASE_URL" -c "ALTER SYSTEM SET log_min_duration_statement = $1" -c "SELECT pg_reload_conf()" >/dev/null
    sleep 0.5
}
order_once() { # KEY
    curl -fs -o /dev/null -H "Authorization: Bearer $(head -n 1 "$work/tokens")" -H "Idempotency-Key: $1" \
        -H 'Content-Type: application/json' "http://127.0.0.1:$port/api/orders" \
        -d "{\"lines\":[{\"sku_id\":\"$(head -n 1 "$work/skus" | cut -d' ' -f1)\",\"count\":1}],\"ticked_return_terms\":true}"
}

# The script: one order as the server's connection sent it. What differs from order to order is what PostgreSQL now knows of it.
log_statements 0
serve_postgres
order_once captured
log_statements -1
ask "$DATABASE_URL" >"$work/known" <<'SQL'
SELECT 'order_id ' || o.id || E'\npurchase_id ' || o.purchase_id || E'\nhold_id ' || l.hold_id
    || E'\nsku_id ' || l.sku_id || E'\ngoods_id ' || l.goods_id || E'\nwarehouse_id ' || l.warehouse_id
    || E'\nseller_id ' || o.seller_id || E'\nperson_id ' || o.buyer_id || E'\ntoken_hash ' || s.token_hash::text
    || E'\nclaim ' || (SELECT claim FROM http_idempotency ORDER BY expires_at_ms DESC LIMIT 1)
FROM orders_order o JOIN orders_line l ON l.order_id = o.id JOIN people_session s ON s.person_id = o.buyer_id
ORDER BY o.id DESC LIMIT 1
SQL
: >"$work/order.sql"; : >"$work/constants"
awk -v known="$work/known" -v script="$work/order.sql" -v constants="$work/constants" -v options="$work/options" \
    -f tests/load/pgbench.awk "$pg/server.log"
statements=$(wc -l <"$work/order.sql")
captured_id=$(sed -n 's/^order_id //p' "$work/known")
mapfile -t constants < <(sed 's/^/-D\n/' "$work/constants")

# Their database: any buyer buys any SKU, each of which has stock enough for every run. That one look-up by number and the claim's
# hash are pgbench's own, so their time is measured apart and taken off. Ids rise with the steps of a client, as ours rise with
# time.
ask "$theirs_url" <<'SQL'
UPDATE ledger_account SET credits_posted = credits_posted + 1000000 WHERE kind = 'stock.on_hand';
CREATE TABLE bench_buyer AS SELECT row_number() OVER () AS buyer, s.person_id, s.token_hash FROM people_session s
    JOIN people_address a ON a.person_id = s.person_id;
CREATE TABLE bench_sku AS SELECT row_number() OVER () AS sku, s.sku_id, g.goods_id, g.seller_id, a.place_id AS warehouse_id
    FROM catalog_sku s JOIN catalog_goods g ON g.goods_id = s.goods_id
    JOIN ledger_account a ON a.owner_id = s.goods_id AND a.unit_id = s.sku_id AND a.kind = 'stock.on_hand';
ALTER TABLE bench_buyer ADD PRIMARY KEY (buyer);
ALTER TABLE bench_sku ADD PRIMARY KEY (sku);
VACUUM ANALYZE;
SQL
cat >"$work/pick.sql" <<SQL
\\set step :step + 1
\\set purchase_id :base + :step * 1000 + :client_id * 4
\\set order_id :purchase_id + 1
\\set hold_id :purchase_id + 2
\\set buyer random(1, $(ask "$theirs_url" -c "SELECT count(*) FROM bench_buyer"))
\\set sku random(1, $(ask "$theirs_url" -c "SELECT count(*) FROM bench_sku"))
SELECT md5(CAST(:purchase_id AS TEXT)) AS claim, * FROM bench_buyer, bench_sku WHERE buyer = :buyer AND sku = :sku \\gset
SQL
cat "$work/pick.sql" "$work/order.sql" >"$work/pick-and-order.sql"

grown() { # what N orders add N to, each
    ask "$theirs_url" -c "SELECT (SELECT count(*) FROM orders_order) || ' ' || (SELECT count(*) FROM orders_line) || ' ' ||
        (SELECT count(*) FROM ledger_transfer) || ' ' || (SELECT count(*) FROM http_idempotency WHERE length(reply) > 0) || ' ' ||
        (SELECT count(*) FROM jobs_job) || ' ' ||
        (SELECT sum(debits_pending) FROM ledger_account WHERE kind = 'stock.on_hand')"
}
run_pgbench() { # SCRIPT BASE: transactions and those a second
    PGOPTIONS=$(cat "$work/options") taskset -c 0 /usr/lib/postgresql/15/bin/pgbench -M prepared -n -c "$workers" -j 1 -T "$each" \
        -D step=0 -D base="$2" "${constants[@]}" -f "$1" "$theirs_url" >"$work/pgbench.out" 2>&1 ||
        { cat "$work/pgbench.out"; fail "pgbench failed"; }
    grep -q '^number of failed transactions: 0 ' "$work/pgbench.out" || { cat "$work/pgbench.out"; fail "transactions failed"; }
    awk '/^number of transactions actually processed:/ { n = $NF } /^tps = / { print n, $3 }' "$work/pgbench.out"
}
pgbench_orders() { # the rate of orders, without the look-up's time
    local base before after made rate looked
    base=$(ask "$theirs_url" -c "SELECT coalesce(max(id), $captured_id) + 1000000 FROM orders_order")
    run_pgbench "$work/pick.sql" "$base" >"$work/rate"
    read -r made looked <"$work/rate"
    before=$(grown)
    run_pgbench "$work/pick-and-order.sql" "$base" >"$work/rate"
    read -r made rate <"$work/rate"
    after=$(grown)
    awk -v n="$made" -v before="$before" -v after="$after" 'BEGIN {
        columns = split(before, b); split(after, a)
        for (i = 1; i <= columns; i++) if (a[i] - b[i] != n) exit 1
        exit !(n >= 1 && columns == 6) }' ||
        fail "pgbench says $made orders, but the rows grew from ($before) to ($after)"
    awk -v r="$rate" -v l="$looked" 'BEGIN { printf "%.1f\n", 1 / (1 / r - 1 / l) }'
}

: >"$work/ours"; : >"$work/theirs"
for _ in 1 2 3; do
    order_rate >>"$work/ours"
    pgbench_orders >>"$work/theirs"
done
kill -TERM "$server"; wait "$server" || true
"$build/xiangji" check >"$work/check.out" || { cat "$work/check.out"; fail "the books do not hold after the load on PostgreSQL"; }
report "order, PostgreSQL" "$(middle <"$work/ours")" "$(middle <"$work/theirs")" 0.70
say "   $((statements - 2)) statements in a transaction of $statements; the books hold"
postgres_stop "$pg"
