import { live } from '/lib/lit-html/directives/live.js';
import { html, render, type TemplateResult } from '/lib/lit-html/lit-html.js';
import type { TraceSummary } from '../../api/types.ts';
import { formatCount } from '../shared/format.ts';
import { isWholeId } from '../shared/trace-ids.ts';
import { type Filters, isFiltering, routeOf } from './filters.ts';

const CLASSES = ['2xx', '3xx', '4xx', '5xx'];
const MAX_ROUTES = 200;

interface FilterBarOptions {
  onChange(change: Partial<Filters>): void;
  /** The user pressed Enter on a whole trace id. */
  onTrace(id: string): void;
}

export interface FilterBar {
  show(filters: Filters, all: readonly TraceSummary[], shown: number): void;
  focus(): void;
}

/** The filters above the list. The address holds them, so that a link shares the filtered view. */
export function createFilterBar(host: HTMLElement, { onChange, onTrace }: FilterBarOptions): FilterBar {
  host.addEventListener('submit', (event) => event.preventDefault());

  return {
    show(filters, all, shown) {
      const field = (name: 'text' | 'route' | 'trace' | 'slower', label: string, more: Partial<Field> = {}) =>
        textField({
          name,
          label,
          value: filters[name],
          onInput: (value) => onChange({ [name]: value }),
          ...more,
        });
      const openWholeId = ({ key, target }: KeyboardEvent) => {
        const { value } = target as HTMLInputElement;
        if (key === 'Enter' && isWholeId(value)) onTrace(value.trim());
      };
      render(
        html`${field('text', 'Text')} ${field('route', 'Route', { list: 'routes' })}
          <datalist id="routes">
            ${routesOf(all).map((route) => html`<option value=${route}></option>`)}
          </datalist>
          <select
            name="status"
            aria-label="Status"
            class=${filters.status ? 'set' : ''}
            .value=${live(filters.status)}
            @change=${(event: Event) => onChange({ status: (event.target as HTMLSelectElement).value })}
          >
            <option value="">Any status</option>
            ${statusesOf(all, filters.status).map(statusOption)}
          </select>
          ${field('trace', 'Trace id, any format', { onKey: openWholeId })}
          ${field('slower', 'Slower than (ms)', { numeric: true })}
          <label class="errors-only"
            ><input
              type="checkbox"
              name="errors"
              .checked=${live(filters.errors)}
              @change=${(event: Event) => onChange({ errors: (event.target as HTMLInputElement).checked })}
            />Errors only</label
          >
          <output class="shown" aria-label="Requests shown"
            >${isFiltering(filters) ? `${formatCount(shown)} of ` : ''}${formatCount(all.length)}</output
          >`,
        host,
      );
    },
    focus() {
      const text = host.querySelector<HTMLInputElement>('[name=text]');
      text?.focus();
      text?.select();
    },
  };
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly list?: string;
  readonly numeric?: boolean;
  onInput(value: string): void;
  onKey?(event: KeyboardEvent): void;
}

function textField({
  name,
  label,
  value,
  list = '',
  numeric = false,
  onInput,
  onKey,
}: Field): TemplateResult {
  return html`<input
    type="search"
    name=${name}
    aria-label=${label}
    placeholder=${label}
    class=${value ? 'set' : ''}
    list=${list}
    inputmode=${numeric ? 'numeric' : 'search'}
    spellcheck="false"
    .value=${live(value)}
    @input=${(event: Event) => onInput((event.target as HTMLInputElement).value)}
    @keydown=${onKey}
  />`;
}

function statusOption(status: string): TemplateResult {
  return html`<option value=${status}>${status}</option>`;
}

function routesOf(traces: readonly TraceSummary[]): string[] {
  return [...new Set(traces.map(routeOf))].slice(0, MAX_ROUTES).sort();
}

/** The status classes, each status in the list, and the selected one even if no request has it any more. */
function statusesOf(traces: readonly TraceSummary[], chosen: string): string[] {
  const seen = [...new Set(traces.flatMap(({ status }) => status ?? []))].sort((a, b) => a - b).map(String);
  return [...new Set([...CLASSES, ...seen, ...(chosen ? [chosen] : [])])];
}
