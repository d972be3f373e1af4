/**
 * The registry of the service's own attribute names. An attribute with an upstream semantic convention is
 * taken from `@opentelemetry/semantic-conventions` instead. No value may be personal data or a user's text.
 */
export const ATTR_APP_NOW = 'app.now';
export const ATTR_APP_RESULT_LENGTH = 'app.result_length';
export const ATTR_APP_USER_HANDLE = 'app.user_handle';
export const ATTR_APP_ACTIVITY_UUID = 'app.activity_uuid';
export const ATTR_APP_TTL = 'app.ttl';
export const ATTR_APP_MESSAGE_LENGTH = 'app.message_length';
export const ATTR_APP_SEARCH_TERM_LENGTH = 'app.search_term_length';
export const ATTR_APP_PAGE_LIMIT = 'app.page_limit';

/** Returns the name of the number of rows that were deleted from a table. */
export function attrAppDeleted(table: string): string {
  return `app.deleted_${table}`;
}

/** The number of traces that this one represents. Honeycomb reads it from every span. */
export const ATTR_SAMPLE_RATE = 'SampleRate';

/** An incubating upstream name. Importing it would load every incubating name. */
export const ATTR_HOST_NAME = 'host.name';
