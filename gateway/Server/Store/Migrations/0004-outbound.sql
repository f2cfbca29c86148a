-- A letter of the hospital's own people that leaves the house: 1. The index counts what they have sent within the last hour.

ALTER TABLE message ADD COLUMN outbound BIGINT NOT NULL DEFAULT 0;

CREATE INDEX message_outbound ON message (received_at) WHERE outbound = 1;
