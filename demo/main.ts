import { DescentError, fit, type LinearModel, SEED_PROGRAM, syntheticRegression } from '../src/index.js';

const form = element('options', HTMLFormElement);
const status = element('status', HTMLElement);
const curve = element('curve', SVGSVGElement);
const parameters = element('parameters', HTMLTableElement);

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void train();
});

async function train(): Promise<void> {
  const button = form.querySelector('button');
  button?.setAttribute('disabled', '');
  try {
    const values = new FormData(form);
    const number = (name: string) => Number(values.get(name));
    const data = syntheticRegression({ rows: number('rows'), features: 2, seed: 1 });
    const model = await fit(data.dataset, {
      ...SEED_PROGRAM,
      epochs: number('epochs'),
      learningRate: number('learningRate'),
      seed: 1,
      onProgress: ({ epoch, epochs, loss }) => {
        status.textContent = `Epoch ${epoch} of ${epochs}, loss ${loss.toPrecision(5)}`;
      },
    });
    show(model, [...data.weights, data.bias]);
  } catch (error) {
    if (!(error instanceof DescentError)) throw error;
    status.textContent = error.message;
  } finally {
    button?.removeAttribute('disabled');
  }
}

function show({ weights, bias, report }: LinearModel, truth: readonly number[]): void {
  if (!report) return;
  const place = report.adapter
    ? `${report.adapter.vendor} ${report.adapter.architecture}${report.adapter.isSoftware ? ' (software)' : ''}`
    : 'the CPU';
  const { msPerEpoch } = report.timings;
  const speed = msPerEpoch === null ? '' : `, ${msPerEpoch.toPrecision(3)} ms each`;
  status.textContent =
    report.stopReason === 'diverged'
      ? `Diverged after ${report.epochsRun} epochs: λ must stay under ${report.learningRateLimit?.toPrecision(4)}.`
      : `${report.epochsRun} epochs on ${place}${speed}.`;
  draw(report.lossHistory);
  const rows = [...weights, bias].map((value, j) => {
    const row = document.createElement('tr');
    for (const text of [['w1', 'w2', 'b'][j], value.toFixed(5), truth[j]?.toFixed(5)]) {
      row.insertCell().textContent = text ?? '';
    }
    return row;
  });
  parameters.tBodies[0]?.replaceChildren(...rows);
  parameters.hidden = false;
}

/** The loss on a logarithmic axis. */
function draw(history: readonly number[]): void {
  const logs = history.map(Math.log);
  const low = Math.min(...logs);
  const span = Math.max(...logs) - low || 1;
  const points = logs.map(
    (log, i) => `${(600 * i) / Math.max(1, logs.length - 1)},${195 - (190 * (log - low)) / span}`,
  );
  curve.querySelector('polyline')?.setAttribute('points', points.join(' '));
  curve.removeAttribute('hidden');
}

function element<Kind extends Element>(id: string, kind: abstract new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`no ${kind.name} #${id}`);
  return found;
}
