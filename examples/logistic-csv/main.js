import { fit } from 'webgpu-descent';
import { csvSource } from 'webgpu-descent/csv';
import example from './o-rings.csv?url';

/** The chance of damage by temperature: a File of the reader, or the file beside this one. */
async function show(input) {
  const source = csvSource(input, { target: 'damaged', labels: true });
  const model = await fit(source, { loss: 'logistic' });
  document.querySelector('pre').textContent = String(await model.summary(source));
  const [name] = model.featureNames;
  const [probability] = await model.predict({ [name]: [31] });
  document.querySelector('output').textContent = `${model.classes[1]} at 31: ${probability.toFixed(3)}`;
}

document.querySelector('input').addEventListener('change', ({ target }) => show(target.files[0]));
await show(async () => (await fetch(example)).body);
