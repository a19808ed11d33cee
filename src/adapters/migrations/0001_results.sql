-- The verdict of every test and what its close added, with the findings and corrections beside it.
-- Amounts are base units, never floats; latencies are milliseconds.
create table canary_test_results (
  test_id text collate "C" primary key,
  cycle_id text not null,
  path_id text not null,
  backend text not null,
  amount_base_units numeric(78, 0) not null,
  outcome text not null,
  failure_signal text,
  phase text,
  missing text[] not null,
  reason text not null,
  transfer_id text,
  fired_at timestamptz,
  total_latency_ms double precision,
  late boolean not null,
  warm_up boolean not null,
  decided_at timestamptz not null,
  -- By PostgreSQL's own clock, in the statement that commits the verdict.
  stored_at timestamptz not null default clock_timestamp(),
  -- The close; all of it is null or empty before.
  closed_at timestamptz,
  degraded boolean not null default false,
  absent jsonb not null default '[]',
  absent_events jsonb not null default '[]',
  unobserved jsonb not null default '[]',
  stamps jsonb not null default '[]',
  closed_total_latency_ms double precision,
  committed_latency_ms double precision,
  observer_share_ms double precision
);

create index canary_test_results_recent on canary_test_results (decided_at desc, test_id);
create index canary_test_results_path on canary_test_results (path_id, decided_at desc, test_id);
create index canary_test_results_passes on canary_test_results (path_id, decided_at desc)
  where outcome = 'passed';
create index canary_test_results_backend on canary_test_results (backend, decided_at desc, test_id);
create index canary_test_results_outcome on canary_test_results (outcome, decided_at desc, test_id);
create index canary_test_results_cycle on canary_test_results (cycle_id, test_id);

-- No reference to the results: a finding may be known before there is a verdict.
create table canary_findings (
  test_id text not null,
  kind text not null,
  subject text not null,
  evidence text not null,
  recorded_at timestamptz not null default now(),
  primary key (test_id, kind, subject)
);

create index canary_findings_recent on canary_findings (recorded_at desc, test_id);

create table canary_corrections (
  test_id text not null,
  kind text not null,
  evidence text not null,
  recorded_at timestamptz not null default now(),
  primary key (test_id, kind)
);

create index canary_corrections_recent on canary_corrections (recorded_at desc, test_id);
