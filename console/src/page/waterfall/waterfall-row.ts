import { html, nothing, type TemplateResult } from '/lib/lit-html/lit-html.js';
import { asString } from '../shared/coerce.ts';
import { clip, formatDuration } from '../shared/format.ts';
import { isFailedSegment, segmentEnd, segmentStart, type TraceNode } from '../trace-tree/trace-node.ts';
import { percentAt, type Stretch, type TraceRow } from './trace-rows.ts';

const NAME_LENGTH = 300;
const MAX_MARKS = 50;
const MAX_INDENT = 24;

interface WaterfallRowOptions {
  readonly index: number;
  readonly stretch: Stretch;
  readonly isPicked: boolean;
  pick(): void;
  fold(): void;
}

export function waterfallRowId(key: string): string {
  return `part-${key}`;
}

/** One row: its name in the tree, which systems have it, its time as bars or a mark. */
export function waterfallRow(row: TraceRow, options: WaterfallRowOptions): TemplateResult {
  const { node, level, isOpen } = row;
  const { index, stretch, isPicked, pick, fold } = options;
  const hasChildren = node.children.length > 0;
  return html`<div
    role="row"
    id=${waterfallRowId(node.key)}
    class="row ${node.failed ? 'failed' : ''}"
    aria-level=${level}
    aria-rowindex=${index + 1}
    aria-selected=${isPicked}
    aria-expanded=${hasChildren ? isOpen : nothing}
    @click=${pick}
  >
    <span role="gridcell" class="name" .style=${`--level:${Math.min(level - 1, MAX_INDENT)}`}>
      <span class="fold ${hasChildren ? (isOpen ? 'open' : 'closed') : ''}" @click=${stopping(fold)}></span>
      ${systemMarks(node)}
      <span class="text" title=${clip(node.name, NAME_LENGTH)}>${clip(node.name, NAME_LENGTH) || '(no name)'}</span>
    </span>
    <span role="gridcell" class="chart">${isWork(node) ? bars(node, stretch) : mark(node, stretch)}</span>
    <span role="gridcell" class="number">${timeOf(node, stretch)}</span>
  </div>`;
}

function isWork({ span, segment }: TraceNode): boolean {
  return span !== undefined || segment !== undefined;
}

/** For work two marks, one a system, hollow where the system does not have it. */
function systemMarks(node: TraceNode): TemplateResult {
  const { span, segment, log, item } = node;
  if (item) return html`<i class="mark error" title="Rollbar item"></i>`;
  if (log) {
    const level = asString(log.fields?.level);
    return html`<i class="mark log" title="log line"></i>${
      level ? html`<b class="level ${clip(level, 20)}">${clip(level, 20)}</b>` : nothing
    }`;
  }
  return html`<i class="mark span ${span ? '' : 'missing'}" title=${span ? 'span' : 'no span'}></i
    ><i class="mark segment ${segment ? '' : 'missing'}" title=${segment ? 'segment' : 'no segment'}></i
    ><span class="unseen">${describe(node)}</span>`;
}

function describe({ span, segment, failed }: TraceNode): string {
  const systems = span && segment ? 'span and segment' : span ? 'span only' : 'segment only';
  return failed ? `${systems}, failed` : systems;
}

function bars({ span, segment }: TraceNode, stretch: Stretch): TemplateResult {
  return html`${
    span
      ? html`<i
          class="bar span ${span.status.code === 'error' ? 'failed' : ''}"
          .style=${barStyle(stretch, span.startTime, span.startTime + span.durationMs)}
        ></i>`
      : nothing
  }${
    segment
      ? html`<i
          class="bar segment ${isFailedSegment(segment) ? 'failed' : ''} ${segment.in_progress ? 'running' : ''}"
          .style=${barStyle(stretch, segmentStart(segment) ?? 0, segmentEnd(segment) ?? stretch.end)}
        ></i>`
      : nothing
  }${span?.events
    .slice(0, MAX_MARKS)
    .map(
      ({ name, time }) =>
        html`<i class="tick" title=${clip(name, 100)} .style=${leftStyle(stretch, time)}></i>`,
    )}`;
}

function mark({ log, failed, start }: TraceNode, stretch: Stretch): TemplateResult {
  return html`<i class="moment ${log ? 'log' : 'error'} ${failed ? 'failed' : ''}" .style=${leftStyle(stretch, start)}></i>`;
}

/** Set through the CSSOM, which the policy allows; `style` as an attribute it does not. */
function barStyle(stretch: Stretch, start: number, end: number): string {
  const left = percentAt(stretch, start);
  return `left:${left}%;width:${Math.max(0, percentAt(stretch, end) - left)}%`;
}

function leftStyle(stretch: Stretch, time: number): string {
  return `left:${percentAt(stretch, time)}%`;
}

function timeOf(node: TraceNode, stretch: Stretch): string {
  if (!isWork(node)) return `+${formatDuration(Math.max(0, node.start - stretch.start))}`;
  return node.end === undefined ? 'running' : formatDuration(node.span?.durationMs ?? node.end - node.start);
}

function stopping(act: () => void): (event: Event) => void {
  return (event) => {
    event.stopPropagation();
    act();
  };
}
