import { html, nothing, render, type TemplateResult } from '/lib/lit-html/lit-html.js';
import { formatCount } from '../shared/format.ts';
import type { Connection } from '../state/follow-live.ts';
import { currentTheme, nextTheme } from './theme.ts';

const STATES: Record<Connection, string> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
};

interface HeaderState {
  readonly view: 'requests' | 'overview' | 'trace';
  readonly listUrl: string;
  readonly connection: Connection;
  readonly paused: boolean;
  /** Number of requests that arrived during the pause. */
  readonly waiting: number;
}

interface HeaderActions {
  pause(): void;
  clear(): void;
}

/** Shows the navigation, the state of the connection, and the buttons Pause, Clear and Theme. */
export function showHeader(host: HTMLElement, state: HeaderState, { pause, clear }: HeaderActions): void {
  const { view, listUrl, connection, paused, waiting } = state;
  const changeTheme = () => {
    nextTheme();
    showHeader(host, state, { pause, clear });
  };
  const theme = currentTheme() || 'auto';
  const arrived = paused && waiting ? ` · ${formatCount(waiting)} new` : '';
  render(
    html`<a class="brand" href="/" aria-label="Local console"
        ><i></i><i></i><i></i><i></i><span>Local console</span></a
      >
      <nav aria-label="Views">
        ${viewLink('Requests', listUrl.replace('view=overview', ''), view === 'requests')}
        ${viewLink('Overview', '/?view=overview', view === 'overview')}
      </nav>
      <span class="state ${paused ? 'paused' : connection}"
        >${paused ? 'Paused' : STATES[connection]}${arrived}</span
      >
      <button type="button" class="pause" aria-pressed=${paused} aria-keyshortcuts="p" @click=${pause}>
        ${paused ? 'Resume' : 'Pause'}
      </button>
      <button type="button" class="clear" @click=${clear}>Clear</button>
      <button type="button" class="theme" aria-label="Theme: ${theme}" @click=${changeTheme}>
        ${theme}
      </button>`,
    host,
  );
}

function viewLink(label: string, href: string, isCurrent: boolean): TemplateResult {
  return html`<a href=${href} aria-current=${isCurrent ? 'page' : nothing}>${label}</a>`;
}
