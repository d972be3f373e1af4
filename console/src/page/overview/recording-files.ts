import { html, nothing, type TemplateResult } from '/lib/lit-html/lit-html.js';
import type { ConsoleStatus } from '../../api/types.ts';
import { formatCount } from '../shared/format.ts';

/** Shows the recording that was loaded and the one that is being saved. */
export function recordingFilesLine({
  runFiles: { loaded, saved },
}: ConsoleStatus): TemplateResult | typeof nothing {
  if (!loaded && !saved) return nothing;
  return html`<p class="memory">
    ${
      loaded
        ? html`${formatCount(loaded.entries)} loaded from ${loaded.file}${
            loaded.unread ? html`, <b class="bad">${formatCount(loaded.unread)} unreadable</b>` : nothing
          }`
        : nothing
    }
    ${loaded && saved ? '·' : nothing}
    ${
      saved
        ? html`${formatCount(saved.saved)} saved to ${saved.file}${
            saved.lost ? html`, <b class="bad">${formatCount(saved.lost)} lost</b>` : nothing
          }${saved.fault ? html`, <b class="bad">saving failed: ${saved.fault}</b>` : nothing}`
        : nothing
    }
  </p>`;
}
