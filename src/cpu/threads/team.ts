import { goOn, type Soon } from '../../base/soon.js';
import { fillTiles, inStretches, type StoredColumn } from '../fill.js';
import { compiledKernel, type KernelKind, lanesOf } from '../kernels/module.js';
import { columnOffset, numbersOfTiles, rowsOfTile, type Shape, sumCount } from '../kernels/shape.js';
import { scratchBytes } from '../kernels/sums.js';
import { PAGE_BYTES } from '../kept-memory.js';
import { WasmRows } from '../wasm-rows.js';
import { type Exchange, MessageExchange, SharedExchange } from './exchange.js';
import { addInTurns } from './one-thread.js';
import type { EngineWorker } from './start-worker.js';
import { type RowRange, rowsPerLook, type Sums, type Threads } from './threads.js';

/**
 * The caller's thread and workers, each with a part of the rows in its own memory. For an epoch they are sent the
 * parameters and send back their sums, which are added in the order of the threads: the same number of threads gives the
 * same bits.
 */
export class Team implements Threads {
  readonly kernels = 'wasm';
  readonly shape: Shape;
  readonly parts: readonly RowRange[];
  readonly #workers: readonly EngineWorker[];
  readonly #rows: WasmRows;
  readonly #exchange: Exchange;
  #kernelCount = 0;

  /** Opens a team with these workers, and parts for it and them. Throws `OUT_OF_MEMORY`. */
  constructor(shape: Shape, count: number, workers: readonly EngineWorker[]) {
    this.shape = shape;
    this.parts = partsOf(shape, count, workers.length + 1);
    this.#workers = workers;
    this.#rows = new WasmRows(shape, lengthOf(this.parts[0] as RowRange));
    const shared = typeof SharedArrayBuffer === 'undefined' ? null : new SharedExchange(workers);
    this.#exchange = shared ?? new MessageExchange(workers);
    workers.forEach((worker, k) => {
      const bytes = numbersOfTiles(shape, lengthOf(this.parts[k + 1] as RowRange)) * shape.storedBytes;
      const pages = Math.max(1, Math.ceil(bytes / PAGE_BYTES));
      worker.post({ action: 'open', pages, control: shared?.control, slot: SharedExchange.slotOf(k) });
    });
  }

  async fill(
    columns: readonly StoredColumn[],
    order: Uint32Array | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { shape } = this;
    const at = (part: RowRange, first: number) => numbersOfTiles(shape, first - part.first);
    for (const [k, part] of this.parts.entries()) {
      const worker = this.#workers[k - 1];
      const own = this.#rows.numbers;
      await inStretches(shape, part, signal, (first, end) => {
        const numbers = worker ? this.#numbersFor(end - first) : own.subarray(at(part, first));
        fillTiles(numbers, shape, columns, { first, end, order });
        worker?.post({ action: 'store', numbers, at: at(part, first) }, [numbers.buffer as ArrayBuffer]);
      });
    }
  }

  async sums(kind: KernelKind): Promise<Sums> {
    const { shape, parts } = this;
    const { featureCount } = shape;
    const { bytes } = lanesOf(kind, shape);
    const modelLength = featureCount + 2;
    const kernel = this.#kernelCount++;
    const pass = await this.#rows.pass(kind);
    await this.#exchange.addKernel({
      action: 'kernel',
      module: await compiledKernel(shape, kind),
      modelLength,
      modelFormat: bytes,
      sumCount: sumCount(shape, kind),
      scratchBytes: scratchBytes(featureCount, kind.withHessian),
    });
    const model = bytes === 4 ? new Float32Array(modelLength) : new Float64Array(modelLength);
    const most = rowsPerLook(shape, kind);
    return (parameters, ranges, target) => {
      model.set(parameters);
      const others = parts.slice(1).map((part) => pairs(ownRanges(ranges, part)));
      this.#exchange.begin({ kernel, model, target: columnOffset(featureCount + target), ranges: others });
      pass.begin(parameters);
      const own = ownRanges(ranges, parts[0] as RowRange);
      const added: Soon<void> = own.every((range) => lengthOf(range) <= most)
        ? own.forEach(({ first, end }) => pass.add(first, end, target))
        : addInTurns(pass, own, target, most);
      return goOn(added, () => goOn(this.#exchange.end(pass.read()), () => pass.read()));
    };
  }

  dispose(): void {
    this.#rows.dispose();
    for (const worker of this.#workers) worker.end();
  }

  #numbersFor(rows: number): Float32Array | Float64Array {
    const length = numbersOfTiles(this.shape, rows);
    return this.shape.storedBytes === 4 ? new Float32Array(length) : new Float64Array(length);
  }
}

/** Whole tiles for each thread, as evenly as can be. */
function partsOf(shape: Shape, count: number, threads: number): RowRange[] {
  const rows = rowsOfTile(shape);
  const tiles = Math.ceil(count / rows);
  const begin = (thread: number) => Math.min(count, rows * Math.round((tiles * thread) / threads));
  return Array.from({ length: threads }, (_, k) => ({ first: begin(k), end: begin(k + 1) }));
}

const lengthOf = ({ first, end }: RowRange): number => end - first;

/** The rows of ranges that belong to a part, counted from its first. */
function ownRanges(ranges: readonly RowRange[], part: RowRange): RowRange[] {
  return ranges
    .map(({ first, end }) => ({ first: Math.max(first, part.first), end: Math.min(end, part.end) }))
    .filter((range) => lengthOf(range) > 0)
    .map(({ first, end }) => ({ first: first - part.first, end: end - part.first }));
}

/** Two ranges as beginnings and ends, empty ones in the place of those that are missing. */
function pairs([a = EMPTY, b = EMPTY]: readonly RowRange[]): Int32Array {
  return Int32Array.of(a.first, a.end, b.first, b.end);
}

const EMPTY: RowRange = { first: 0, end: 0 };
