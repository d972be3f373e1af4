const PORT = 4568;

/**
 * Returns the host name under which Gitpod or Codespaces publishes the console's port, from the variables
 * that they set; `undefined` outside of a cloud workspace.
 */
export function workspaceHost(env: NodeJS.ProcessEnv): string | undefined {
  const { GITPOD_WORKSPACE_ID: id, GITPOD_WORKSPACE_CLUSTER_HOST: cluster } = env;
  if (id && cluster) return `${PORT}-${id}.${cluster}`;
  const { CODESPACE_NAME: name, GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: domain } = env;
  return name && domain ? `${name}-${PORT}.${domain}` : undefined;
}
