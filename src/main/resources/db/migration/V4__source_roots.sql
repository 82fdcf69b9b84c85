-- The names of the roots in which the bytes of a download's entries lie, with a space between them;
-- null where that is not known, as for downloads that were made before.
alter table download add column source_roots varchar(65535);
