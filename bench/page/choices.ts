import { count } from '../../src/node/report/terminal.js';
import { type BenchCase, caseName, parseCases } from '../cases.js';
import type { NamedLibrary } from '../library-names.js';
import { create, element } from '../../pages/dom.js';
import { text } from './text.js';
import { isEffort, listedCases, type PageState, PRESETS } from './state.js';

export type Choices = Pick<PageState, 'cases' | 'arms' | 'effort'>;

const form = element('choices', HTMLFormElement);
const caseBoxes = element('cases', HTMLElement);
const armBoxes = element('arms', HTMLElement);
const custom = element('custom', HTMLInputElement);
const customError = element('custom-error', HTMLElement);
/** Cases that someone added; they stay listed when unticked. */
let added: readonly BenchCase[] = [];

/** Fills the form and calls back on every change of what is ticked. */
export function openChoices(libraries: readonly NamedLibrary[], onChange: () => void): void {
  armBoxes.replaceChildren(
    ...libraries.map(({ name, kind }) => box('arm', name, name, create('small', {}, ` ${text.kinds[kind]}`))),
  );
  for (const button of form.querySelectorAll<HTMLButtonElement>('[data-preset]')) {
    button.addEventListener('click', () => {
      const { preset } = button.dataset;
      listCases(preset !== undefined && preset in PRESETS ? PRESETS[preset as keyof typeof PRESETS] : []);
      onChange();
    });
  }
  element('add', HTMLButtonElement).addEventListener('click', () => addCustom(onChange));
  custom.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault(); // adds the case, and does not run
    addCustom(onChange);
  });
  form.addEventListener('change', (event) => {
    if (event.target !== custom) onChange();
  });
}

export function showChoices({ cases, arms, effort }: Choices): void {
  listCases(cases);
  for (const input of inputs('arm')) input.checked = arms.includes(input.value);
  for (const input of inputs('effort')) input.checked = input.value === effort;
}

export function readChoices(): Choices {
  const values = (name: string) => inputs(name).flatMap(({ checked, value }) => (checked ? [value] : []));
  const [effort = ''] = values('effort');
  return {
    cases: values('case').flatMap(parseCases),
    arms: values('arm'),
    effort: isEffort(effort) ? effort : 'full',
  };
}

/** While a benchmark runs. */
export function lockChoices(isLocked: boolean): void {
  for (const fieldset of form.querySelectorAll('fieldset')) fieldset.disabled = isLocked;
}

function listCases(chosen: readonly BenchCase[]): void {
  const names = chosen.map(caseName);
  added = [...added, ...chosen];
  caseBoxes.replaceChildren(
    ...listedCases(added).map((size) => {
      const label = box('case', caseName(size), `${count(size.rows)} × ${count(size.features)}`);
      (label.control as HTMLInputElement).checked = names.includes(caseName(size));
      return label;
    }),
  );
}

function addCustom(onChange: () => void): void {
  try {
    const sizes = parseCases(custom.value);
    listCases([...readChoices().cases, ...sizes]);
    custom.value = '';
    customError.hidden = true;
    custom.removeAttribute('aria-invalid');
    onChange();
  } catch (error) {
    customError.textContent = error instanceof Error ? error.message : String(error);
    customError.hidden = false;
    custom.setAttribute('aria-invalid', 'true');
  }
}

function inputs(name: string): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)];
}

function box(name: string, value: string, ...content: (string | Node)[]): HTMLLabelElement {
  return create('label', {}, create('input', { type: 'checkbox', name, value }), create('span', {}, ...content));
}
