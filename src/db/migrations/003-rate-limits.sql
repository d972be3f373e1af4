-- The requests of each client in its current window, for all replicas (RATE_LIMIT_STORE=database). Unlogged:
-- a crash of the server may forget the counts, and a statement per request stays cheap. The key is a hash. A row
-- may be deleted once its window has ended. An update of hits alone changes no index, and finds room in its page.
create unlogged table rate_limits (
  key bytea primary key,
  hits integer not null,
  resets_at timestamptz not null
) with (fillfactor = 70);
create index rate_limits_resets on rate_limits (resets_at);
