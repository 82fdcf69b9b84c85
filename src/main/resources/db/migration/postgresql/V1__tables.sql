-- The tables in PostgreSQL; sqlite has the same ones for the embedded database.

create table download (
  id varchar(32) primary key,
  root varchar(255) not null,
  zip_name varchar(255),
  state varchar(32) not null,
  -- How often its preparation was begun, and how often it broke off. The number of the attempt is
  -- also the right to write: what an attempt of a lower number still writes is refused.
  attempt integer not null,
  failures integer not null,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  settled_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  -- When it is next to be looked at: when it has expired and no client reads it any more, its contents
  -- are removed; some time later, itself.
  due_at timestamp with time zone not null,
  entry_count bigint not null,
  file_count bigint not null,
  -- What was left out of directories because it could not be delivered.
  omitted_count bigint not null default 0,
  byte_count bigint not null,
  -- How many of its entries have a file or a link of their own in the storage.
  stored_count bigint not null,
  mod_zip_length bigint not null,
  archive_length bigint not null,
  end_offset bigint not null,
  end_central bigint not null,
  fingerprint varchar(64) not null,
  -- The names of the roots in which the bytes of its entries lie, with a space between them.
  source_roots varchar not null,
  -- How long mod_zip and Lading's own stream take for the archive, and what takes mod_zip most of it;
  -- see AssemblyPrediction.
  mod_zip_millis bigint not null default 0,
  embedded_millis bigint not null default 0,
  mod_zip_burden varchar not null default '',
  -- See FailureCodec.
  failure bytea,
  -- The names in the archive that are not those of the request or the sources; see RenamingsCodec.
  renamed bytea,
  -- The beginning of the first attempt in its lane, and the number of steps of all attempts.
  begun_at timestamp with time zone,
  step_count bigint not null,
  -- When the next attempt begins, after one that failed.
  next_try_at timestamp with time zone,
  -- Whether the targets are kept until it expires, and which download was made of them last.
  repeatable integer not null default 0,
  successor varchar(32),
  -- The sources that were found changed; see SourceChangesCodec.
  changes bytea,
  -- The name of the client that asked for it, whether it did by a plain link, the lane, and whether it
  -- was queued there (1), or waits (0) until others of the client are settled.
  client varchar not null,
  of_link integer not null default 0,
  lane varchar(8) not null,
  queued integer not null,
  -- Who wants to be told of it; see SubscriptionsCodec. Null if nobody does.
  subscriptions bytea,
  -- What tells its request from all others; null of most.
  request_key varchar
);

create index download_queue on download (state, client, lane, queued, created_at);
create index download_client on download (client, created_at, id);
create index download_due on download (due_at);
create unique index download_request_key on download (request_key) where request_key is not null;

-- What is still to be told about downloads, in the order of the numbers. A stream is the id of a
-- download, or the name of a message about none. The receiver is what answers or fails as one. A
-- message that is claimed is due when the claim ends; those of one stream to one destination are due
-- at the same time, and only the first of them can be claimed.
create table message (
  number bigint generated always as identity primary key,
  id varchar not null,
  stream varchar not null,
  channel varchar not null,
  destination varchar not null,
  -- Its order is that of its code points, in all databases.
  receiver varchar collate "C" not null,
  kind varchar not null,
  context varchar not null,
  body varchar,
  created_at timestamp with time zone not null,
  tries integer not null,
  due_at timestamp with time zone not null
);

create index message_stream on message (stream);
create index message_receiver on message (receiver, due_at);
create index message_destination on message (receiver, destination, due_at);

-- What a download that is not yet prepared was asked for: one stream, cut into parts; see
-- TargetCodec.
create table target_chunk (
  download_id varchar(32) not null references download (id) on delete cascade,
  chunk integer not null,
  data bytea not null,
  primary key (download_id, chunk)
);

-- Entries first_entry to first_entry + entry_count - 1 of a download; see EntryCodec. The offsets
-- are those of the first one in the archive that Lading streams itself.
create table entry_chunk (
  download_id varchar(32) not null references download (id) on delete cascade,
  first_entry bigint not null,
  entry_count integer not null,
  archive_offset bigint not null,
  central_offset bigint not null,
  data bytea not null,
  primary key (download_id, first_entry)
);

-- The downloads of plain links. The key is a digest of what a link asks for; next_id is the download
-- that is prepared to take the place of the other one, whose sources were last listed at checked_at.
create table link (
  key varchar(64) primary key,
  download_id varchar(32) not null references download (id) on delete cascade,
  next_id varchar(32) references download (id) on delete set null,
  checked_at timestamp with time zone not null
);

create index link_download on link (download_id);
create index link_next on link (next_id);

-- The CRC-32s of contents and of pieces of large ones. The slot and the fingerprint are a digest of
-- what identifies the content; see ChecksumKeyHasher. The day of the last use is counted from 1970.
create table checksum (
  slot bigint primary key,
  fingerprint bigint not null,
  crc32 integer not null,
  last_used integer not null
);

-- The table of db-scheduler 16, for preparing downloads in the quick lane.
create table preparation_job (
  task_name varchar(100) not null,
  task_instance varchar(100) not null,
  task_data bytea,
  execution_time timestamp with time zone not null,
  picked boolean not null,
  picked_by varchar(100),
  last_success timestamp with time zone,
  last_failure timestamp with time zone,
  consecutive_failures integer,
  last_heartbeat timestamp with time zone,
  version bigint not null,
  priority smallint,
  primary key (task_name, task_instance)
);

create index preparation_job_execution_time on preparation_job (execution_time);
create index preparation_job_last_heartbeat on preparation_job (last_heartbeat);

-- The table of db-scheduler 16, for preparing downloads in the long lane.
create table long_preparation_job (
  task_name varchar(100) not null,
  task_instance varchar(100) not null,
  task_data bytea,
  execution_time timestamp with time zone not null,
  picked boolean not null,
  picked_by varchar(100),
  last_success timestamp with time zone,
  last_failure timestamp with time zone,
  consecutive_failures integer,
  last_heartbeat timestamp with time zone,
  version bigint not null,
  priority smallint,
  primary key (task_name, task_instance)
);

create index long_preparation_job_execution_time on long_preparation_job (execution_time);
create index long_preparation_job_last_heartbeat on long_preparation_job (last_heartbeat);

-- The table of db-scheduler 16, for what is done again and again.
create table recurring_job (
  task_name varchar(100) not null,
  task_instance varchar(100) not null,
  task_data bytea,
  execution_time timestamp with time zone not null,
  picked boolean not null,
  picked_by varchar(100),
  last_success timestamp with time zone,
  last_failure timestamp with time zone,
  consecutive_failures integer,
  last_heartbeat timestamp with time zone,
  version bigint not null,
  priority smallint,
  primary key (task_name, task_instance)
);

create index recurring_job_execution_time on recurring_job (execution_time);
create index recurring_job_last_heartbeat on recurring_job (last_heartbeat);

-- Random bytes that only the nodes on this database know, made by the first of them.
create table secret (
  name varchar(32) primary key,
  data bytea not null
);

-- What was proved with a nonce of HTTP Digest, so that it is not taken a second time.
create table nonce_use (
  nonce text not null,
  number bigint not null,
  kept_until timestamp with time zone not null,
  primary key (nonce, number)
);

create index nonce_use_kept_until on nonce_use (kept_until);
