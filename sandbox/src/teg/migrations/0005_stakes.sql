-- Stakes: the amount is the balance of the agent's stake account, the lock is here. Staked and
-- escrowed tokens circulate; they lie in accounts of classes of their own.

ALTER TABLE accounts DROP CONSTRAINT accounts_class_check;
ALTER TABLE accounts ADD CONSTRAINT accounts_class_check CHECK (
  class IN ('agent', 'treasury', 'stake', 'escrow', 'in_transit', 'issuance'));

CREATE TABLE stakes (
  agent_id text COLLATE "C" PRIMARY KEY REFERENCES accounts,
  stake_account text COLLATE "C" NOT NULL UNIQUE REFERENCES accounts,
  -- Before this moment nothing is given back.
  unlock_at timestamptz NOT NULL
) WITH (fillfactor = 70);
