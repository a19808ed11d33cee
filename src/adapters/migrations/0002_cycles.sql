-- Cycles with their scoreboards, the slots that did not fire, and the warm-ups.
create table canary_cycles (
  cycle_id text primary key,
  -- The due moment of a scheduled cycle; null for one fired by hand.
  slot_at timestamptz,
  planned integer not null,
  started_at timestamptz not null,
  closed_at timestamptz,
  scoreboard jsonb
);

create index canary_cycles_slot on canary_cycles (slot_at desc) where slot_at is not null;
create index canary_cycles_closed on canary_cycles (closed_at desc, cycle_id)
  where closed_at is not null;
create index canary_cycles_recent on canary_cycles (started_at desc, cycle_id);

create table canary_missed_slots (
  slot_at timestamptz primary key,
  recorded_at timestamptz not null default now()
);

create table canary_warm_ups (
  warm_up_id integer generated always as identity primary key,
  started_at timestamptz not null,
  ended_at timestamptz,
  ended_by text
);

-- At most one warm-up runs, whichever worker begins it.
create unique index canary_warm_ups_running on canary_warm_ups ((true)) where ended_at is null;
