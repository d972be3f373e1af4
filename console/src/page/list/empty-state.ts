import { html, nothing, render, type TemplateResult } from '/lib/lit-html/lit-html.js';
import type { ConsoleStatus } from '../../api/types.ts';
import { copyButton } from '../shared/copy-button.ts';
import { envVariablesBlock } from '../shared/env-variables.ts';

const REQUEST = 'curl localhost:4567/api/activities/home';
const FAULT = 'curl localhost:4567/rollbar/test';

/** Replaces the list while the console has no requests. */
export function showNoRequests(host: HTMLElement, status: ConsoleStatus | undefined): void {
  render(
    html`<h2>No requests yet</h2>
      <p>Send one. Its spans, segments, log lines and errors appear here as they arrive.</p>
      ${command(REQUEST)} ${command(FAULT)}
      ${
        status
          ? html`<h2>Connect another program</h2>
              <p>Set these variables, then start the program. Any language works.</p>
              ${envVariablesBlock(status.variables)}`
          : nothing
      }`,
    host,
  );
}

/** Replaces the list when no request matches the filters. */
export function showNoMatch(host: HTMLElement, clearFilters: () => void): void {
  render(
    html`<h2>No matching requests</h2>
      <p>The filters hide all requests.</p>
      <p><button type="button" @click=${clearFilters}>Clear filters</button></p>`,
    host,
  );
}

function command(text: string): TemplateResult {
  const copy = copyButton('Copy', () => text, `Copy ${text}`);
  return html`<div class="command"><code>${text}</code>${copy}</div>`;
}
