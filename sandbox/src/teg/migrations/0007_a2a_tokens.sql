-- A2A tokens: promises between two agents of the frame, covered by AVT in the issuer's escrow
-- account until they are redeemed or given back.

CREATE TABLE a2a_tokens (
  token_id uuid PRIMARY KEY,
  issuer text NOT NULL,
  holder text NOT NULL,
  amount numeric(38, 0) NOT NULL CHECK (amount > 0),
  state text NOT NULL
    CHECK (state IN ('offered', 'accepted', 'redeemed', 'cancelled', 'expired')),
  offered_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX a2a_tokens_by_state ON a2a_tokens (state, offered_at);
CREATE INDEX live_a2a_tokens ON a2a_tokens (expires_at) WHERE state IN ('offered', 'accepted');
