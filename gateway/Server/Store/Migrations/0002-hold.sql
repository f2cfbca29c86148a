-- A letter that waits for the password mail, and until when. NULL for letters that an admin holds.

ALTER TABLE message ADD COLUMN hold_until BIGINT;

CREATE INDEX message_hold ON message (hold_until) WHERE state = 'Held' AND hold_until IS NOT NULL;
