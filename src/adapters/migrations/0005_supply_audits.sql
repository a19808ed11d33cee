-- The supply audits: certificates that chain, what the next audit continues from, and findings that
-- are closed and acknowledged but never erased. Big integers stand in JSON as {"$int": "..."}.
create table supply_certificates (
  number bigint primary key,
  audit_id text not null unique,
  -- The due moment of a scheduled audit; null for one asked for by hand and for late decisions.
  slot_at timestamptz,
  decided_at timestamptz not null,
  outcome text not null,
  -- The very text that was hashed.
  document text not null,
  hash text not null
);

create index supply_certificates_slot on supply_certificates (slot_at desc)
  where slot_at is not null;
create index supply_certificates_outcome on supply_certificates (outcome, number desc);

create table supply_missed_audits (
  slot_at timestamptz primary key,
  recorded_at timestamptz not null default now()
);

create table supply_books (
  frame text primary key,
  -- The certificate whose transaction wrote it.
  number bigint not null,
  book text not null
);

-- One short digest per folded position: two contents under one position are a finding.
create table supply_digests (
  frame text not null,
  position bigint not null,
  digest text not null,
  primary key (frame, position)
);

create table supply_transfers (
  transfer_id text primary key,
  open boolean not null,
  traces text not null
);

create index supply_transfers_open on supply_transfers (transfer_id) where open;

create table supply_findings (
  id text primary key,
  frame text not null,
  class text not null,
  found_by bigint not null,
  found_at timestamptz not null,
  closed_by bigint,
  acknowledged_by text,
  acknowledged_at timestamptz,
  acknowledged_reason text,
  finding text not null
);

create index supply_findings_standing on supply_findings (found_by desc) where closed_by is null;
create index supply_findings_recent on supply_findings (found_by desc, id);
