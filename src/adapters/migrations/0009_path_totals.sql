-- What the scoreboard of a day counts, so that it is read from the index alone.
create index canary_test_results_totals on canary_test_results (decided_at)
  include (path_id, outcome, total_latency_ms);
