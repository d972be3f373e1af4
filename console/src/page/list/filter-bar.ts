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
  /** The reader asks for the one trace that they named. */
  onTrace(id: string): void;
}

export interface FilterBar {
  show(filters: Filters, all: readonly TraceSummary[], shown: number): void;
  focus(): void;
}

/** The filters over the list; they live in the address, so that what is seen can be shared. */
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
          <datalist id="routes">${routesOf(all).map((route) => html`<option value=${route}></option>`)}</datalist>
          <select
            name="status"
            aria-label="Status"
            class=${filters.status ? 'set' : ''}
            .value=${live(filters.status)}
            @change=${(event: Event) => onChange({ status: (event.target as HTMLSelectElement).value })}
          >
            <option value="">Any status</option>
            ${statusesOf(all, filters.status).map((status) => html`<option value=${status}>${status}</option>`)}
          </select>
          ${field('trace', 'Trace id, in any form', { onKey: openWholeId })}
          ${field('slower', 'Slower than, ms', { numeric: true })}
          <label class="errors-only"
            ><input
              type="checkbox"
              name="errors"
              .checked=${live(filters.errors)}
              @change=${(event: Event) => onChange({ errors: (event.target as HTMLInputElement).checked })}
            />Errors only</label
          >
          <output class="shown" aria-label="Requests shown"
            >${isFiltering(filters) ? `${formatCount(shown)} of ${formatCount(all.length)}` : formatCount(shown)}</output
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

function routesOf(traces: readonly TraceSummary[]): string[] {
  return [...new Set(traces.map(routeOf))].slice(0, MAX_ROUTES).sort();
}

/** The classes, then each status that came, and the one that is chosen even if it has gone. */
function statusesOf(traces: readonly TraceSummary[], chosen: string): string[] {
  const seen = [...new Set(traces.flatMap(({ status }) => status ?? []))].sort((a, b) => a - b).map(String);
  return [...new Set([...CLASSES, ...seen, ...(chosen ? [chosen] : [])])];
}
