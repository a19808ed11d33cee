-- Who may use the HTTP and MCP faces. A token is never deleted: the log of actions names it.
create table api_tokens (
  id text primary key,
  name text not null,
  role text not null,
  digest text not null,
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);

-- What changed since a moment is told to whoever watches.
create index canary_test_results_closed on canary_test_results (closed_at);
