import { randomUUID } from 'node:crypto';
import { access, constants, open, realpath, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DescentError } from '../../base/errors.js';
import type { LinearModel } from '../../model/linear-model.js';
import type { DataChoice } from '../cli/arguments.js';

/** The files of the data, over which nothing is written. */
type DataFiles = Pick<DataChoice & { kind: 'files' }, 'kind' | 'files'> | (DataChoice & { kind: 'synthetic' });

/** Refuses a path that cannot be written, before the training rather than after it. Leaves nothing there. */
export async function requireWritable(file: string, data: DataFiles): Promise<void> {
  const obstacle = await findObstacle(file, data);
  if (obstacle === undefined) return;
  throw new DescentError('FILE_UNREADABLE', {
    got: obstacle,
    expected: 'a path to write to',
    fix: 'Check the path given with --output.',
    where: { file },
  });
}

async function findObstacle(file: string, data: DataFiles): Promise<string | undefined> {
  const may = (path: string, mode: number) =>
    access(path, mode).then(
      () => true,
      () => false,
    );
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) return `a folder, ${file}`;
  if (found) {
    for (const one of data.kind === 'files' ? data.files : []) {
      if ((await realpath(file)) === (await realpath(one).catch(() => undefined)))
        return `the data file itself, ${file}`;
    }
    return (await may(file, constants.W_OK)) ? undefined : `no permission to write ${file}`;
  }
  const folder = dirname(resolve(file));
  if (!(await may(folder, constants.F_OK))) return `no folder ${folder} to write to`;
  if (!(await may(folder, constants.W_OK))) return `no permission to write to ${folder}`;
  return (await takesFiles(folder)) ? undefined : `a folder that takes no file, ${folder}`;
}

/**
 * True if a file can be made there: a system's own folders may refuse one in spite of all permissions. It is tried with a name
 * that nobody else has, since another process may write to the path itself.
 */
async function takesFiles(folder: string): Promise<boolean> {
  const trial = join(folder, `.webgpu-descent-${randomUUID()}`);
  try {
    await (await open(trial, 'wx')).close();
    await unlink(trial);
    return true;
  } catch {
    return false;
  }
}

/** One model as it is, and several as a list. */
export async function writeModels(file: string, models: readonly LinearModel[]): Promise<void> {
  await writeFile(file, `${JSON.stringify(models.length === 1 ? models[0] : models, null, 2)}\n`);
}

/** Writes a line to stdout. A reader that has seen enough, such as `head`, is no failure; a full disk is. */
export async function print(text: string): Promise<void> {
  await new Promise<void>((done, failed) => {
    const finish = (error?: Error | null) => (error && !isClosedPipe(error) ? failed(error) : done());
    process.stdout.once('error', finish); // which would end this process where nobody listens
    process.stdout.write(`${text}\n`, finish);
  });
}

function isClosedPipe(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
}
