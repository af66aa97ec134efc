import { DescentError, type DescentErrorCode } from '../base/errors.js';

/** Optional packages that a part of the command line needs, and the error of a machine without them. */
interface Need {
  names: readonly string[];
  code: DescentErrorCode;
  /** The work that they do, as in "reads such files". */
  by: string;
}

/** The module that `load` imports. Throws with the command that installs what is missing. */
export async function packaged<Module>({ names, code, by }: Need, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const missing = names.find((name) => cause instanceof Error && cause.message.includes(`'${name}'`));
    if (missing === undefined || !isNotFound(cause)) throw cause;
    throw new DescentError(code, {
      got: `no package ${missing}, which ${by}`,
      expected: `${names.join(' and ')} beside webgpu-descent`,
      fix: `Run npm install ${names.join(' ')}`,
      cause,
    });
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}
