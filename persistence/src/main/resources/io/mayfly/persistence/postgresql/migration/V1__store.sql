-- One row per key that was ever stored and is not purged: its place in its own history, and what
-- the ledger shows of it. Instants are twelve bytes that sort as instants do: the seconds since
-- 1970 with the first bit turned, then the nanoseconds.
CREATE TABLE mayfly_key (
  persistence_id text COLLATE "C" PRIMARY KEY,
  sequence_nr bigint NOT NULL,
  slice smallint NOT NULL,
  namespace text COLLATE "C",
  name text COLLATE "C",
  incarnation bigint,
  revision bigint,
  valid_from bytea,
  expires_at bytea,
  wake_at bytea
) WITH (fillfactor = 70);

CREATE INDEX mayfly_key_listing ON mayfly_key (namespace, name) WHERE namespace IS NOT NULL;
CREATE INDEX mayfly_key_expiry ON mayfly_key (namespace, expires_at, name)
  WHERE namespace IS NOT NULL;
CREATE INDEX mayfly_key_wake ON mayfly_key (slice, wake_at, persistence_id)
  WHERE wake_at IS NOT NULL;

CREATE TABLE mayfly_event (
  persistence_id text COLLATE "C" NOT NULL,
  sequence_nr bigint NOT NULL,
  stored bytea NOT NULL,
  PRIMARY KEY (persistence_id, sequence_nr)
);

CREATE TABLE mayfly_snapshot (
  persistence_id text COLLATE "C" NOT NULL,
  sequence_nr bigint NOT NULL,
  stored_at_ms bigint NOT NULL,
  stored bytea NOT NULL,
  PRIMARY KEY (persistence_id, sequence_nr)
);

-- The highest incarnation that was purged, in several rows so that nodes do not wait for each
-- other: it is the highest of them.
CREATE TABLE mayfly_purged (
  shelf smallint PRIMARY KEY,
  incarnation bigint NOT NULL
);
