// Parameters: the owner and the key; then those named below.

/** Held until the transaction ends. Returns whether no other request with the key is in flight. */
export const LOCK_KEY = {
  summary: 'SELECT pg_try_advisory_xact_lock',
  text: `select pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0)) as locked`,
};

export const SELECT_KEY = {
  summary: 'SELECT idempotency_keys',
  text: 'select fingerprint, answer from idempotency_keys where owner = $1 and key = $2 and expires_at > now()',
};

/** Then the fingerprint and the answer. Replaces an expired row. */
export const INSERT_KEY = {
  summary: 'INSERT idempotency_keys',
  text: `
    insert into idempotency_keys (owner, key, fingerprint, answer, expires_at)
    values ($1, $2, $3, $4, now() + interval '24 hours')
    on conflict (owner, key) do update
    set fingerprint = excluded.fingerprint, answer = excluded.answer, expires_at = excluded.expires_at`,
};
