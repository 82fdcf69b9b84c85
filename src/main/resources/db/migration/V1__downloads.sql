create table download (
  id varchar(32) primary key,
  root varchar(255) not null,
  zip_name varchar(255),
  state varchar(32) not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  entry_count bigint not null,
  file_count bigint not null,
  byte_count bigint not null,
  mod_zip_length bigint not null,
  archive_length bigint not null,
  end_offset bigint not null,
  end_central bigint not null,
  fingerprint varchar(64) not null
);

create index download_state on download (state);

-- Entries first_entry to first_entry + entry_count - 1 of a download, compressed; see EntryCodec.
-- The offsets are those of the first one in the archive that Lading streams itself.
create table entry_chunk (
  download_id varchar(32) not null references download (id) on delete cascade,
  first_entry bigint not null,
  entry_count integer not null,
  archive_offset bigint not null,
  central_offset bigint not null,
  data bytea not null,
  primary key (download_id, first_entry)
);

create index entry_chunk_offset on entry_chunk (download_id, archive_offset);
create index entry_chunk_central on entry_chunk (download_id, central_offset);
