-- The literals of a download that are in the database, one after another, in rows of 128 KiB of which
-- only the last one is shorter; see JdbcLiteralStore.
create table literal_chunk (
  download_id text not null references download (id) on delete cascade,
  chunk integer not null,
  data blob not null,
  primary key (download_id, chunk)
) strict, without rowid;

-- Each node looks for files that no download needs in its own storage; it is no job of one node any more.
delete from recurring_job where task_name = 'orphans';
