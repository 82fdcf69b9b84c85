-- For whom the client asked, in its own words; null of most.
alter table download add column subject varchar;
