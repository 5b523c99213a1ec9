-- The place of the newest event that watchers are told of, and the name of these places: one row.
-- Who stores such events takes the next places and holds the row until the commit. So places are in
-- the order of the commits, without a hole that could be filled later, and whoever sees a place sees
-- everything before it.
CREATE TABLE mayfly_feed (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  position bigint NOT NULL,
  series text NOT NULL
) WITH (fillfactor = 10);

INSERT INTO mayfly_feed (position, series)
VALUES (0, substr(md5(random()::text || clock_timestamp()::text), 1, 8));

ALTER TABLE mayfly_event ADD COLUMN tag text COLLATE "C";
ALTER TABLE mayfly_event ADD COLUMN position bigint;

CREATE INDEX mayfly_event_feed ON mayfly_event (tag, position) WHERE tag IS NOT NULL;

-- Events up to this sequence number are deleted: those of them that still stand are for the feed.
ALTER TABLE mayfly_key ADD COLUMN deleted_to bigint NOT NULL DEFAULT 0;

-- Up to where the feed of a tag tells nothing any more, in several rows so that nodes do not wait for
-- each other: it is the highest of them.
CREATE TABLE mayfly_feed_floor (
  tag text COLLATE "C" NOT NULL,
  shelf smallint NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (tag, shelf)
);

-- Which place was the newest at which time.
CREATE TABLE mayfly_feed_mark (
  at_ms bigint PRIMARY KEY,
  position bigint NOT NULL
);
