import type { ReadingSettings } from '../../options/reading.js';
import type { ReadWatch } from '../read-watch.js';
import type { KeptEncoding } from './encoder.js';
import type { ReadingReport } from './reading-report.js';
import type { TableReader } from './table-reader.js';
import { TABLE_FILE } from './is-table-file.js';
import { TableSource } from './table-source.js';

/**
 * A file of features without a target, for the predictions of a model: a row for each. Columns are found by name, and others
 * are passed over.
 */
export class TableFile {
  #last: TableSource | undefined;

  constructor(
    private readonly reader: TableReader,
    private readonly settings: ReadingSettings,
    private readonly watch: ReadWatch = {},
  ) {}

  get [TABLE_FILE](): true {
    return true;
  }

  get name(): string {
    return this.reader.name;
  }

  /** The examples of a model that has been trained, encoded as it keeps it; rows with missing values stay, as NaN. */
  source(kept: KeptEncoding): TableSource {
    const { signal, onRead } = this.watch;
    this.#last = new TableSource(this.reader, { targets: [] }, this.settings, {
      signal,
      onRead,
      kept,
      keepsRows: true,
    });
    return this.#last;
  }

  /** The report of how the file was read the last time; null before. */
  get reading(): ReadingReport | null {
    return this.#last?.origin().reading ?? null;
  }
}
