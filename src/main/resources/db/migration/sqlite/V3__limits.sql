-- What clients that have limits have used; see Rate. Times are microseconds since 1970.
create table client_use (
  client text primary key,
  creates_full_at integer not null default 0,
  -- The bytes of archives of the day, which is counted from 1970, in UTC.
  day integer not null default 0,
  bytes integer not null default 0
) strict, without rowid;
