import { asArray, asNumber, asRecord } from '../../json.ts';
import type { RollbarItem } from '../entries.ts';
import { type Finding, milliseconds, pathOfUrl, shortText } from './request-facts.ts';

/**
 * Reads facts about a request from a Rollbar item.
 * https://docs.rollbar.com/reference/create-item
 */
export function findInReport(item: RollbarItem): Finding {
  const { method, url } = asRecord(item.request);
  return {
    source: typeof method === 'string' ? 'report' : 'any',
    facts: {
      startedAt: milliseconds(asNumber(item.timestamp) * 1000),
      name: shortText(titleOfReport(item)),
      method: shortText(method),
      path: pathOfUrl(url),
    },
    failed: item.level === 'error' || item.level === 'critical',
  };
}

/** Returns what Rollbar's list shows: the title, the message, or the exception's class and message. */
export function titleOfReport(item: RollbarItem): string {
  const body = asRecord(item.body);
  const { exception } = asRecord(body.trace ?? asArray(body.trace_chain)[0]);
  const { class: name, message } = asRecord(exception);
  const thrown = [name, message].filter((text) => typeof text === 'string' && text !== '').join(': ');
  const title = item.title ?? (thrown || asRecord(body.message).body);
  return typeof title === 'string' ? title : '';
}
