// A worker that holds a part of the examples and adds up their sums, as src/cpu/threads/team.ts tells it. That file reads this
// one as text and starts it from there: it imports nothing, and no bundler has to find it.

const port = typeof require === 'function' ? require('node:worker_threads').parentPort : self;

/** Looks for the next job before it sleeps, some 20 µs: to be woken takes longer than most epochs leave between two jobs. */
const LOOKS = 20_000;

let memory;
const kernels = [];

/**
 * [0] the number of the last job, [1] its kernel, [2] the offset of its targets in a tile; then for each worker, from `slot`
 * on, the number of the last job that it has done, and the beginnings and ends of two ranges of its rows for the next.
 */
let control;
let slot;

const ACTIONS = {
  open(data) {
    const bytes = 65_536 * data.pages;
    try {
      memory = new WebAssembly.Memory({ initial: data.pages });
    } catch {
      throw new RangeError(`no memory for ${bytes} bytes`); // src/cpu/threads/exchange.ts reads the number
    }
    ({ control, slot } = data);
  },

  store({ numbers, at }) {
    new numbers.constructor(memory.buffer).set(numbers, at);
  },

  /** A kernel, with the shared memory of its parameters and sums if there is any. */
  kernel({ module, modelLength, modelFormat, sumCount, scratchBytes, shared }) {
    const reserve = (bytes) => memory.grow(Math.max(1, Math.ceil(bytes / 65_536))) * 65_536;
    const [atModel, atSums, atScratch] = [reserve(8 * modelLength), reserve(8 * sumCount), reserve(scratchBytes)];
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    const Numbers = modelFormat === 4 ? Float32Array : Float64Array;
    let model = new Numbers(0);
    let sums = new Float64Array(0);
    kernels.push((parameters, target, ranges) => {
      if (sums.length === 0) {
        model = new Numbers(memory.buffer, atModel, modelLength);
        sums = new Float64Array(memory.buffer, atSums, sumCount);
      }
      model.set(parameters);
      sums.fill(0);
      for (let k = 0; k < ranges.length; k += 2) {
        exports.sums(0, ranges[k], ranges[k + 1], target, atModel, atScratch, atSums);
      }
      return sums;
    });
    kernels.at(-1).shared = shared;
    port.postMessage('ready');
  },

  /** A job by messages: ranges are beginnings and ends. */
  add({ kernel, model, target, ranges }) {
    const sums = kernels[kernel](model, target, ranges).slice();
    port.postMessage(sums, [sums.buffer]);
  },

  /** All jobs that come by shared memory, until one has no kernel. `done` is the last job before them. */
  serve({ done }) {
    for (let job = done; ;) {
      for (let look = 0; look < LOOKS && Atomics.load(control, 0) === job; look++);
      Atomics.wait(control, 0, job);
      job = Atomics.load(control, 0);
      const kernel = kernels[control[1]];
      if (kernel) kernel.shared.sums.set(kernel(kernel.shared.model, control[2], control.subarray(slot + 1, slot + 5)));
      Atomics.store(control, slot, job);
      Atomics.notify(control, slot);
      if (!kernel) return;
    }
  },
};

port.onmessage = ({ data }) => ACTIONS[data.action](data);
port.postMessage('ready');
