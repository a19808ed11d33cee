-- The double-entry ledger of one frame: accounts, entries of balanced postings.
-- Amounts are base units (0.000001 AVT).

CREATE TABLE accounts (
  -- Collation C makes the order in which rows are locked the same everywhere.
  account text COLLATE "C" PRIMARY KEY,
  -- An account without a class is possible (a leak may open one) and is a finding of an audit.
  class text CHECK (class IN ('agent', 'treasury', 'in_transit', 'issuance')),
  registry text,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'revoked')),
  token_sha256 text UNIQUE,
  balance numeric(38, 0) NOT NULL DEFAULT 0,
  -- What two-phase transfers have reserved: still part of the balance, but not available.
  held numeric(38, 0) NOT NULL DEFAULT 0 CHECK (held >= 0),
  -- The first 8 bytes of sha256(account), unsigned: the weight of supply snapshots.
  weight numeric(20, 0) NOT NULL,
  CONSTRAINT circulating_account_is_covered
    CHECK (coalesce(class, '') IN ('in_transit', 'issuance') OR balance >= held)
) WITH (fillfactor = 50);

CREATE TABLE entries (
  entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  transfer_id text,
  at timestamptz NOT NULL
);
CREATE INDEX entries_by_transfer ON entries (transfer_id) WHERE transfer_id IS NOT NULL;

CREATE TABLE postings (
  entry_id bigint NOT NULL REFERENCES entries,
  account text COLLATE "C" NOT NULL REFERENCES accounts,
  amount numeric(38, 0) NOT NULL CHECK (amount <> 0),
  PRIMARY KEY (entry_id, account)
);

-- Whatever writes postings writes whole, balanced entries in one statement.
CREATE FUNCTION refuse_unbalanced_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  unbalanced bigint;
BEGIN
  SELECT entry_id INTO unbalanced FROM written GROUP BY entry_id HAVING sum(amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % is not balanced', unbalanced USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER entries_are_balanced AFTER INSERT ON postings
  REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_unbalanced_entry();
