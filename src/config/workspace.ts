/** A cloud workspace (Gitpod or Codespaces), which publishes local ports under host names of its own. */
export interface Workspace {
  /** Returns the host name that serves a local port over HTTPS. */
  hostOf(port: number): string;
}

interface WorkspaceVariables {
  readonly GITPOD_WORKSPACE_ID?: string | undefined;
  readonly GITPOD_WORKSPACE_CLUSTER_HOST?: string | undefined;
  readonly CODESPACE_NAME?: string | undefined;
  readonly GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN?: string | undefined;
}

/** Returns the workspace that the platform's variables describe; `undefined` outside of one. */
export function findWorkspace(env: WorkspaceVariables): Workspace | undefined {
  const { GITPOD_WORKSPACE_ID: id, GITPOD_WORKSPACE_CLUSTER_HOST: cluster } = env;
  if (id && cluster) return { hostOf: (port) => `${port}-${id}.${cluster}` };
  const { CODESPACE_NAME: name, GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: domain } = env;
  if (name && domain) return { hostOf: (port) => `${name}-${port}.${domain}` };
  return undefined;
}
