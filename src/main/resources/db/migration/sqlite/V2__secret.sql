-- Random bytes that only the nodes on this database know, made by the first of them.
create table secret (
  name text primary key,
  data blob not null
) strict, without rowid;
