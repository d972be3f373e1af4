/** A fault of `DATABASE_URL`. The message continues "DATABASE_URL …" and repeats no part of its values. */
export class UrlFault extends Error {
  override readonly name = 'UrlFault';
}
