import { html, type TemplateResult } from '/lib/lit-html/lit-html.js';
import { announce } from './dom.ts';

/** A button that puts a text on the clipboard, and says so. `text` is made when it is pressed. */
export function copyButton(label: string, text: () => string, name = label): TemplateResult {
  const copy = async ({ currentTarget }: Event) => {
    const copied = await toClipboard(text());
    announce(copied ? `${name}: copied` : `${name}: the browser refused`);
    if (currentTarget instanceof HTMLElement) mark(currentTarget, copied ? 'copied' : 'refused');
  };
  return html`<button type="button" class="copy" aria-label=${name} @click=${copy}>${label}</button>`;
}

function mark(button: HTMLElement, outcome: string): void {
  button.dataset.outcome = outcome;
  setTimeout(() => delete button.dataset.outcome, 1_500);
}

/** Pages from an origin that is neither local nor https have no `navigator.clipboard`. */
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
