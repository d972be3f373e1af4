import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScrubber, scrubText } from '../../../src/lib/scrub/scrub.ts';

const S = 'hunter2Xy9';
const basic = Buffer.from(`worf:${S}`).toString('base64');
/** Concatenated, so that scanners of repositories do not take them for real ones. */
const long = (prefix: string) => `${prefix}${'a1'.repeat(18)}`;

describe('a secret is replaced, and the text around it stays:', () => {
  it.each([
    // Command lines, as errors of child processes tell them.
    [`Command failed: curl -u worf:${S} http://h`, 'Command failed: curl -u worf:[redacted] http://h'],
    [`curl --proxy-user 'worf:${S}'`, "curl --proxy-user 'worf:[redacted]'"],
    [`spawnargs: [ '--password', '${S}', '-v' ]`, "spawnargs: [ '--password', '[redacted]', '-v' ]"],
    [`["--token","${S}","-u","worf:${S}"]`, '["--token","[redacted]","-u","worf:[redacted]"]'],
    // What JSON.parse quotes.
    [
      `Unexpected token 'h', "${S}" is not valid JSON`,
      `Unexpected token 'h', "[redacted]" is not valid JSON`,
    ],
    [
      `Unexpected token 'x', ..."rd":"${S}" x}" is not valid JSON`,
      `Unexpected token 'x', ..."[redacted]" is not valid JSON`,
    ],
    [`SMTP_PASS: ${S}`, 'SMTP_PASS: [redacted]'],
    // Credentials in URLs.
    [`Invalid URL: //worf:${S}@h/x`, 'Invalid URL: //[redacted]@h/x'],
    [
      `no answer from postgres://app:${S}@db:5432/cruddur!`,
      'no answer from postgres://[redacted]@db:5432/cruddur!',
    ],
    [
      `redis://:${S}@c:6379/0, amqp://a:${S}@h,amqp://b:${S}@i`,
      'redis://[redacted]@c:6379/0, amqp://[redacted]@h,amqp://[redacted]@i',
    ],
    [`mongodb+srv://u:${S}@h1:27017,h2/db?a=b`, 'mongodb+srv://[redacted]@h1:27017,h2/db?a=b'],
    [`https://${S}@o1.ingest.sentry.io/1`, 'https://[redacted]@o1.ingest.sentry.io/1'],
    [`postgres://app:p%40${S}@db`, 'postgres://[redacted]@db'],
    [`postgres://app:p@${S}@db/x`, 'postgres://[redacted]@db/x'],
    [`postgres://app:a/${S}@db/x`, 'postgres://[redacted]@db/x'],
    [
      `https://u:a/${S}@h/db and https://u:a?${S}@h/db`,
      'https://[redacted]@h/db and https://[redacted]@h/db',
    ],
    [`postgres%3A%2F%2Fu%3A${S}%40db%2Fx`, 'postgres%3A%2F%2F[redacted]%40db%2Fx'],
    [`"postgres://u:p'${S}@h", "x"`, `"postgres://[redacted]@h", "x"`],
    [`postgres:\\/\\/u:${S}@h`, 'postgres:\\/\\/[redacted]@h'],
    [`jdbc:oracle:thin:scott/${S}@//h:1521/x`, 'jdbc:oracle:thin:[redacted]@//h:1521/x'],
    // Parameters, forms, connection strings.
    [`GET /x?access_token=${S}&x=1 failed`, 'GET /x?access_token=[redacted]&x=1 failed'],
    [`https://a/cb#id_token=${S}&state=1`, 'https://a/cb#id_token=[redacted]&state=1'],
    [`?next=https%3A%2F%2Fa%3Ftoken%3D${S}%26x%3D1`, '?next=https%3A%2F%2Fa%3Ftoken%3D[redacted]%26x%3D1'],
    [`/?%74oken=${S}&b=1`, '/?%74oken=[redacted]&b=1'],
    [`/cb?code=${S}&state=x`, '/cb?code=[redacted]&state=x'],
    [`grant_type=password&password=${S}&user=x`, 'grant_type=password&password=[redacted]&user=x'],
    [
      `Server=x;User Id=sa;Password=a ${S};Encrypt=true`,
      'Server=x;User Id=sa;Password=[redacted];Encrypt=true',
    ],
    [
      `AccountName=a;AccountKey=${S}/+==;EndpointSuffix=x`,
      'AccountName=a;AccountKey=[redacted];EndpointSuffix=x',
    ],
    [`SharedAccessKeyName=Root;SharedAccessKey=${S}=`, 'SharedAccessKeyName=Root;SharedAccessKey=[redacted]'],
    [`Shared Access Key=${S};x=1`, 'Shared Access Key=[redacted];x=1'],
    [`host=db password='a ${S}' user=x`, "host=db password='[redacted]' user=x"],
    [`host=db password = 'a \\'${S}' user=x`, "host=db password = '[redacted]' user=x"],
    [`password=a\\ ${S} user=x`, 'password=[redacted] user=x'],
    [`jdbc:postgresql://h/db?user=u&password=${S}`, 'jdbc:postgresql://h/db?user=u&password=[redacted]'],
    [
      `jdbc:sqlserver://h:1433;user=sa;password=${S};x=y`,
      'jdbc:sqlserver://h:1433;user=sa;password=[redacted];x=y',
    ],
    [
      `password=a,${S} password=b;${S} password=c'${S}`,
      'password=[redacted] password=[redacted] password=[redacted]',
    ],
    [`(token=${S}).`, '(token=[redacted]).'],
    [`set password = '${S}' where`, "set password = '[redacted]' where"],
    // JSON, objects, YAML.
    [`{"password":"${S}","a":1}`, '{"password":"[redacted]","a":1}'],
    [`{\\"password\\":\\"${S}\\",\\"a\\":1}`, '{\\"password\\":\\"[redacted]\\",\\"a\\":1}'],
    [`\\"password\\":\\"a\\\\\\"${S}\\"`, '\\"password\\":\\"[redacted]\\"'],
    [`{"password":"a\\"${S}"}`, '{"password":"[redacted]"}'],
    [`{ token: '${S}', a: 1 }`, "{ token: '[redacted]', a: 1 }"],
    [`"tokens":["${S}","b"],"pin":1234`, '"tokens":[redacted],"pin":[redacted]'],
    [`password: ${S}\nuser: worf`, 'password: [redacted]\nuser: worf'],
    [`'password' => '${S}'`, "'password' => '[redacted]'"],
    // Headers.
    [`Authorization: Bearer ${S}`, 'Authorization: [redacted]'],
    [`authorization: Basic ${basic} end`, 'authorization: [redacted] end'],
    [`Proxy-Authorization: Digest username="x", response="${S}"`, 'Proxy-Authorization: [redacted]'],
    [`authorization=Token ${S} status=401`, 'authorization=[redacted] status=401'],
    [`?authorization=${S}&a=1`, '?authorization=[redacted]&a=1'],
    [`Cookie: a=${S}; b=${S}\nHost: x`, 'Cookie: [redacted]\nHost: x'],
    [`Set-Cookie: sid=${S}; Path=/; HttpOnly`, 'Set-Cookie: [redacted]'],
    [`x-honeycomb-team: ${S}`, 'x-honeycomb-team: [redacted]'],
    [`[ 'authorization', 'Bearer ${S}' ]`, "[ 'authorization', '[redacted]' ]"],
    [`sent Bearer ${S}, got 401 for basic ${basic}`, 'sent Bearer [redacted], got 401 for basic [redacted]'],
    // Surroundings.
    [`mysql --password ${S} -h db`, 'mysql --password [redacted] -h db'],
    [`<password>${S}</password>`, '<password>[redacted]</password>'],
    [`rawHeaders: [ 'x-api-key', '${S}' ]`, "rawHeaders: [ 'x-api-key', '[redacted]' ]"],
    [`wrong password "${S}" of worf`, 'wrong password "[redacted]" of worf'],
    [`app:${S}@tcp(db:3306)/x, app:${S}@db:5432`, 'app:[redacted]@tcp(db:3306)/x, app:[redacted]@db:5432'],
    [`postgres://app:${S}`, 'postgres://[redacted]'],
    [`\\\\\\"token\\\\\\":\\\\\\"${S}\\\\\\"`, '\\\\\\"token\\\\\\":\\\\\\"[redacted]\\\\\\"'],
    // Tokens by their form.
    [`jwt eyJhbGciOi.eyJzdWIi.${S} expired`, 'jwt [redacted] expired'],
    [`key AKIAIOSFODNN7EXAMPLE`, 'key [redacted]'],
    [
      `aws_secret_access_key ${'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYab'}`,
      'aws_secret_access_key [redacted]',
    ],
    [
      ['ghp_', 'github_pat_', 'hcaik_', 'hcbik_', 'hcxik_', 'AIza', 'npm_', 'sk_live_', 'xoxb-']
        .map(long)
        .join(' '),
      Array(9).fill('[redacted]').join(' '),
    ],
    [`-----BEGIN RSA PRIVATE KEY-----\nMII${S}\n-----END RSA PRIVATE KEY----- x`, '[redacted] x'],
    [`"-----BEGIN PRIVATE KEY-----\\nMII${S}`, '"[redacted]'],
  ])('%s', (text, scrubbed) => {
    expect(scrubText(text)).toBe(scrubbed);
    expect(scrubText(scrubbed)).toBe(scrubbed);
  });
});

