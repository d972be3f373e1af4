import type { ComposeProject } from './compose-project.ts';

const CLIENTS = 4;
const PAUSE_MS = 20;

/** Requests the feed repeatedly until `work` has ended, and returns the number of answers per status. */
export async function underLoad(
  { ask }: ComposeProject,
  work: () => Promise<unknown>,
): Promise<{ readonly statuses: Readonly<Record<string, number>> }> {
  const statuses: Record<string, number> = {};
  let done = false;
  const client = async () => {
    while (!done) {
      const { status } = await ask('/api/activities/home').catch(({ code }) => ({ status: code }));
      statuses[status] = (statuses[status] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  await work().finally(() => {
    done = true;
  });
  await Promise.all(clients);
  return { statuses };
}
