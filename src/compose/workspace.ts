/** Where a browser reaches the published ports in a cloud workspace; `undefined` on a machine of one's own. */
export interface Workspace {
  /** The host name at which a published port is served, over HTTPS. */
  hostOf(port: number): string;
}

/** Gitpod and Codespaces each name their hosts by two variables, which Compose passes on. */
export function findWorkspace(env: NodeJS.ProcessEnv): Workspace | undefined {
  const { GITPOD_WORKSPACE_ID: id, GITPOD_WORKSPACE_CLUSTER_HOST: cluster } = env;
  if (id && cluster) return { hostOf: (port) => `${port}-${id}.${cluster}` };
  const { CODESPACE_NAME: name, GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: domain } = env;
  if (name && domain) return { hostOf: (port) => `${name}-${port}.${domain}` };
  return undefined;
}
