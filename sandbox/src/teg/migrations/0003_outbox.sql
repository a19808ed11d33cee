-- The transactional outbox, numbered in commit order, and how far the relay has published it.

-- The one row whose lock, held until commit, makes positions follow the order of commits.
CREATE TABLE outbox_head (
  single_row boolean PRIMARY KEY DEFAULT true CHECK (single_row),
  position bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO outbox_head (position) VALUES (0);

CREATE TABLE outbox (
  position bigint PRIMARY KEY,
  event_type text NOT NULL,
  transfer_id text,
  -- json, not jsonb: published exactly as it was written.
  envelope json NOT NULL,
  -- What faults of the relay are matched with: backend, sender, receiver, memo of the transfer.
  fault_scope json NOT NULL
);
CREATE INDEX outbox_by_transfer ON outbox (transfer_id) WHERE transfer_id IS NOT NULL;

CREATE TABLE relay_cursor (
  single_row boolean PRIMARY KEY DEFAULT true CHECK (single_row),
  position bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO relay_cursor (position) VALUES (0);

-- Events that a fault holds back while later ones pass.
CREATE TABLE relay_held (
  position bigint PRIMARY KEY REFERENCES outbox,
  due_at timestamptz NOT NULL,
  -- Published as soon as the cursor has reached this position, if that comes before due_at.
  after_position bigint
);
