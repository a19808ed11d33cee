-- What is kept beside the log: projections, what was put aside, and how far broadcasts went.

CREATE TABLE event_counts (
  event_type text NOT NULL,
  is_foreign boolean NOT NULL,
  events bigint NOT NULL,
  PRIMARY KEY (event_type, is_foreign)
) WITH (fillfactor = 10);

CREATE TABLE agents_seen (agent_id text PRIMARY KEY);

-- The fold over own events, in base units; moved in the statement that appends them.
CREATE TABLE supply_projection (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  sequence bigint NOT NULL DEFAULT 0,
  producer text,
  position bigint NOT NULL DEFAULT 0,
  as_of timestamptz,
  tokens_issued numeric NOT NULL DEFAULT 0,
  tokens_destroyed numeric NOT NULL DEFAULT 0,
  transit_net numeric NOT NULL DEFAULT 0,
  tokens_circulating numeric NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO supply_projection DEFAULT VALUES;

-- Another content under a (producer, position) that the log holds already: the first was kept.
CREATE TABLE ingest_conflicts (
  producer text NOT NULL,
  position bigint NOT NULL,
  digest text NOT NULL,
  kept_sequence bigint NOT NULL,
  canonical text NOT NULL,
  foreign_from text,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (producer, position, digest)
);

-- Records that are no events, as they came off the pipe.
CREATE TABLE rejected_records (
  digest text PRIMARY KEY,
  reason text NOT NULL,
  key bytea NOT NULL,
  value bytea NOT NULL,
  foreign_from bytea,
  times bigint NOT NULL DEFAULT 1,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL
);

CREATE TABLE broadcast_cursors (
  peer_frame text PRIMARY KEY,
  sequence bigint NOT NULL
) WITH (fillfactor = 10);
