/** Examples of whole numbers and their quotients, which every host rounds alike. */

/** Numbers of [−1, 1] in an order that looks random. */
const scattered = (count: number, factor: number, modulus: number) =>
  Array.from({ length: count }, (_, i) => (2 * ((i * factor) % modulus)) / (modulus - 1) - 1);

const COUNT = 400;
const a = scattered(COUNT, 37, 101);
const b = scattered(COUNT, 53, 89).map((value, i) => 20 + value + (a[i] as number) / 2);
const c = scattered(COUNT, 29, 97);
const noise = scattered(COUNT, 61, 103);

/** 400 examples of three features, one of them far from 0 and correlated with another, with noise. */
export const EXAMPLES = {
  columns: { a, b, c },
  targets: a.map((value, i) => 3 * value - 2 * (b[i] as number) + 0.5 * (c[i] as number) + (noise[i] as number)),
};

/** [5, 3] */
export const NEW_ROWS = [[0, 20, 0], [1, 21, -1], [-1, 19, 1], [0.5, 20.5, 0.25], [0.1, 19.9, -0.3]]; // prettier-ignore

/** 101 examples on a plane: y = 2·x1 − 3·x2 + 5. */
export const LINE = (() => {
  const x1 = scattered(101, 37, 101);
  const x2 = scattered(101, 53, 101);
  return { columns: { x1, x2 }, targets: x1.map((value, i) => 2 * value - 3 * (x2[i] as number) + 5) };
})();

/** The price of 90 houses in three towns: 5 + 2.5·area, 10 more in the north, 20 less in the south. */
const HOUSES = Array.from({ length: 90 }, (_, i) => {
  const area = 40 + ((i * 37) % 101) + 0.5;
  const town = ['center', 'north', 'south'][i % 3] as string;
  return { area, town, price: 5 + 2.5 * area + ({ north: 10, south: -20 }[town] ?? 0) };
});
const withComma = (value: number) => String(value).replace('.', ',');
export const TABLE_CSV = `area;town;price\n${HOUSES.map(({ area, town, price }) => `${withComma(area)};${town};${withComma(price)}\n`).join('')}`;
