import type { ArmResult, BenchResult, CaseResult, Environment, Spread } from './result.js';

type Cell = string | number | boolean | null | undefined;

/** Column by column: its name, and its cell for one arm on one case. Units are in the names. */
const COLUMNS: readonly (readonly [string, (arm: ArmResult, on: CaseResult, where: Environment) => Cell])[] = [
  ['rows', (_, { rows }) => rows],
  ['features', (_, { features }) => features],
  ['name', ({ name }) => name],
  ['kind', ({ kind }) => kind],
  ...spreadColumns('ms_per_epoch', ({ msPerEpoch }) => msPerEpoch),
  ['gigabytes_per_second', ({ gigabytesPerSecond }) => gigabytesPerSecond],
  ['share_of_copy_bandwidth', ({ shareOfCopyBandwidth }) => shareOfCopyBandwidth],
  ...spreadColumns('job_ms', ({ jobMs }) => jobMs),
  ['checked_epochs', (_, { epochs }) => epochs],
  ['last_loss', ({ lastLoss }) => lastLoss],
  ['expected_loss', (_, { expectedLoss }) => expectedLoss],
  ['correct', ({ correct }) => correct],
  ['reason', ({ reason }) => reason],
  ['describe', ({ describe }) => describe],
  ['adapter', (_arm, _case, { adapter }) => adapter && `${adapter.vendor} ${adapter.architecture}`.trim()],
  ['is_software_adapter', (_arm, _case, { adapter }) => adapter?.isSoftware],
  ['copy_gigabytes_per_second', (_arm, _case, { copyGigabytesPerSecond }) => copyGigabytesPerSecond],
  ['browser', (_arm, _case, { browser }) => browser],
  ['cpu', (_arm, _case, { cpu }) => cpu],
  ['cores', (_arm, _case, { cores }) => cores],
  ['date', (_arm, _case, { date }) => date],
];

/** One line per arm and case, RFC 4180, with a head; an empty cell is what was not measured. */
export function csvOf({ environment, cases }: BenchResult): string {
  const rows = cases.flatMap((result) =>
    result.results.map((arm) => COLUMNS.map(([, cell]) => cell(arm, result, environment))),
  );
  return [COLUMNS.map(([name]) => name), ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function spreadColumns(name: string, spread: (arm: ArmResult) => Spread | null) {
  return [
    [name, (arm: ArmResult) => spread(arm)?.median],
    [`${name}_q1`, (arm: ArmResult) => spread(arm)?.q1],
    [`${name}_q3`, (arm: ArmResult) => spread(arm)?.q3],
  ] as const;
}

function quoted(cell: Cell): string {
  const text = String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
