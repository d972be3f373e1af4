-- The answers of requests with an Idempotency-Key, to repeat them. A row may be deleted after expires_at.
create table idempotency_keys (
  owner text not null,
  key text not null,
  fingerprint bytea not null,
  answer text not null,
  expires_at timestamptz(3) not null,
  primary key (owner, key)
);
create index idempotency_keys_expired on idempotency_keys (expires_at);
