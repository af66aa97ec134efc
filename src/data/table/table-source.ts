import { inTurns, mapInParts } from '../../base/turns.js';
import type { ReadingSettings } from '../../options/reading.js';
import type { ReadingUse } from '../cells/column.js';
import type { Dataset } from '../checked-dataset.js';
import { joinColumn } from '../join.js';
import type { FloatArray } from '../numbers.js';
import type { Origin } from '../origin.js';
import { OverBudget, requireWithin } from '../over-budget.js';
import { ReadMeter, type ReadWatch } from '../read-watch.js';
import type { BatchRoom, CollectWatch, ColumnBatch, ExampleSource } from '../source.js';
import { ColumnMeans } from './column-means.js';
import { datasetsOf } from './datasets-of.js';
import { requireNarrow } from './encode.js';
import { Encoder, type KeptEncoding } from './encoder.js';
import {
  encodedBytes,
  encoderOf,
  featuresOf,
  isOpen,
  keptPlan,
  knownPlan,
  type KnownPlan,
  refusePoints,
  settingsOf,
  toBatch,
  encodedWidth,
} from './known-plan.js';
import { namesInUse } from './names-in-use.js';
import { nothingLeft } from './nothing-left.js';
import { emptyData, planColumns, type Roles, type TablePlan } from './plan-columns.js';
import type { ReadingReport } from './reading-report.js';
import type { FormatReport, MemoryReader, TableHead, TableReader } from './table-reader.js';
import { TableReading } from './table-reading.js';

/** The way in which a table is read. */
interface TableUse extends ReadWatch {
  /** The encoding of a model that has been trained. */
  kept?: KeptEncoding;
  /** True if rows with missing values stay, as NaN. */
  keepsRows?: boolean;
}

/**
 * Examples from a table: bytes → cells → columns of numbers and codes → features. What must be known of whole columns
 * (levels, classes, means, an ambiguous notation) is learned in a pass of its own where examples are handed out batch by
 * batch, and along the way where all of them are kept.
 */
export class TableSource implements ExampleSource {
  private readonly settings: ReadingSettings;
  #plan: TablePlan | undefined;
  #known: KnownPlan | undefined;
  #reading: ReadingReport | null = null;

  constructor(
    private readonly reader: TableReader,
    private readonly roles: Roles,
    settings: ReadingSettings,
    private readonly use: TableUse = {},
  ) {
    this.settings = use.kept ? settingsOf(use.kept, settings) : settings;
  }

  encodedBy(kept: KeptEncoding): TableSource {
    return new TableSource(this.reader, this.roles, this.settings, { ...this.use, kept });
  }

  labelled(): TableSource {
    return new TableSource(this.reader, { ...this.roles, labels: true }, this.settings, this.use);
  }

  get name(): string {
    return this.reader.name;
  }

