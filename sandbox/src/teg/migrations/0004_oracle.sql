-- The faults that really struck, written with the change they spoiled. What moved is told by
-- entries and postings, what was said of it by the outbox.

CREATE TABLE oracle_faults (
  strike_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  fault_id text,
  transfer_id text,
  detail json NOT NULL
);
CREATE INDEX oracle_faults_by_transfer ON oracle_faults (transfer_id)
  WHERE transfer_id IS NOT NULL;
