import { html, nothing, type TemplateResult } from '/lib/lit-html/lit-html.js';
import type { ConsoleStatus, SinkStatus, Unread } from '../../api/types.ts';
import { clip, formatAgo, formatBytes, formatCount, formatDateTime, formatTime } from '../shared/format.ts';
import { SYSTEMS } from '../shared/systems.ts';

const SAMPLE_LENGTH = 2_000;

/** Shows the amount of input per system and the time of the last. */
export function sinksTable({ sinks }: ConsoleStatus): TemplateResult {
  return html`<table class="sinks">
    <thead>
      <tr>
        <th scope="col">System</th>
        <th scope="col" class="number">Received</th>
        <th scope="col" class="number">Last</th>
        <th scope="col" class="number">Unreadable</th>
      </tr>
    </thead>
    <tbody>
      ${SYSTEMS.map(({ sink, kind, title }) => sinkRow(kind, title, sinks[sink]))}
    </tbody>
  </table>`;
}

function sinkRow(kind: string, title: string, sink: SinkStatus): TemplateResult {
  const { received, lastReceivedAt, unread, lastUnread } = sink;
  return html`<tr>
    <th scope="row"><i class="mark ${kind}"></i>${title}</th>
    <td class="number ${received ? '' : 'none'}">${formatCount(received)}</td>
    <td class="number" title=${lastReceivedAt === null ? '' : formatDateTime(lastReceivedAt)}>
      ${lastReceivedAt === null ? 'never' : formatAgo(lastReceivedAt)}
    </td>
    <td class="number ${unread ? 'bad' : 'none'}" title=${clip(lastUnread ?? '', 300)}>
      ${formatCount(unread)}
    </td>
  </tr>`;
}

/** Shows the memory in use, and the numbers of records that are counted but not stored. */
export function memoryLine({ memory, counted, startedAt }: ConsoleStatus): TemplateResult {
  const { bytes, maxBytes, evicted } = memory;
  return html`<p class="memory">
    <meter min="0" max=${maxBytes} .value=${bytes} aria-label="Memory used"></meter>
    ${formatBytes(bytes)} of ${formatBytes(maxBytes)}${
      evicted ? html` · ${formatCount(evicted)} older entries dropped` : nothing
    }
    ${counted.metrics ? html` · ${formatCount(counted.metrics)} metrics, counted only` : nothing}
    ${counted.otlpLogs ? html` · ${formatCount(counted.otlpLogs)} OTLP log records, counted only` : nothing}
    <span title=${formatDateTime(startedAt)}>· since ${formatTime(startedAt).slice(0, 8)}</span>
  </p>`;
}

/** Shows each unreadable input: the reason and its first bytes. */
export function unreadableList(unread: readonly Unread[]): TemplateResult {
  return html`<ul class="unread">
    ${unread.map(
      ({ protocol, reason, receivedAt, sample }) =>
        html`<li>
          <details>
            <summary>
              <span class="protocol">${protocol}</span> ${clip(reason, 300)}
              <time>${formatTime(receivedAt)}</time>
            </summary>
            <pre tabindex="0" aria-label="First bytes">${clip(sample, SAMPLE_LENGTH) || '(empty)'}</pre>
          </details>
        </li>`,
    )}
  </ul>`;
}
