import { html, nothing, type TemplateResult } from '/lib/lit-html/lit-html.js';
import type { Span } from '../../api/types.ts';
import { asString } from '../shared/coerce.ts';
import { clip, formatDuration, formatTime } from '../shared/format.ts';
import { fieldsSection, textSection } from './fields.ts';

const QUERIES = ['db.query.text', 'db.statement'];
const MAX_EVENTS = 200;

/** Shows a span, except its times. */
export function spanDetails(span: Span): TemplateResult {
  const { attributes, status, events, links, scope, kind, spanId, parentSpanId, traceState, resource } = span;
  const query = QUERIES.map((name) => asString(attributes[name])).find((text) => text !== undefined);
  const shown = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== query));
  const isFailed = status.code === 'error';
  return html`<section class="system" aria-label="OpenTelemetry">
    <h3><i class="mark span"></i>OpenTelemetry <span class="hint">${kind} span</span></h3>
    ${isFailed ? html`<p class="message bad">${clip(status.message || 'error', 2_000)}</p>` : nothing}
    ${query === undefined ? nothing : textSection('SQL', query)} ${fieldsSection('Attributes', shown)}
    ${events.slice(0, MAX_EVENTS).map((event) => eventSection(event, span.startTime))}
    ${links.map((link, index) => fieldsSection(`Link ${index + 1}`, { ...link }))}
    ${fieldsSection('Span', {
      span_id: spanId,
      parent_span_id: parentSpanId,
      trace_state: traceState,
      status: status.code,
      scope: scope.version ? `${scope.name} ${scope.version}` : scope.name,
    })}
    ${fieldsSection('Resource', resource)}
  </section>`;
}

function eventSection({ name, time, attributes }: Span['events'][number], start: number): TemplateResult {
  const { 'exception.stacktrace': stack, ...rest } = attributes;
  const when = `${formatTime(time)}, after ${formatDuration(time - start)}`;
  return html`<div class="event ${name === 'exception' ? 'bad' : ''}">
    ${fieldsSection(`Event: ${clip(name, 200)}`, { time: when, ...rest })}
    ${typeof stack === 'string' ? textSection('Stack', stack) : nothing}
  </div>`;
}
