-- step 1: jobs
-- What is due later or talks to the outside world. A claim moves due_at to the end of its lease, so a runner that died leaves the
-- job to others; claim is the number of the run that holds it, 0 for none. Of a job that is done or stuck, due_at says since when.
-- outside is 1 for kinds that call the outside world: they have a lane of their own.
CREATE TABLE jobs_job (
    argument BIGINT NOT NULL CHECK (argument BETWEEN 0 AND 9223372036854775807),
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'done' OR state = 'stuck'),
    outside BIGINT NOT NULL CHECK (outside BETWEEN 0 AND 1),
    due_at BIGINT NOT NULL CHECK (due_at BETWEEN 0 AND 253402300799999),
    tries BIGINT NOT NULL CHECK (tries BETWEEN 0 AND 1000000000),
    claim BIGINT NOT NULL CHECK (claim BETWEEN 0 AND 9223372036854775807),
    PRIMARY KEY (argument, kind)
);
CREATE INDEX jobs_job_due ON jobs_job (state, outside, due_at);

-- step 2: a third lane, for calls that nobody waits for
-- lane: 0 inside the database, 1 calls of the outside world that somebody waits for, 2 those that nobody waits for.
CREATE TABLE jobs_job_new (
    argument BIGINT NOT NULL CHECK (argument BETWEEN 0 AND 9223372036854775807),
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'done' OR state = 'stuck'),
    lane BIGINT NOT NULL CHECK (lane BETWEEN 0 AND 2),
    due_at BIGINT NOT NULL CHECK (due_at BETWEEN 0 AND 253402300799999),
    tries BIGINT NOT NULL CHECK (tries BETWEEN 0 AND 1000000000),
    claim BIGINT NOT NULL CHECK (claim BETWEEN 0 AND 9223372036854775807),
    PRIMARY KEY (argument, kind)
);
INSERT INTO jobs_job_new (argument, kind, words, state, lane, due_at, tries, claim)
    SELECT argument, kind, words, state, outside, due_at, tries, claim FROM jobs_job;
DROP TABLE jobs_job;
ALTER TABLE jobs_job_new RENAME TO jobs_job;
CREATE INDEX jobs_job_due ON jobs_job (state, lane, due_at);
