-- Pages by index for what is rare, and what the pruning of old results looks up.
create index canary_test_results_backend_unclean
  on canary_test_results (backend, decided_at desc, test_id) where not clean;
create index canary_test_results_path_outcome
  on canary_test_results (path_id, outcome, decided_at desc, test_id) where outcome <> 'passed';
create index canary_test_results_backend_outcome
  on canary_test_results (backend, outcome, decided_at desc, test_id) where outcome <> 'passed';
