-- The log of one frame: own events and foreign copies in one sequence, append-only.

-- The end of the log. An append moves it from what it saw, so that two writers cannot both win.
CREATE TABLE log_head (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  sequence bigint NOT NULL,
  hash text NOT NULL
) WITH (fillfactor = 10);
INSERT INTO log_head (sequence, hash) VALUES (0, repeat('0', 64));

CREATE TABLE log (
  sequence bigint NOT NULL,
  is_foreign boolean NOT NULL,
  producer text NOT NULL,
  position bigint NOT NULL,
  event_type text NOT NULL,
  transfer_id text,
  -- data.memo as it came, wrapped or not.
  memo text,
  -- The envelope as canonical JSON: what the hash was taken over, kept to the letter.
  canonical text NOT NULL,
  committed_at timestamptz NOT NULL,
  stored_at timestamptz NOT NULL,
  foreign_from text,
  prev_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (sequence, is_foreign),
  UNIQUE (producer, position, is_foreign),
  CHECK (is_foreign = (foreign_from IS NOT NULL))
) PARTITION BY LIST (is_foreign);

CREATE TABLE events PARTITION OF log FOR VALUES IN (false);
CREATE TABLE foreign_events PARTITION OF log FOR VALUES IN (true);

CREATE INDEX log_by_memo ON log (memo, sequence) WHERE memo IS NOT NULL;
CREATE INDEX log_by_transfer ON log (transfer_id, sequence) WHERE transfer_id IS NOT NULL;
-- What the broadcast reads.
CREATE INDEX events_to_broadcast ON events (sequence)
  WHERE event_type IN ('CrossFrameTransferInitiated', 'CrossFrameTransferSettled');

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the log is append-only: % of % refused', TG_OP, TG_TABLE_NAME;
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON log
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON foreign_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
