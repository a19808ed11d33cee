-- Where the outbox stood when a fault struck: the head row is locked while it is written, so what
-- the same transaction says of it comes right after that position.
ALTER TABLE oracle_faults ADD COLUMN outbox_position bigint;
