import { html, type TemplateResult } from '/lib/lit-html/lit-html.js';
import { announce } from './dom.ts';

/** A button that copies a text and announces the result. `text` is called on each click. */
export function copyButton(label: string, text: () => string, name = label): TemplateResult {
  const copy = async ({ currentTarget }: Event) => {
    const copied = await toClipboard(text());
    announce(copied ? `${name}: copied` : `${name}: not copied`);
    if (currentTarget instanceof HTMLElement) mark(currentTarget, copied ? 'copied' : 'not copied');
  };
  return html`<button type="button" class="copy" aria-label=${name} @click=${copy}>${label}</button>`;
}

function mark(button: HTMLElement, outcome: string): void {
  button.dataset.outcome = outcome;
  setTimeout(() => delete button.dataset.outcome, 1_500);
}

/** `navigator.clipboard` exists on https and on localhost only. */
async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}
