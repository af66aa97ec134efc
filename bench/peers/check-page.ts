import { plainLoop } from '../arms/plain-loop.js';
import { checkArms, type Result } from './check-arms.js';
import { peers } from './index.js';

declare global {
  interface Window {
    checkPeer(name: string, rows: number, features: number, epochs: number): Promise<Result[]>;
  }
}

const factories = { ...peers, 'plain JS loop': plainLoop };

window.checkPeer = (name, rows, features, epochs) => {
  if (!Object.hasOwn(factories, name)) throw new Error(`no peer "${name}": ${Object.keys(factories).join(', ')}`);
  return checkArms(factories[name as keyof typeof factories], rows, features, epochs);
};
