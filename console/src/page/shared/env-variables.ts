import { html, type TemplateResult } from '/lib/lit-html/lit-html.js';
import { copyButton } from './copy-button.ts';

/** Shows the variables that send a program's telemetry to this console, ready to paste into a shell. */
export function envVariablesBlock(variables: Readonly<Record<string, string>>): TemplateResult {
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${shellWord(value)}`);
  return html`<div class="variables">
    <pre aria-label="Variables">${lines.join('\n')}</pre>
    ${copyButton('Copy', () => `${lines.join('\n')}\n`, 'Copy variables')}
  </div>`;
}

function shellWord(value: string): string {
  return /^[\w.,:/@%+=-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
