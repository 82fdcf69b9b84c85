-- What is known of the CRC-32s of contents. The contents of a directory are kept in leaves, each of
-- which has the names from its first_name on to that of the next leaf; that of the first one is
-- empty. "directory" is a digest of the root's name and the path. See ChecksumLeaf.
create table checksum_leaf (
  directory bytea not null,
  first_name bytea not null,
  last_used date not null,
  data bytea not null,
  primary key (directory, first_name)
);

create index checksum_leaf_last_used on checksum_leaf (last_used);

-- Pieces of large contents of which not every byte has passed by yet.
create table checksum_piece (
  directory bytea not null,
  name bytea not null,
  piece integer not null,
  byte_count bigint not null,
  version varchar(2048) not null,
  crc32 integer not null,
  last_used date not null,
  primary key (directory, name, piece)
);

create index checksum_piece_last_used on checksum_piece (last_used);
