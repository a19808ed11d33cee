-- Agents of a frame's registries, their SPIRE entries, and what has yet to be told to the TEG.
-- Every row belongs to one registry: the frame's registries share this database.

CREATE TABLE agents (
  agent_id text PRIMARY KEY,
  registry_id text NOT NULL,
  status text NOT NULL CHECK (status IN ('enrolled', 'revoked')),
  token_sha256 text NOT NULL,
  voting_weight integer NOT NULL CHECK (voting_weight >= 0),
  enrolled_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX agents_by_registry ON agents (registry_id);

-- A copy of what SPIRE holds. No foreign key on purpose: entries and agents can differ, as
-- orphans (entry without enrolled agent) and missing ones (enrolled agent without entry).
CREATE TABLE spire_entries (
  agent_id text PRIMARY KEY,
  registry_id text NOT NULL,
  spiffe_id text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX spire_entries_by_registry ON spire_entries (registry_id);

-- `spiffe://registry-a1/agent/user-01` for the agent `A1:user-01`.
CREATE FUNCTION spiffe_id_of(agent_id text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT 'spiffe://registry-' || lower(split_part(agent_id, ':', 1))
    || '/agent/' || split_part(agent_id, ':', 2)
$$;

-- The outbox to the TEG: written with the change, carried in order per agent, then deleted.
CREATE TABLE teg_commands (
  command_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  registry_id text NOT NULL,
  agent_id text NOT NULL REFERENCES agents,
  action text NOT NULL CHECK (action IN ('enrol', 'revoke', 'restore')),
  created_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  -- Set when the TEG said no for good: not tried again until a reconciliation.
  refused_at timestamptz,
  last_error text
);
CREATE INDEX teg_commands_by_agent ON teg_commands (registry_id, agent_id, command_id);
