-- Part 1: bounds. The API has always enforced them, in code points; a code point has at most four bytes, which
-- every encoding of a database can count. Rows from elsewhere are cut to fit, because a row that violates a
-- check cannot be updated.
update users set display_name = left(display_name, 50) where octet_length(display_name) > 4 * 50;
update activities set message = left(message, case when reply_to_activity_uuid is null then 280 else 1024 end)
where octet_length(message) > 4 * case when reply_to_activity_uuid is null then 280 else 1024 end;
update messages set message = left(message, 1024) where octet_length(message) > 4 * 1024;

-- Part 2: threads. A reply belongs to a top-level activity, whose replies_count counts it.
with recursive thread as (
  select reply.uuid, top.uuid as top_uuid
  from activities top join activities reply on reply.reply_to_activity_uuid = top.uuid
  where top.reply_to_activity_uuid is null
  union all
  select reply.uuid, thread.top_uuid
  from thread join activities reply on reply.reply_to_activity_uuid = thread.uuid
)
update activities a set reply_to_activity_uuid = thread.top_uuid from thread
where a.uuid = thread.uuid and a.reply_to_activity_uuid <> thread.top_uuid;

update activities a set replies_count = counted.replies
from (
  select top.uuid, count(reply.uuid)::integer as replies
  from activities top left join activities reply on reply.reply_to_activity_uuid = top.uuid
  group by top.uuid
) counted
where counted.uuid = a.uuid and a.replies_count <> counted.replies;

-- Part 3: age. The lists read activities by lifetime: within one lifetime, the first to be created is the
-- first to expire, so a list stops at the first expired row. The class of a row is the shortest lifetime of
-- the API that is not shorter than its own, in hours; 32767 if there is none.
create function lifetime_class(created_at timestamptz, expires_at timestamptz) returns smallint
language sql immutable
return (
  case
    when not isfinite(created_at) or not isfinite(expires_at) then 32767
    when expires_at - created_at <= interval '1 hour' then 1
    when expires_at - created_at <= interval '3 hours' then 3
    when expires_at - created_at <= interval '12 hours' then 12
    when expires_at - created_at <= interval '24 hours' then 24
    when expires_at - created_at <= interval '72 hours' then 72
    when expires_at - created_at <= interval '168 hours' then 168
    when expires_at - created_at <= interval '720 hours' then 720
    else 32767
  end
)::smallint;

-- Unicode's NFC, so that the search finds a text however its letters are composed. PostgreSQL normalises in
-- databases of encoding UTF8 only; others keep the text. Immutable, because a database keeps its encoding. Not
-- SQL: the planner would evaluate both branches of a constant text.
create function composed(content text) returns text language plpgsql immutable strict as $$
begin
  if current_setting('server_encoding') = 'UTF8' then
    return normalize(content, NFC);
  end if;
  return content;
end
$$;

create or replace function words_query(term text) returns tsquery language sql immutable strict
return (
  select case
    when term ~ '["[:space:]]$' or query::text !~ '(^|[^!])''[^'']+''$' then query
    else (query::text || ':*')::tsquery
  end
  from (select websearch_to_tsquery('simple', composed(term)) as query) parsed
);

alter table users add check (octet_length(display_name) <= 4 * 50);

-- One statement, so that the table is rewritten once. It also drops the index activities_words.
alter table activities
  add check (octet_length(message) <= 4 * case when reply_to_activity_uuid is null then 280 else 1024 end),
  drop column words,
  add column words tsvector not null
    generated always as (to_tsvector('simple', composed(message))) stored,
  add column lifetime_class smallint not null
    generated always as (lifetime_class(created_at, expires_at)) stored;

drop index activities_home, activities_of_user;
create index activities_home on activities
  (lifetime_class, created_at desc, uuid desc, coalesce(expires_at, 'infinity'))
  where reply_to_activity_uuid is null;
create index activities_of_user on activities
  (user_uuid, lifetime_class, created_at desc, uuid desc, coalesce(expires_at, 'infinity'))
  where reply_to_activity_uuid is null;
create index activities_words on activities using gin (words) where reply_to_activity_uuid is null;
create index activities_expired on activities (expires_at) where expires_at is not null;

-- A notification expires with its activity, and that of a reply with the thread.
alter table notifications add column expires_at timestamptz(3);
update notifications n set expires_at = least(a.expires_at, thread.expires_at)
from activities a left join activities thread on thread.uuid = a.reply_to_activity_uuid
where a.uuid = n.activity_uuid;
alter table notifications
  add column lifetime_class smallint not null
    generated always as (lifetime_class(created_at, expires_at)) stored;

drop index notifications_of_user;
create index notifications_of_user on notifications
  (user_uuid, lifetime_class, created_at desc, activity_uuid desc, coalesce(expires_at, 'infinity'));
create index notifications_expired on notifications (expires_at) where expires_at is not null;

-- Part 4: conversations, latest first. The time is null until the first message.
alter table messages add check (octet_length(message) <= 4 * 1024);
alter table message_group_users add column latest_message_at timestamptz(3);
update message_group_users member set latest_message_at = latest.created_at
from (select message_group_uuid, max(created_at) as created_at from messages group by message_group_uuid) latest
where latest.message_group_uuid = member.message_group_uuid;
-- A trigger, because during a rolling update replicas of the version before write messages too.
create function date_conversation() returns trigger language plpgsql as $$
begin
  update message_group_users member set latest_message_at = new.created_at
  from message_groups g
  where g.uuid = new.message_group_uuid and member.message_group_uuid = g.uuid
    and member.user_uuid in (g.first_user_uuid, g.second_user_uuid)
    and coalesce(member.latest_message_at, '-infinity') < new.created_at;
  return null;
end $$;
create trigger date_conversation after insert on messages for each row execute function date_conversation();
create index message_group_users_latest on message_group_users
  (user_uuid, latest_message_at desc, message_group_uuid desc);

-- Until then the planner has no statistics of the new columns.
analyze activities, notifications, message_group_users;
