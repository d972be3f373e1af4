import { html, nothing, render, type TemplateResult } from '/lib/lit-html/lit-html.js';
import type { ConsoleStatus } from '../../api/types.ts';
import { copyButton } from '../shared/copy-button.ts';
import { envVariablesBlock } from '../shared/env-variables.ts';

const REQUEST = 'curl localhost:4567/api/activities/home';
const FAULT = 'curl localhost:4567/rollbar/test';

/** What stands in the place of the list when no request has come. */
export function showNoRequests(host: HTMLElement, status: ConsoleStatus | undefined): void {
  render(
    html`<h2>No request yet</h2>
      <p>Make one, and it shows here as it arrives: spans, segments, log lines and errors under one id.</p>
      ${command(REQUEST)} ${command(FAULT)}
      ${
        status
          ? html`<h2>Another program?</h2>
              <p>Set these for it, and start it. Any language: these are the standard protocols of all four.</p>
              ${envVariablesBlock(status.variables)}`
          : nothing
      }`,
    host,
  );
}

/** What stands in the place of the list when the filters let nothing through. */
export function showNoMatch(host: HTMLElement, clearFilters: () => void): void {
  render(
    html`<h2>No request matches</h2>
      <p>Others have come; the filters hide them.</p>
      <p><button type="button" @click=${clearFilters}>Clear the filters</button></p>`,
    host,
  );
}

function command(text: string): TemplateResult {
  return html`<div class="command"><code>${text}</code>${copyButton('Copy', () => text, `Copy ${text}`)}</div>`;
}
