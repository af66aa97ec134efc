import { DescentError } from '../base/errors.js';
import { SyntheticData } from '../data/synthetic.js';
import { fit } from '../fit.js';
import type { FitOptions } from '../fitting/fit-options.js';
import type { FitData } from '../fitting/prepare-data.js';
import type { FittedModel } from '../model/fitted-model.js';
import { LinearModel } from '../model/linear-model.js';
import { Moments } from '../moments/moments.js';
import type { Answer, Request, SentData, SentError, SentModel } from './messages.js';

/** The end of a channel: a worker's own, or that of a thread of Node. */
export interface Channel {
  post(answer: Answer): void;
  /** Called with each message. */
  listen(onRequest: (request: Request | undefined) => void): void;
}

/** Fits what is asked for by messages, several at a time, until the worker ends. */
export function answerFits(channel: Channel): void {
  const running = new Map<number, AbortController>();
  channel.listen((request) => {
    if (request?.type === 'abort') return running.get(request.id)?.abort();
    if (request?.type !== 'fit') return; // a worker of one's own may hear other messages, too
    const { id } = request;
    const controller = new AbortController();
    running.set(id, controller);
    const send = (answer: Answer) => {
      // The page may hear of the end before it hears of an abort that came too late: it ends each fit once.
      if (answer.type !== 'called') running.delete(id);
      channel.post(answer);
    };
    void run(request, controller.signal, send).catch((error: unknown) => {
      if (controller.signal.aborted && error === controller.signal.reason) send({ type: 'aborted', id });
      else send({ type: 'failed', id, error: sentError(error) });
    });
  });
  channel.post({ type: 'ready' });
}

type FitRequest = Extract<Request, { type: 'fit' }>;

async function run({ id, data, options, callbacks }: FitRequest, signal: AbortSignal, send: (answer: Answer) => void) {
  const { warmStart, ...plain } = options;
  const watch = Object.fromEntries(
    callbacks.map((callback) => [callback, (value: unknown) => send({ type: 'called', id, callback, value })]),
  );
  const given: FitOptions = { ...plain, ...watch, signal };
  if (warmStart) given.warmStart = LinearModel.fromJSON(warmStart);
  send({ type: 'model', id, model: sentModel(await fit(dataOf(data), given)) });
}

/** The data of a fit, yet unchecked: `fit` checks those of any caller. */
function dataOf(data: SentData): FitData {
  if (data.kind === 'moments') return Moments.fromJSON(data.json);
  if (data.kind === 'synthetic') return new SyntheticData(data.spec, data.rows);
  return data.value as FitData;
}

function sentModel(model: FittedModel): SentModel {
  const { weights, bias, featureNames, targetName, loss, classes, encoder, objective, report } = model;
  return {
    ...{ weights, bias, featureNames, targetName, loss, classes, objective, report },
    encoder: encoder && encoder.toJSON(),
  };
}

function sentError(error: unknown): SentError {
  if (error instanceof DescentError) return { descent: error.toJSON() };
  try {
    return { other: structuredClone(error) };
  } catch {
    return { other: new Error(String(error)) };
  }
}
