-- The tables of the embedded database. Times are milliseconds since 1970. Tables whose rows are found
-- by their key alone are kept in its order (without rowid), since a transaction writes every page that
-- it touches, and each index is one page more.

create table download (
  id text primary key,
  root text not null,
  zip_name text,
  state text not null,
  -- How often its preparation was begun, and how often it broke off. The number of the attempt is
  -- also the right to write: what an attempt of a lower number still writes is refused.
  attempt integer not null,
  failures integer not null,
  created_at integer not null,
  started_at integer,
  settled_at integer,
  expires_at integer not null,
  -- When it is next to be looked at: when it has expired and no client reads it any more, its contents
  -- are removed; some time later, itself.
  due_at integer not null,
  entry_count integer not null,
  file_count integer not null,
  -- What was left out of directories because it could not be delivered.
  omitted_count integer not null default 0,
  byte_count integer not null,
  -- How many of its entries have a file or a link of their own in the storage.
  stored_count integer not null,
  mod_zip_length integer not null,
  archive_length integer not null,
  end_offset integer not null,
  end_central integer not null,
  fingerprint text not null,
  -- The names of the roots in which the bytes of its entries lie, with a space between them.
  source_roots text not null,
  -- How long mod_zip and Lading's own stream take for the archive, and what takes mod_zip most of it;
  -- see AssemblyPrediction.
  mod_zip_millis integer not null default 0,
  embedded_millis integer not null default 0,
  mod_zip_burden text not null default '',
  -- See FailureCodec.
  failure blob,
  -- The names in the archive that are not those of the request or the sources; see RenamingsCodec.
  renamed blob,
  -- The beginning of the first attempt in its lane, and the number of steps of all attempts.
  begun_at integer,
  step_count integer not null,
  -- When the next attempt begins, after one that failed.
  next_try_at integer,
  -- Whether the targets are kept until it expires, and which download was made of them last.
  repeatable integer not null default 0,
  successor text,
  -- The sources that were found changed; see SourceChangesCodec.
  changes blob,
  -- The name of the client that asked for it, whether it did by a plain link, the lane, and whether it
  -- was queued there (1), or waits (0) until others of the client are settled.
  client text not null,
  of_link integer not null default 0,
  lane text not null,
  queued integer not null,
  -- Who wants to be told of it; see SubscriptionsCodec. Null if nobody does.
  subscriptions blob,
  -- What tells its request from all others; null of most.
  request_key text
) strict;

create index download_queue on download (state, client, lane, queued, created_at);
create index download_client on download (client, created_at, id);
create index download_due on download (due_at);
create unique index download_request_key on download (request_key) where request_key is not null;

-- What is still to be told about downloads, in the order of the numbers. A stream is the id of a
-- download, or the name of a message about none. The receiver is what answers or fails as one. A
-- message that is claimed is due when the claim ends; those of one stream to one destination are due
-- at the same time, and only the first of them can be claimed.
create table message (
  number integer primary key,
  id text not null,
  stream text not null,
  channel text not null,
  destination text not null,
  receiver text not null,
  kind text not null,
  context text not null,
  body text,
  created_at integer not null,
  tries integer not null,
  due_at integer not null
) strict;

create index message_stream on message (stream);
create index message_receiver on message (receiver, due_at);
create index message_destination on message (receiver, destination, due_at);

-- What a download that is not yet prepared was asked for: one stream, cut into parts; see
-- TargetCodec.
create table target_chunk (
  download_id text not null references download (id) on delete cascade,
  chunk integer not null,
  data blob not null,
  primary key (download_id, chunk)
) strict, without rowid;

-- Entries first_entry to first_entry + entry_count - 1 of a download; see EntryCodec. The offsets
-- are those of the first one in the archive that Lading streams itself.
create table entry_chunk (
  download_id text not null references download (id) on delete cascade,
  first_entry integer not null,
  entry_count integer not null,
  archive_offset integer not null,
  central_offset integer not null,
  data blob not null,
  primary key (download_id, first_entry)
) strict, without rowid;

-- The downloads of plain links. The key is a digest of what a link asks for; next_id is the download
-- that is prepared to take the place of the other one, whose sources were last listed at checked_at.
create table link (
  key text primary key,
  download_id text not null references download (id) on delete cascade,
  next_id text references download (id) on delete set null,
  checked_at integer not null
) strict, without rowid;

create index link_download on link (download_id);
create index link_next on link (next_id);

-- The CRC-32s of contents and of pieces of large ones. The slot and the fingerprint are a digest of
-- what identifies the content; see ChecksumKeyHasher. The day of the last use is counted from 1970.
create table checksum (
  slot integer primary key,
  fingerprint integer not null,
  crc32 integer not null,
  last_used integer not null
) strict;

-- The table of db-scheduler 16, for preparing downloads in the quick lane.
create table preparation_job (
  task_name text not null,
  task_instance text not null,
  task_data blob,
  execution_time integer not null,
  picked integer not null,
  picked_by text,
  last_success integer,
  last_failure integer,
  consecutive_failures integer,
  last_heartbeat integer,
  version integer not null,
  priority integer,
  primary key (task_name, task_instance)
) strict, without rowid;

create index preparation_job_execution_time on preparation_job (execution_time);
create index preparation_job_last_heartbeat on preparation_job (last_heartbeat);

-- The table of db-scheduler 16, for preparing downloads in the long lane.
create table long_preparation_job (
  task_name text not null,
  task_instance text not null,
  task_data blob,
  execution_time integer not null,
  picked integer not null,
  picked_by text,
  last_success integer,
  last_failure integer,
  consecutive_failures integer,
  last_heartbeat integer,
  version integer not null,
  priority integer,
  primary key (task_name, task_instance)
) strict, without rowid;

create index long_preparation_job_execution_time on long_preparation_job (execution_time);
create index long_preparation_job_last_heartbeat on long_preparation_job (last_heartbeat);

-- The table of db-scheduler 16, for what is done again and again.
create table recurring_job (
  task_name text not null,
  task_instance text not null,
  task_data blob,
  execution_time integer not null,
  picked integer not null,
  picked_by text,
  last_success integer,
  last_failure integer,
  consecutive_failures integer,
  last_heartbeat integer,
  version integer not null,
  priority integer,
  primary key (task_name, task_instance)
) strict, without rowid;

create index recurring_job_execution_time on recurring_job (execution_time);
create index recurring_job_last_heartbeat on recurring_job (last_heartbeat);

-- Random bytes that only the nodes on this database know, made by the first of them.
create table secret (
  name text primary key,
  data blob not null
) strict, without rowid;

-- What was proved with a nonce of HTTP Digest, so that it is not taken a second time.
create table nonce_use (
  nonce text not null,
  number integer not null,
  kept_until integer not null,
  primary key (nonce, number)
) strict, without rowid;

create index nonce_use_kept_until on nonce_use (kept_until);
