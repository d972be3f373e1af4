import { cached, type RealService, run } from './real-service.ts';

const MOTO = '5.2.5';
const AWS_CLI = '1.46.3';
const CFN_LINT = '1.58.0';

/** Installs moto's server, the AWS CLI and cfn-lint. `path` is for `PYTHONPATH`. Needs Python with pip. */
export async function installPythonTools(): Promise<{
  moto: RealService;
  awsCli: RealService;
  cfnLint: RealService;
}> {
  const packages = [`moto[server]==${MOTO}`, `awscli==${AWS_CLI}`, `cfn-lint==${CFN_LINT}`];
  const path = await cached(`python-${MOTO}-${AWS_CLI}-${CFN_LINT}`, (target) =>
    run('python3', ['-m', 'pip', 'install', '--quiet', '--target', target, ...packages]),
  );
  return {
    moto: { version: MOTO, path },
    awsCli: { version: AWS_CLI, path },
    cfnLint: { version: CFN_LINT, path },
  };
}
