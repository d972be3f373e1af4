/**
 * The registry of the service's own attribute names. Everything that has an upstream semantic convention uses
 * `@opentelemetry/semantic-conventions` instead. None may carry personal data or text that a user wrote.
 */
export const ATTR_APP_NOW = 'app.now';
export const ATTR_APP_RESULT_LENGTH = 'app.result_length';
export const ATTR_APP_USER_HANDLE = 'app.user_handle';
export const ATTR_APP_ACTIVITY_UUID = 'app.activity_uuid';
export const ATTR_APP_TTL = 'app.ttl';
export const ATTR_APP_MESSAGE_LENGTH = 'app.message_length';
export const ATTR_APP_SEARCH_TERM_LENGTH = 'app.search_term_length';
export const ATTR_APP_PAGE_LIMIT = 'app.page_limit';

/** Read by Honeycomb on every span: how many traces this one stands for. */
export const ATTR_SAMPLE_RATE = 'SampleRate';

/** Upstream's name, still incubating there: importing it would load every incubating name. */
export const ATTR_HOST_NAME = 'host.name';
