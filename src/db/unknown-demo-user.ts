/**
 * The user of `DEMO_USER_HANDLE` does not exist: the handle is unknown, or the database has not been seeded.
 * This is an error in the set-up, not in the request, so it is not an `HttpError`.
 */
export class UnknownDemoUser extends Error {
  override readonly name = 'UnknownDemoUser';

  constructor(handle: string) {
    super(`the demo user @${handle} does not exist: correct DEMO_USER_HANDLE, or run npm run db:seed`);
  }
}
