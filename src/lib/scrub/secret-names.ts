/** Parts that mark a name as secret anywhere in it: `X-Amz-Security-Token`, `newPassword`, `JSESSIONID`. */
const SECRET_PART =
  /authoriz|authentic|cookie|token|secret|passw|passphrase|passcode|pwd|credential|(?:api|access|private|account|encryption|signing|master|storage|subscription|auth|ingest)[-_. ]?key|jwt|session|sessid|signature|assertion|samlresponse|csrf|xsrf|honeycomb-team|credit[-_. ]?card|card[-_. ]?num/i;

/** Parts that mark a name as secret only as whole words: `sig`, `x-auth`, `user[pin]`, but not `author`. */
const SECRET_WORD = /(?:^|[^a-z0-9])(?:auth|pass|pw|pin|otp|sid|sig|cvv|cvc|ssn)(?:$|[^a-z0-9])/i;

/** Names that are secret only as a whole: OAuth's `code`, but not `error_code`. */
const SECRET_NAME = /^(?:code|key)$/i;

/** Ends of names that describe a secret and do not hold it, such as `token_type`. */
const DESCRIPTION =
  /[-_. ](?:algorithm|attempts|count|enabled|endpoint|expire[sd]|expires_(?:at|in)|expiry|file|length|limit|max|method|min|name|path|policy|remaining|required|retries|size|supported|timeout|total|ttl|type|ur[il]|used|valid|version)$/i;
const CAMEL_DESCRIPTION =
  /[a-z](?:Count|Endpoint|File|Length|Limit|Method|Name|Path|Size|Timeout|Type|Ur[il])$/;

/** Names of errors, such as `TokenExpiredError`, which a message follows. */
const ERROR_NAME =
  /(?:error|exception|expired|failed|failure|fault|invalid|malformed|mismatch|missing|warning)\]?$/i;

/** Names with a number that is short enough to be guessed, or is a password. */
const NUMERIC = /passw|pwd|passcode|secret|card|(?:^|[^a-z])(?:pass|pw|pin|otp|cvv|cvc|ssn)(?:$|[^a-z])/i;

/** Tells whether a header, query parameter or field of this name probably holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_PART.test(name) || SECRET_WORD.test(name) || SECRET_NAME.test(name);
}

/** Tells the same of a name within prose, where `code` is a number and `key` a column. */
export function isSecretNameInText(name: string): boolean {
  if (!SECRET_PART.test(name) && !SECRET_WORD.test(name)) return false;
  return !DESCRIPTION.test(name) && !CAMEL_DESCRIPTION.test(name) && !ERROR_NAME.test(name);
}

/** Tells whether the word alone marks the name, so that prose such as `pass: 3` is none. */
export function isUnmistakable(name: string): boolean {
  return SECRET_PART.test(name) || /^pw$|\w[-_.](?:pass|pw|pin)$/i.test(name);
}

/** Tells whether a number can be the secret of this name. Elsewhere it is a count, as in `sessions: 3`. */
export function mayBeNumber(name: string): boolean {
  return NUMERIC.test(name);
}
