import { HttpError } from '../lib/errors.ts';

/**
 * 503: the user of `DEMO_USER_HANDLE` does not exist, as in a database that nobody has seeded. This is an
 * error in the set-up, not in the request, and its text tells how to end it.
 */
export class UnknownDemoUser extends HttpError {
  override readonly name = 'UnknownDemoUser';

  constructor(handle: string) {
    super(503, `The demo user @${handle} does not exist: correct DEMO_USER_HANDLE, or run npm run db:seed.`, {
      headers: { 'Retry-After': '5' },
    });
  }
}
