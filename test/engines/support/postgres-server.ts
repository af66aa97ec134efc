// A PostgreSQL server of its own for the tests: in a temporary folder, on a socket there, and stopped at the end.

import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const VERSIONS = '/usr/lib/postgresql';

/** The environment variable with the folder of the socket. */
export const POSTGRES_SOCKET = 'WEBGPU_DESCENT_POSTGRES_SOCKET';

/** The programs of the newest installed PostgreSQL. */
export function findPostgres(): string {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .map((version) => join(VERSIONS, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  if (found) return found;
  throw new Error('PostgreSQL is missing: apt-get install postgresql, or its Debian package for your system.');
}

/** The server refuses to run as root; its package brings a user. */
const USER = 'postgres';
const isRoot = process.getuid?.() === 0;

function asUser(program: string, parameters: readonly string[]): void {
  const command = isRoot ? ['runuser', '-u', USER, '--', program, ...parameters] : [program, ...parameters];
  execFileSync(command[0] as string, command.slice(1), { stdio: 'ignore' });
}

/** Starts the server, and returns the way to stop it. */
export default function setup(): () => void {
  const bin = findPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'webgpu-descent-postgres-'));
  if (isRoot) {
    const id = (flag: string) => Number(execFileSync('id', [flag, USER], { encoding: 'utf8' }));
    chownSync(folder, id('-u'), id('-g'));
  }
  const data = join(folder, 'data');
  asUser(join(bin, 'initdb'), ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']);
  const options = `-c listen_addresses='' -c unix_socket_directories='${folder}' -c fsync=off`;
  asUser(join(bin, 'pg_ctl'), ['-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start']);
  process.env[POSTGRES_SOCKET] = folder;
  return () => {
    asUser(join(bin, 'pg_ctl'), ['-D', data, '-w', '-m', 'immediate', 'stop']);
    rmSync(folder, { recursive: true, force: true });
  };
}
