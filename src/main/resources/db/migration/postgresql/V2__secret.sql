-- Random bytes that only the nodes on this database know, made by the first of them.
create table secret (
  name varchar(32) primary key,
  data bytea not null
);
