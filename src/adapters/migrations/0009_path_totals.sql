-- What the scoreboard of a day counts of each path is read from the path's own index alone.
drop index canary_test_results_path;
create index canary_test_results_path on canary_test_results (path_id, decided_at desc, test_id)
  include (outcome, total_latency_ms);
