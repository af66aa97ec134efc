/** Values over a grid, row by row from below: [rows, columns]. */
export interface Grid {
  columns: number;
  rows: number;
  values: ArrayLike<number>;
}

/** A piece of a contour, from one place to another in columns and rows of the grid. */
export type Segment = readonly [fromX: number, fromY: number, toX: number, toY: number];

/**
 * The places where the values over a grid pass a level, by marching squares: in each cell the edges on which they do are joined, at
 * the places that a straight line between the corners gives. (Lorensen and Cline, "Marching cubes", 1987, in the plane.)
 */
export function contour({ columns, rows, values }: Grid, level: number): Segment[] {
  const at = (x: number, y: number) => values[y * columns + x] as number;
  const found: Segment[] = [];
  for (let y = 0; y + 1 < rows; y++) {
    for (let x = 0; x + 1 < columns; x++) {
      const corners = [at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)] as const;
      const crossings = CELL_EDGES.flatMap(([from, to]) => {
        const [low, high] = [corners[from], corners[to]];
        if (low < level === high < level) return [];
        const share = (level - low) / (high - low);
        const [startX, startY] = CELL_CORNERS[from] as readonly [number, number];
        const [endX, endY] = CELL_CORNERS[to] as readonly [number, number];
        return [[x + startX + share * (endX - startX), y + startY + share * (endY - startY)] as const];
      });
      // Two edges, or all four about a saddle, which a convex loss has none of.
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const [from, to] = [crossings[i] as readonly [number, number], crossings[i + 1] as readonly [number, number]];
        found.push([from[0], from[1], to[0], to[1]]);
      }
    }
  }
  return found;
}

const CELL_CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;

const CELL_EDGES = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 0],
] as const;
