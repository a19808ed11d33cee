-- Proposals and their electorates: a vote is the choice of an elector.

CREATE TABLE proposals (
  proposal_id uuid PRIMARY KEY,
  registry_id text NOT NULL,
  title text NOT NULL,
  proposer text NOT NULL REFERENCES agents,
  status text NOT NULL CHECK (status IN ('open', 'passed', 'rejected', 'expired')),
  quorum_basis_points integer NOT NULL CHECK (quorum_basis_points BETWEEN 0 AND 10000),
  majority_basis_points integer NOT NULL CHECK (majority_basis_points BETWEEN 0 AND 10000),
  opened_at timestamptz NOT NULL,
  closes_at timestamptz NOT NULL,
  closed_at timestamptz,
  CHECK ((status = 'open') = (closed_at IS NULL))
);
CREATE INDEX proposals_by_status ON proposals (registry_id, status, opened_at DESC);
CREATE INDEX proposals_by_age ON proposals (registry_id, opened_at DESC);
CREATE INDEX open_proposals ON proposals (registry_id, closes_at) WHERE status = 'open';

CREATE TABLE electors (
  proposal_id uuid NOT NULL REFERENCES proposals,
  agent_id text NOT NULL REFERENCES agents,
  weight integer NOT NULL CHECK (weight > 0),
  choice text CHECK (choice IN ('for', 'against', 'abstain')),
  voted_at timestamptz,
  PRIMARY KEY (proposal_id, agent_id),
  CHECK ((choice IS NULL) = (voted_at IS NULL))
);
