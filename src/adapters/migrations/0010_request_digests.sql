-- What a key names: a digest of the whole input, for the log holds no secret of it. It goes with its
-- key, after a day.
alter table operator_action_keys add column input_digest text not null default '';
alter table operator_action_keys alter column input_digest drop default;
