-- What a crash left half-made before there were jobs cannot be finished: its targets are not kept.
delete from download where state <> 'READY';

-- How often its preparation was begun, and how often it broke off. The number of the attempt is also
-- the right to write: what an attempt of a lower number still writes is refused.
alter table download add column attempt integer default 0 not null;
alter table download add column failures integer default 0 not null;
alter table download add column started_at timestamp with time zone;
alter table download add column settled_at timestamp with time zone;
-- See FailureCodec.
alter table download add column failure bytea;
-- When it is next to be looked at: when it has expired and nobody reads it any more, its contents are
-- removed; some time later, itself.
alter table download add column due_at timestamp with time zone;
update download set due_at = expires_at;
alter table download alter column due_at set not null;

create index download_due on download (due_at);

-- What a download that is not yet prepared was asked for: one stream, cut into parts; see TargetCodec.
create table target_chunk (
  download_id varchar(32) not null references download (id) on delete cascade,
  chunk integer not null,
  data bytea not null,
  primary key (download_id, chunk)
);

-- The table of db-scheduler 16, for preparing downloads.
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
