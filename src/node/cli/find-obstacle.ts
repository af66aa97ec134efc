import { access, constants, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

/** The reason why a file cannot be read, with its name and its folder, in words; undefined if it can. */
export async function findObstacle(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return `no file ${basename(file)} in the folder ${dirname(resolve(file))}`;
  if (found.isDirectory()) return `a folder, ${file}`;
  // Its first row is read before the whole, and what a pipe has given it does not give again.
  if (!found.isFile()) return `a pipe or a device, ${file}`;
  return access(file, constants.R_OK).then(
    () => undefined,
    () => `no permission to read ${file}`,
  );
}
