import { html, nothing, type TemplateResult } from '/lib/lit-html/lit-html.js';
import type { SegmentDocument } from '../../api/types.ts';
import { asFields, asList, asString, asText } from '../shared/coerce.ts';
import { clip } from '../shared/format.ts';
import { fieldsSection, textSection } from './fields.ts';

/** Shows an X-Ray segment or subsegment, except its times. */
export function segmentDetails(segment: SegmentDocument): TemplateResult {
  const { http, annotations, metadata, cause, sql, aws, service, type, namespace, origin, user } = segment;
  const { sanitized_query: query, ...database } = asFields(sql);
  const { id, name, parent_id, error, fault, throttle, in_progress } = segment;
  const flags = Object.entries({ fault, error, throttle, in_progress });
  const isSubsegment = type === 'subsegment' || segment.trace_id === undefined;
  return html`<section class="system" aria-label="X-Ray">
    <h3>
      <i class="mark segment"></i>X-Ray
      <span class="hint">${isSubsegment ? 'subsegment' : 'segment'}</span>
      ${flags.map(([flag, isSet]) => (isSet ? html`<b class="flag bad">${flag}</b>` : nothing))}
    </h3>
    ${causeSections(cause)} ${typeof query === 'string' ? textSection('SQL', query) : nothing}
    ${fieldsSection('Annotations', asFields(annotations))}
    ${Object.entries(asFields(metadata)).map(([space, values]) =>
      fieldsSection(`Metadata: ${clip(space, 100)}`, asValues(values)),
    )}
    ${fieldsSection('Request', asFields(http?.request))}
    ${fieldsSection('Response', asFields(http?.response))}
    ${fieldsSection('Database', database)} ${fieldsSection('AWS', asFields(aws))}
    ${fieldsSection('Segment', { id, name, parent_id, namespace, origin, user })}
    ${fieldsSection('Service', asFields(service))}
  </section>`;
}

function asValues(values: unknown): Readonly<Record<string, unknown>> {
  return typeof values === 'object' && values !== null ? { ...values } : { value: values };
}

/** A cause holds a list of exceptions, or is the id of an exception in another segment. */
function causeSections(cause: unknown): readonly TemplateResult[] {
  if (typeof cause === 'string')
    return [html`<p class="hint">The cause is exception ${clip(cause, 100)} of another segment.</p>`];
  return asList(asFields(cause).exceptions).map((value) => {
    const { type, message, stack } = asFields(value);
    const lines = asList(stack).map((frame) => {
      const { label, path, line } = asFields(frame);
      return `${asString(label) || '(anonymous)'} at ${asText(path)}:${asText(line)}`;
    });
    return html`<p class="message bad">
        ${clip([asString(type), asString(message)].filter(Boolean).join(': ') || 'exception', 2_000)}
      </p>
      ${lines.length ? textSection('Stack', lines.join('\n')) : nothing}`;
  });
}
