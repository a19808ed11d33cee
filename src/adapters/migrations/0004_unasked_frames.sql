-- The frames whose EventStore could not be asked when a test was closed, and how many such tests
-- the scoreboard of a cycle counts.
alter table canary_test_results add column unasked_frames text[] not null default '{}';

update canary_cycles set scoreboard = scoreboard || '{"unknown": 0}'
where scoreboard is not null and not scoreboard ? 'unknown';
