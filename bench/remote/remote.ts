import type { RemoteBench } from './protocol.js';

export type Method = keyof RemoteBench;
export type Answer<Name extends Method> = Awaited<ReturnType<RemoteBench[Name]>>;

/** A page or a process that runs arms, and calls into it. */
export interface Remote {
  call<Name extends Method>(name: Name, ...parameters: Parameters<RemoteBench[Name]>): Promise<Answer<Name>>;
  close(): Promise<void>;
}
