import { it } from 'vitest';
import oldShort from './old_short.wgsl?raw';
import oldStep from './old_step.wgsl?raw';
import oldConfig from './old_config.wgsl?raw';
import oldUpdate from './old_update.wgsl?raw';
import step from '../../shaders/shared/step.wgsl?raw';
import config from '../../shaders/shared/config.wgsl?raw';
import shortW from '../../shaders/short_epochs.wgsl?raw';
import updateW from '../../shaders/update.wgsl?raw';
import { createContext } from '../../src/gpu/device.js';
import { bind, compileKernels } from '../../src/gpu/compile.js';
import { shortEpochs, update } from '../../src/gpu/kernels.js';
import { Buffers, read, readWrite, uniform } from '../../src/gpu/buffers.js';
import { writeConfig, writeSettings } from '../../src/gpu/config.js';

it('speed', async () => {
  const context = await createContext();
  const { device } = context;
  const made = new Buffers(device);
  const rows = 1000, d = 2;
  for (const which of ['short', 'update'] as const) {
    const now = which === 'short' ? shortEpochs(d, context.tuning) : update(context.tuning);
    let wgsl = now.wgsl.replace(which === 'short' ? shortW : updateW, which === 'short' ? oldShort : oldUpdate).replace(step, oldStep).replace(config, oldConfig);
    const [a, b] = await compileKernels(context, [now, { ...now, wgsl }]);
    const fill = (bytes: ArrayBuffer) => { const x = made.storage('x', bytes.byteLength); device.queue.writeBuffer(x, 0, bytes); return x; };
    const rnd = (n: number) => Float32Array.from({ length: n }, () => Math.random() * 2 - 1).buffer;
    const base = { exampleCount: rows, learningRate: 0.5, tolerance: 0, patience: 5, epochs: 1e7, firstLoss: 0, l1: 0, l2: 0 };
    const sNew = writeSettings([base]);
    const partialCount = 64;
    const cfg = { exampleCount: rows, quadCount: 250, featureCount: d, rowQuads: 0, firstPartial: 0, partialCount, huberDelta: 1 };
    const make = (c: any, settings: ArrayBuffer) => {
      const bs = which === 'short'
        ? [uniform(made.uniform('c', writeConfig(cfg))), read(fill(settings)), read(fill(rnd(d * rows))), read(fill(rnd(rows))), read(fill(Float32Array.of(1, 1, 1).buffer)), readWrite(fill(rnd(3))), readWrite(fill(rnd(3))), readWrite(fill(new ArrayBuffer(16))), readWrite(made.storage('h', 40_000_000))]
        : [uniform(made.uniform('c', writeConfig(cfg))), read(fill(settings)), read(fill(rnd(4 * partialCount))), read(fill(Float32Array.of(1, 1, 1).buffer)), read(fill(rnd(3))), read(fill(new ArrayBuffer(16))), readWrite(fill(rnd(3))), readWrite(fill(new ArrayBuffer(16))), readWrite(made.storage('h', 40_000_000))];
      return bind(device, c, bs);
    };
    const groups = [make(a, sNew), make(b, sNew.slice(0, 32))];
    const kernels = [a, b];
    const times: number[][] = [[], []];
    const n = which === 'short' ? 60 : 2000;
    for (let r = 0; r < 60; r++) for (const k of r % 2 ? [0, 1] : [1, 0]) {
      const e = device.createCommandEncoder(); const p = e.beginComputePass();
      p.setPipeline((kernels[k] as any).pipeline); p.setBindGroup(0, groups[k] as any);
      for (let i = 0; i < n; i++) p.dispatchWorkgroups(1);
      p.end();
      const t = performance.now(); device.queue.submit([e.finish()]); await device.queue.onSubmittedWorkDone();
      (times[k] as number[]).push(performance.now() - t);
    }
    const q = (x: number[], f: number) => x.toSorted((p, q) => p - q)[Math.floor(x.length * f)];
    console.log(which, 'new', q(times[0]!, 0.25), q(times[0]!, 0.5), 'old', q(times[1]!, 0.25), q(times[1]!, 0.5), 'ms for', n);
  }
  made.destroy();
  context.dispose();
}, 120000);
