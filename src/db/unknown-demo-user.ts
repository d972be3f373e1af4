/**
 * Somebody acts whom the database does not know: `DEMO_USER_HANDLE` names nobody, or the people are not there yet.
 * A fault of the set-up, so not an `HttpError`.
 */
export class UnknownDemoUser extends Error {
  override readonly name = 'UnknownActingUser';

  constructor(handle: string) {
    super(
      `the acting user @${handle} (DEMO_USER_HANDLE) is not in the table users: name somebody who is, or run npm run db:seed`,
    );
  }
}
