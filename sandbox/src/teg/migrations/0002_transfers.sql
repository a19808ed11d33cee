-- Transfers as their sender's TEG and their receiver's TEG remember them.

CREATE TABLE transfers (
  transfer_id text COLLATE "C" PRIMARY KEY,
  backend text NOT NULL CHECK (backend IN ('intra', 'async', '2pc')),
  sender text NOT NULL,
  receiver text NOT NULL,
  sender_frame text NOT NULL,
  receiver_frame text NOT NULL,
  amount numeric(38, 0) NOT NULL CHECK (amount > 0),
  fee numeric(38, 0) NOT NULL CHECK (fee >= 0),
  memo text NOT NULL,
  -- 'preparing' is a 2pc that is not decided yet; nobody outside has its id.
  status text NOT NULL CHECK (
    status IN ('preparing', 'settled', 'in_transit', 'in_doubt', 'refunded', 'aborted')),
  -- Null after an abort that the receiver's TEG did not ask for: the key may try again.
  idempotency_key text,
  request_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- The background work on a transfer that is not finished.
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  refund_at timestamptz,
  UNIQUE (sender, idempotency_key)
) WITH (fillfactor = 70);
CREATE INDEX unfinished_transfers ON transfers (status, next_attempt_at)
  WHERE status IN ('preparing', 'in_transit', 'in_doubt');

-- The coordinator's log of the two-phase commit. A row without a transfer is the promise
-- never to commit an id that a participant asked about and nobody here knew.
CREATE TABLE two_phase_log (
  transfer_id text COLLATE "C" PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('begun', 'committed', 'aborted', 'completed')),
  begun_at timestamptz NOT NULL,
  decided_at timestamptz
);

-- What other TEGs (or this one, inside the frame) sent here: the receiver's durable decision.
CREATE TABLE incoming_transfers (
  transfer_id text COLLATE "C" PRIMARY KEY,
  backend text NOT NULL CHECK (backend IN ('async', '2pc')),
  sender text NOT NULL,
  receiver text NOT NULL,
  sender_frame text NOT NULL,
  amount numeric(38, 0) NOT NULL CHECK (amount > 0),
  memo text NOT NULL,
  state text NOT NULL CHECK (state IN ('stranded', 'credited', 'refused',
                                       'prepared', 'committed', 'aborted')),
  reason text,
  -- The fault never_credit struck: a prepared transfer whose commit is never done.
  stranded_by text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX prepared_transfers ON incoming_transfers (updated_at) WHERE state = 'prepared';
