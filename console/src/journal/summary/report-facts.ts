import { asArray, asNumber, asRecord } from '../../json.ts';
import { toMilliseconds } from '../../times.ts';
import type { RollbarItem } from '../entries.ts';
import { type Finding, pathOfUrl, shortText } from './request-facts.ts';

/**
 * Reads facts about a request from a Rollbar item.
 * https://docs.rollbar.com/reference/create-item
 */
export function findInReport(item: RollbarItem): Finding {
  const { method, url } = asRecord(item.request);
  return {
    source: typeof method === 'string' ? 'report' : 'any',
    facts: {
      startedAt: toMilliseconds(asNumber(item.timestamp)),
      name: shortText(titleOfReport(item)),
      method: shortText(method),
      path: pathOfUrl(url),
    },
    failed: item.level === 'error' || item.level === 'critical',
  };
}

/** Returns the title, the exception's class and message, the message, or the first line of a crash report. */
export function titleOfReport(item: RollbarItem): string {
  const body = asRecord(item.body);
  const { exception } = asRecord(body.trace ?? asArray(body.trace_chain)[0]);
  const { class: name, message } = asRecord(exception);
  const thrown = [name, message].filter((text) => typeof text === 'string' && text !== '').join(': ');
  const { raw } = asRecord(body.crash_report);
  // A copy, because a part would keep the whole report in memory.
  const crash = typeof raw === 'string' ? shortText(raw)?.split('\n', 1)[0] : undefined;
  const title = item.title ?? (thrown || (asRecord(body.message).body ?? crash));
  return typeof title === 'string' ? title : '';
}
