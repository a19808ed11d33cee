-- The counters and histogram parts behind the metrics, accumulated with the rows that they count.
-- Exact numbers, so that their sums do not depend on the order of additions. Room on each page keeps
-- the updates of these few, busy rows off the index.
create table canary_tallies (
  tally text not null,
  labels jsonb not null,
  value numeric not null,
  primary key (tally, labels)
) with (fillfactor = 50);
