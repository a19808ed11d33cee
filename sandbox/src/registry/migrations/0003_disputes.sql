-- Disputes and every transition they have made.

CREATE TABLE disputes (
  dispute_id uuid PRIMARY KEY,
  registry_id text NOT NULL,
  claimant text NOT NULL REFERENCES agents,
  -- May live in another registry.
  respondent text NOT NULL,
  transfer_id text,
  reason text NOT NULL,
  phase text NOT NULL
    CHECK (phase IN ('opened', 'evidence', 'voting', 'resolved', 'dismissed')),
  opened_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX disputes_by_phase ON disputes (registry_id, phase, opened_at DESC);
CREATE INDEX disputes_by_age ON disputes (registry_id, opened_at DESC);

CREATE TABLE dispute_steps (
  dispute_id uuid NOT NULL REFERENCES disputes,
  step integer NOT NULL,
  transition text NOT NULL CHECK (transition IN ('evidence', 'voting', 'resolve', 'dismiss')),
  from_phase text NOT NULL,
  to_phase text NOT NULL,
  -- An agent, or "admin".
  by text NOT NULL,
  note text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (dispute_id, step)
);
