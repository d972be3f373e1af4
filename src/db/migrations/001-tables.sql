-- A UUID of version 7 (RFC 9562) with microseconds in the bits after the version, so that rows created in the
-- same millisecond sort in order of creation. PostgreSQL has uuidv7() since version 18.
create function time_ordered_uuid() returns uuid language sql volatile
return (
  with clock as (select (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros)
  select encode(
    overlay(
      uuid_send(gen_random_uuid())
      placing substring(int8send(micros / 1000) from 3)
        || substring(int8send(((7 << 12) | (micros % 1000 * 4096 / 1000))::bigint) from 7)
      from 1 for 8
    ),
    'hex'
  )::uuid
  from clock
);

-- The query of a search term: its last word also matches as a prefix, unless the term ends with a quote or a
-- space, or the word is negated. Immutable, so that the planner can use the index on activities.words.
create function words_query(term text) returns tsquery language sql immutable strict
return (
  select case
    when term ~ '["[:space:]]$' or query::text !~ '(^|[^!])''[^'']+''$' then query
    else (query::text || ':*')::tsquery
  end
  from (select websearch_to_tsquery('simple', term) as query) parsed
);

create table users (
  uuid uuid primary key default time_ordered_uuid(),
  display_name text not null,
  handle text not null unique check (handle ~ '^[a-z0-9_]{1,30}$'),
  email text unique,
  cognito_user_id text unique,
  created_at timestamptz(3) not null default date_trunc('milliseconds', now())
);

create table activities (
  uuid uuid primary key default time_ordered_uuid(),
  user_uuid uuid not null references users,
  message text not null,
  reply_to_activity_uuid uuid references activities on delete cascade,
  likes_count integer not null default 0 check (likes_count >= 0),
  replies_count integer not null default 0 check (replies_count >= 0),
  reposts_count integer not null default 0 check (reposts_count >= 0),
  created_at timestamptz(3) not null default date_trunc('milliseconds', now()),
  expires_at timestamptz(3) check (expires_at > created_at),
  words tsvector not null generated always as (to_tsvector('simple', message)) stored
);

-- The lists skip expired rows inside the index, without reading the table.
create index activities_home on activities
  (created_at desc, uuid desc, coalesce(expires_at, 'infinity')) where reply_to_activity_uuid is null;
create index activities_of_user on activities
  (user_uuid, created_at desc, uuid desc, coalesce(expires_at, 'infinity'))
  where reply_to_activity_uuid is null;
create index activities_replies on activities
  (reply_to_activity_uuid, created_at desc, uuid desc) where reply_to_activity_uuid is not null;
create index activities_words on activities using gin (words);

-- The users to notify of an activity: those it mentions, and the author of the activity it replies to.
create table notifications (
  user_uuid uuid not null references users on delete cascade,
  activity_uuid uuid not null references activities on delete cascade,
  created_at timestamptz(3) not null,
  primary key (activity_uuid, user_uuid)
);
create index notifications_of_user on notifications (user_uuid, created_at desc, activity_uuid desc);

-- A conversation of two users, or of one with themselves. The smaller uuid comes first, so that a pair has
-- one row.
create table message_groups (
  uuid uuid primary key default time_ordered_uuid(),
  first_user_uuid uuid not null references users,
  second_user_uuid uuid not null references users,
  created_at timestamptz(3) not null default date_trunc('milliseconds', now()),
  check (first_user_uuid <= second_user_uuid),
  unique (first_user_uuid, second_user_uuid)
);

create table message_group_users (
  user_uuid uuid not null references users,
  message_group_uuid uuid not null references message_groups on delete cascade,
  primary key (user_uuid, message_group_uuid)
);

create table messages (
  uuid uuid primary key default time_ordered_uuid(),
  message_group_uuid uuid not null references message_groups on delete cascade,
  user_uuid uuid not null references users,
  message text not null,
  created_at timestamptz(3) not null default date_trunc('milliseconds', now())
);
create index messages_of_group on messages (message_group_uuid, created_at desc, uuid desc);