describe('ordinary text stays:', () => {
  it.each([
    'The quick brown fox: it jumps. Over = the lazy dog',
    'SyntaxError: Unexpected token } in JSON at position 5',
    'TokenExpiredError: jwt expired',
    'AssertionError: 1 == 2',
    '68f126b0-1ceb-4a33-88be-d90fa7109eee',
    '1-6740445f-0123456789abcdef01234567',
    'trace_id=6740445f0123456789abcdef01234567',
    '/app/node_modules/@opentelemetry/api/index.js:12:3',
    'select uuid, token from sessions where token = $1 and key = $2 and a.token::text = ?',
    'insert into idempotency_keys (key, body) values ($1, $2) on conflict (key) do nothing',
    'password authentication failed for user "app"',
    'duplicate key value violates unique constraint "users_handle_key"',
    '    at Object.token (file:///app/src/token.ts:12:34)\n    at async /app/src/session.ts:12:34',
    'author=worf',
    'tokens_used=5, sessions: 3, session_count=4, token_type=bearer, max_tokens=4096',
    'http://localhost:4567/@worf https://example.com/a?b=c@d',
    'see https://a.b/c, mail x@y.z',
    '{"url":"https://a.b","email":"x@y.z"}',
    'connect ECONNREFUSED 127.0.0.1:5432 or ::1:5432',
    'Basic authentication failed: bad password',
    'Invalid token: unexpected end of input',
    'code: ECONNREFUSED, key: 12, code=5',
    'PORT must be a whole number from 0 to 65535 (got "http")',
    'headers: { authorization: options.token }',
    'const token = readToken(request);',
    'readonly password: string;',
    'GET /api/activities/@worf?limit=2&before=abc 500',
    'Set-Cookie: the SameSite attribute is missing',
    'Bearer realm="api", error="invalid_token"',
    'the password must be at least 8 characters',
    "cannot read properties of undefined (reading 'token')",
    'npm:react@18.0.0 git@github.com:a/b.git',
    'postgresql://db.internal:5432/cruddur',
    'postgres://host:port/db postgres://h:5432,i:5433 http://localhost:4567, http://[::1]:80',
    'JWTExpired: "exp" claim timestamp check failed',
    'select * from users where password_hash = crypt($1, password_hash)',
    'The security token included in the request is expired',
    'ROLLBAR_ACCESS_TOKEN is not accepted: see the documents',
    'Content-Type: application/json; charset=utf-8, X-Amzn-Trace-Id: Root=1-6740445f-0123456789abcdef01234567;Sampled=1',
    'C:\\Users\\worf\\token.txt:3:4',
    'monkey=3 compass=n design=4 ttl=1-day',
    `Unexpected token '<', "<!DOCTYPE "... is not valid JSON`,
    `Unexpected token 'I', "Internal S"... is not valid JSON`,
    `Unexpected token 'u', "undefined" is not valid JSON`,
    'sort -u names.txt, tests pass: 12',
    '// see: docs @ 10:30',
  ])('%s', (text) => {
    expect(scrubText(text)).toBe(text);
  });

  it('words, ids, paths and addresses', () => {
    const piece = fc.oneof(
      fc.lorem({ mode: 'sentences', maxCount: 3 }),
      fc.uuid(),
      fc.webUrl(),
      fc.ipV6(),
      fc.webPath(),
      fc.stringMatching(/^[0-9a-f]{32}$/),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join(' ');
        expect(scrubText(text)).toBe(text);
      }),
    );
  });
});

