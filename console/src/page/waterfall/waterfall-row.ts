import { html, nothing, type TemplateResult } from '/lib/lit-html/lit-html.js';
import { asString } from '../shared/coerce.ts';
import { clip, formatDuration } from '../shared/format.ts';
import { levelBadge } from '../shared/level-badge.ts';
import { isFailedSegment, segmentEnd, segmentStart, type TraceNode } from '../trace-tree/trace-node.ts';
import { percentAt, type TimeRange } from './time-range.ts';
import type { TraceRow } from './trace-rows.ts';

const NAME_LENGTH = 300;
const MAX_MARKS = 50;
const MAX_INDENT = 24;

interface WaterfallRowOptions {
  readonly index: number;
  readonly range: TimeRange;
  readonly isSelected: boolean;
  select(): void;
  fold(): void;
}

export function waterfallRowId(key: string): string {
  return `part-${key}`;
}

/** One row: its name in the tree, the systems that have it, and its time as bars or a mark. */
export function waterfallRow(row: TraceRow, options: WaterfallRowOptions): TemplateResult {
  const { node, level, isOpen } = row;
  const { index, range, isSelected, select, fold } = options;
  const name = clip(node.name, NAME_LENGTH);
  const hasChildren = node.children.length > 0;
  return html`<div
    role="row"
    id=${waterfallRowId(node.key)}
    class="row ${node.failed ? 'failed' : ''}"
    aria-level=${level}
    aria-rowindex=${index + 1}
    aria-selected=${isSelected}
    aria-expanded=${hasChildren ? isOpen : nothing}
    @click=${select}
  >
    <span role="gridcell" class="name" .style=${`--level:${Math.min(level - 1, MAX_INDENT)}`}>
      <span class="fold ${hasChildren ? (isOpen ? 'open' : 'closed') : ''}" @click=${stopping(fold)}></span>
      ${systemMarks(node)}
      <span class="text" title=${name}>${name || '(no name)'}</span>
    </span>
    <span role="gridcell" class="chart">${isWork(node) ? bars(node, range) : mark(node, range)}</span>
    <span role="gridcell" class="number">${timeOf(node, range)}</span>
  </div>`;
}

function isWork({ span, segment }: TraceNode): boolean {
  return span !== undefined || segment !== undefined;
}

/** A span or segment shows one mark per tracing system; the mark of a missing one is hollow. */
function systemMarks(node: TraceNode): TemplateResult {
  const { span, segment, log, item } = node;
  if (item) return html`<i class="mark error" title="Rollbar item"></i>`;
  if (log) {
    const level = asString(log.fields?.level);
    return html`<i class="mark log" title="log line"></i>${level ? levelBadge(level) : nothing}`;
  }
  return html`<i class="mark span ${span ? '' : 'missing'}" title=${span ? 'span' : 'no span'}></i
    ><i class="mark segment ${segment ? '' : 'missing'}" title=${segment ? 'segment' : 'no segment'}></i
    ><span class="unseen">${describe(node)}</span>`;
}

function describe({ span, segment, failed }: TraceNode): string {
  const systems = span && segment ? 'span and segment' : span ? 'span only' : 'segment only';
  return failed ? `${systems}, failed` : systems;
}

function bars({ span, segment }: TraceNode, range: TimeRange): TemplateResult {
  return html`${
    span
      ? html`<i
          class="bar span ${span.status.code === 'error' ? 'failed' : ''}"
          .style=${barStyle(range, span.startTime, span.startTime + span.durationMs)}
        ></i>`
      : nothing
  }${
    segment
      ? html`<i
          class="bar segment ${isFailedSegment(segment) ? 'failed' : ''}
            ${segment.in_progress ? 'running' : ''}"
          .style=${barStyle(range, segmentStart(segment) ?? 0, segmentEnd(segment) ?? range.end)}
        ></i>`
      : nothing
  }${span?.events
    .slice(0, MAX_MARKS)
    .map(
      ({ name, time }) =>
        html`<i class="tick" title=${clip(name, 100)} .style=${leftStyle(range, time)}></i>`,
    )}`;
}

function mark({ log, failed, start }: TraceNode, range: TimeRange): TemplateResult {
  return html`<i
    class="moment ${log ? 'log' : 'error'} ${failed ? 'failed' : ''}"
    .style=${leftStyle(range, start)}
  ></i>`;
}

/** Assigned to the `style` property, because the content security policy forbids `style` attributes. */
function barStyle(range: TimeRange, start: number, end: number): string {
  const left = percentAt(range, start);
  return `left:${left}%;width:${Math.max(0, percentAt(range, end) - left)}%`;
}

function leftStyle(range: TimeRange, time: number): string {
  return `left:${percentAt(range, time)}%`;
}

function timeOf(node: TraceNode, range: TimeRange): string {
  if (!isWork(node)) return `+${formatDuration(Math.max(0, node.start - range.start))}`;
  return node.end === undefined ? 'running' : formatDuration(node.span?.durationMs ?? node.end - node.start);
}

function stopping(act: () => void): (event: Event) => void {
  return (event) => {
    event.stopPropagation();
    act();
  };
}
