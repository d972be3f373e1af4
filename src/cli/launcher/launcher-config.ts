import type { Config } from '../../config/config.ts';
import { isSet } from '../../config/variables/values.ts';

/**
 * Reads what `npm start` decides itself: which database to use, and the environment of its child processes.
 */
export function readLauncherConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    hasDatabaseUrl: isSet(env.DATABASE_URL),
    dataDir: isSet(env.DATA_DIR) ? env.DATA_DIR : './data',
    /**
     * Returns the API's environment. Spans are exported sooner by default, because somebody may be watching.
     */
    environmentWith: (more: Record<string, string>): NodeJS.ProcessEnv => ({
      ...env,
      ...more,
      ...(!isSet(env.OTEL_BSP_SCHEDULE_DELAY) && { OTEL_BSP_SCHEDULE_DELAY: '500' }),
    }),
    /**
     * Returns the console's environment. A configured X-Ray daemon may already use the daemon's default port.
     */
    consoleEnvironment: ({ xray }: Pick<Config, 'xray'>): NodeJS.ProcessEnv => ({
      ...env,
      ...(xray && !isSet(env.CONSOLE_XRAY_PORT) && { CONSOLE_XRAY_PORT: '0' }),
    }),
  };
}