describe('the secrets of the process', () => {
  const scrub = createScrubber(['correct horse/"battery"', 'short', '', '\ud800 lone surrogate']);

  it.each([
    'correct horse/"battery"',
    'correct%20horse%2F%22battery%22',
    'correct%20horse%2f%22battery%22',
    'correct+horse%2F%22battery%22',
    'correct horse/\\"battery\\"',
    '\ud800 lone surrogate',
  ])('are replaced wherever they are: %s', (secret) => {
    expect(scrub(`got ${secret}, twice${secret}`)).toBe('got [redacted], twice[redacted]');
  });

  it('that are shorter than 8 characters are words', () => {
    expect(scrub('a short text')).toBe('a short text');
  });
});

/** Texts of the marks by which secrets are recognised. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '://',
        '@',
        '=',
        ':',
        '"',
        "'",
        '`',
        '\\',
        ';',
        ',',
        ' ',
        '\n',
        '&',
        '?',
        '[',
        ']',
        '{',
        '}',
      ),
      fc.constantFrom(
        '%3D',
        '%40',
        '%3A%2F%2F',
        'password',
        'token',
        'http',
        'Cookie',
        'Authorization',
        'Bearer ',
      ),
      fc.constantFrom(
        '[redacted]',
        '-----BEGIN PRIVATE KEY-----',
        'eyJabcdef.abcdef',
        'key',
        '$1',
        '=>',
        'code',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('any text', () => {
  it('can be scrubbed, and stays the same the second time', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const once = scrubText(text);
        expect(scrubText(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it('is scrubbed of a password between any others', () => {
    const noise = fc.lorem({ mode: 'sentences', maxCount: 2 });
    const password = fc.stringMatching(/^[A-Za-z0-9!#$%^*()_+~.?/@-]{12,20}$/).map((text) => `Z9${text}Z9`);
    fc.assert(
      fc.property(noise, password, noise, (before, secret, after) => {
        const encoded = encodeURIComponent(secret);
        const text = `${before} postgres://app:${encoded}@db/x ${before} password='${secret}' ?token=${encoded}&a=1 {"secret":${JSON.stringify(secret)}} ${after}`;
        const scrubbed = scrubText(text);
        for (const form of [secret, encoded]) expect(scrubbed).not.toContain(form);
        expect(scrubbed.endsWith(after)).toBe(true);
      }),
    );
  });

  it('is cut after 16 kB, without half a secret at its end', () => {
    for (let room = 0; room < 40; room += 1) {
      const text = `${'x '.repeat((16_384 - room) / 2)} postgres://app:${S}@db/${'y'.repeat(20_000)}`;
      const scrubbed = scrubText(text);
      expect(scrubbed.length).toBeLessThanOrEqual(16_384);
      expect(scrubbed).not.toContain('hunter');
    }
  });

  it.each([
    '://',
    '@',
    '=',
    '"',
    "'",
    'pw="',
    "pw='x\n",
    'token=',
    'eyJ',
    '://a@',
    'a:b@',
    ';a=',
    'token:[',
    'bearer ',
    'basic aaaaaaaa',
    '%3a%2f%2f',
    'password: a, ',
    "password='a\\",
    'x',
    'cookie: a=b;',
    'authorization: a,b=',
    'token=a;',
    'x-token: [',
    '%41%41%41=',
    'pw=,',
    'password="\\"',
    '-----BEGIN ',
    '--token',
    '<token>a',
    "'x-key', '",
    'password "',
    'a:b@c',
    '\\\\"',
    '://a:b1',
    'secret key ',
  ])('of 16 kB of %j takes milliseconds', (unit) => {
    const text = unit.repeat(16_384 / unit.length);
    const best = Math.min(
      ...[1, 2, 3].map(() => {
        const start = performance.now();
        scrubText(text);
        return performance.now() - start;
      }),
    );
    expect(best).toBeLessThan(200);
  });
});