  async columns(): Promise<{ features: readonly string[]; target: string }> {
    const plan = this.#plan ?? (await this.#look());
    const isPlain = this.settings.polynomial === 1 && plan.columns.every(({ kind }) => kind !== 'category');
    const features = isPlain ? featuresOf(plan).map(({ name }) => name) : (await this.#learned()).encoder.featureNames;
    return { features, target: this.roles.targets[0] as string };
  }

  /** The origin of the examples, after a pass. */
  origin(): Origin {
    const encoder = this.#known?.encoder;
    return {
      encoder: encoder && !encoder.isIdentity ? encoder : null,
      labels: this.#known?.classes[0] ?? null,
      reading: this.#reading,
      inputs: null,
    };
  }

  async *batches(room: BatchRoom = {}): AsyncGenerator<ColumnBatch, void, undefined> {
    const { missing, polynomial, categories, dates } = this.settings;
    const isOpen = categories.length + dates.length > 0 || this.roles.labels || missing === 'mean' || polynomial > 1;
    if (isOpen && !this.use.kept) await this.#learned();
    let skipped = 0;
    for (;;) {
      const end = yield* this.#stream(this.#known, skipped, room);
      if (end === undefined) return;
      // A notation was found that needs all cells: from here on it is known, and rows that were handed out stay as they are.
      skipped = end;
    }
  }

  /**
   * All examples, in one pass where no notation has to be found first: a dataset for each target, of the same features. null once they
   * are seen to take more than `mostBytes`, levels of categories included.
   */
  async collect({ mostBytes = Infinity, ...watch }: CollectWatch = {}): Promise<Dataset[] | null> {
    try {
      let { plan, reading, parts } = await this.#readAll(this.#known, watch, mostBytes);
      if (reading.columns.some(({ needsReread }) => needsReread)) {
        ({ plan, reading, parts } = await this.#readAll(knownPlan(plan, reading, this.settings), watch, mostBytes));
      }
      const known = knownPlan(plan, reading, this.settings);
      const numbers = known.encoder.featureNames.length + parts.length - known.featureCount;
      requireWithin(mostBytes, 8 * (reading.rowsRead - reading.rowsDropped) * numbers);
      reading.columns.forEach((column, k) => parts[k]?.forEach((values) => column.revise(values)));
      const values = await inTurns(mapInParts(parts, joinColumn), watch.signal);
      return this.#toDatasets(known, values, reading.areChecked);
    } catch (error) {
      if (error instanceof OverBudget) return null;
      throw error;
    }
  }

  /**
   * All examples of a table that is in memory. Columns of floats are handed on as they are. null where features are encoded and
   * take more than `mostBytes`.
   */
  collectNow(table: MemoryReader, mostBytes = Infinity): Dataset[] | null {
    let plan = (this.#plan = this.#planned(table.head()));
    const block = table.block(plan.positions);
    const read = () => {
      const reading = new TableReading(plan.columns, this.settings, this.reader, this.#readingUse);
      return { reading, values: reading.whole(block) };
    };
    let { reading, values } = read();
    this.#close(table.report(), reading);
    if (reading.columns.some(({ needsReread }) => needsReread)) {
      plan = knownPlan(plan, reading, this.settings);
      ({ reading, values } = read());
    }
    reading.columns.forEach((column, k) => {
      const own = values[k];
      if (own instanceof Float64Array && own !== block.columns[k]) column.revise(own);
    });
    const known = knownPlan(plan, reading, this.settings);
    return encodedBytes(known, values) > mostBytes ? null : this.#toDatasets(known, values);
  }

  #toDatasets(known: KnownPlan, values: FloatArray[], isChecked = false): Dataset[] {
    const { roles, settings, use } = this;
    const { encoder, datasets } = datasetsOf(known, values, {
      roles,
      settings,
      use,
      reading: this.#reading,
      isChecked,
    });
    this.#known = { ...known, encoder };
    return datasets;
  }

  /** One pass that hands out batches. Returns the number of rows handed out so far if it has to begin anew. */
  async *#stream(
    known: KnownPlan | undefined,
    skipped: number,
    room: BatchRoom,
  ): AsyncGenerator<ColumnBatch, number | undefined, undefined> {
    if (known) requireNarrow(known.encoder);
    const { pass, plan, reading } = await this.#begin(known, room);
    const encoder = this.use.kept?.encoder ?? known?.encoder ?? encoderOf(reading, plan, this.settings);
    let handed = 0;
    const meter = new ReadMeter([this.use]);
    try {
      for await (const block of pass.blocks(plan.positions, reading.faults, () => reading.notations())) {
        await meter.add(block.rowCount);
        for (const values of reading.push(block)) {
          // After a fault nothing is handed out, and the rest is read to count the others.
          if (!reading.faults.isEmpty || isOpen(reading)) continue;
          handed += values[0]?.length ?? 0;
          if (handed > skipped) yield toBatch(encoder, plan, values);
        }
        if (!known && isOpen(reading) && reading.faults.isEmpty) {
          await this.#learned();
          refusePoints(reading, handed);
          return handed;
        }
      }
    } catch (error) {
      reading.faults.throwIfAny(); // they come before a fault of the text
      throw error;
    }
    this.#close(pass.report(), reading);
    for (const values of reading.end()) yield toBatch(encoder, plan, values);
    return undefined;
  }

  /** Learns the encodings of all columns in a pass, and the means of training examples in another one. */
  async #learned(): Promise<KnownPlan> {
    if (this.#known) return this.#known;
    const { plan, reading } = await this.#eachBatch(undefined, () => undefined);
    let known = knownPlan(plan, reading, this.settings);
    if (this.settings.missing === 'mean' && !this.use.kept) {
      const means = new ColumnMeans(known.encoder.columns);
      await this.#eachBatch(known, (values) => means.add(values.slice(0, plan.featureCount)));
      const { polynomial, missingValues } = this.settings;
      known = { ...known, encoder: new Encoder(means.encodings(), polynomial, missingValues) };
    }
    this.#known = known;
    return known;
  }

  async #readAll(known: KnownPlan | undefined, watch: ReadWatch, mostBytes: number) {
    const parts: Float64Array[][] = [];
    let bytes = 0;
    const visit = (values: Float64Array[]) => {
      for (const { byteLength } of values) bytes += byteLength;
      requireWithin(mostBytes, bytes);
      values.forEach((column, k) => (parts[k] ??= []).push(column));
    };
    return { ...(await this.#eachBatch(known, visit, watch)), parts };
  }

  async #eachBatch(known: KnownPlan | undefined, visit: (values: Float64Array[]) => void, watch: ReadWatch = {}) {
    const { pass, plan, reading } = await this.#begin(known);
    const meter = new ReadMeter([this.use, watch]);
    try {
      for await (const block of pass.blocks(plan.positions, reading.faults, () => reading.notations())) {
        await meter.add(block.rowCount);
        // What is refused needs no memory: the rest is read to count the faults.
        for (const values of reading.pushWhole(block)) if (reading.faults.isEmpty) visit(values);
      }
    } catch (error) {
      reading.faults.throwIfAny(); // they come before a fault of the text
      throw error;
    }
    this.#close(pass.report(), reading);
    for (const values of reading.end()) visit(values);
    return { plan, reading };
  }

  /** The columns in use; known ones where a model has been trained. */
  #planned(head: TableHead): TablePlan {
    const { roles, use: { kept } } = this; // prettier-ignore
    if (!kept) return planColumns(head, roles, this.settings, this.name);
    const own = { features: kept.encoder?.inputNames ?? kept.featureNames, labels: kept.classes !== null };
    return keptPlan(planColumns(head, { ...roles, ...own }, this.settings, this.name, true), kept);
  }

  /** Opens a pass, and finds the columns in use unless they are known. */
  async #begin(known: KnownPlan | undefined, { mostBytes }: BatchRoom = {}) {
    const pass = this.reader.open(this.#wanted);
    try {
      const plan: TablePlan = known ?? this.#planned(await pass.head());
      this.#plan = plan;
      const room = { mostBytes, width: encodedWidth(plan, known?.encoder ?? this.use.kept?.encoder) };
      const reading = new TableReading(plan.columns, this.settings, this.reader, this.#readingUse, room);
      return { pass, plan, reading };
    } catch (error) {
      await pass.close();
      throw error;
    }
  }

  /** Settles a reading at the end of its pass, and keeps what was understood. */
  #close(format: FormatReport, reading: TableReading): void {
    if (reading.rowsRead === 0 && reading.faults.isEmpty) {
      throw emptyData(`${this.name} without any row${format.header ? ' below its header' : ''}`);
    }
    reading.settle(format.delimiter);
    const { rowsRead, rowsDropped } = reading;
    const columns = reading.report();
    const guesses = [...format.guesses, ...reading.guesses()];
    this.#reading = { source: this.name, columns, rowsRead, rowsDropped, ...format, guesses };
    if (rowsDropped === rowsRead) throw nothingLeft(this.#reading, this.#plan);
  }

  get #readingUse(): ReadingUse {
    return this.use.keepsRows ? 'predict' : this.use.kept ? 'score' : 'train';
  }

  /** Reads the names of the columns, and finds those in use. */
  async #look(): Promise<TablePlan> {
    const { pass, plan } = await this.#begin(undefined);
    await pass.close();
    return plan;
  }

  get #wanted(): string[] {
    return namesInUse(this.roles, this.settings, this.use.kept);
  }
}
