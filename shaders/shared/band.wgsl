// The sums of the Hessian in memory: the lower triangle of Σ c·[1 x][1 x]ᵀ row by row, Σ c first, then for each feature i
// Σ c·xᵢ and Σ c·xᵢ·xⱼ for j ≤ i. A band of it, some rows, lies in the partials at a time. Needs the bindings
// config, band and partials.

struct Band {
  first_tile: u32,  // the first row of tiles of this dispatch
  first_quad: u32,  // the first quad of examples of this dispatch,
  end_quad: u32,    // and the one after its last, unless the shard ends before
  first_sum: u32,   // the place in the triangle of the first sum of the band
  sum_count: u32,   // sums of the band
  is_added: u32,    // 0 for the first examples, whose sums take the place of others; the sums of later ones are added
}

// The share of a workgroup in the quads of the dispatch.
fn band_share(workgroup: u32, workgroups: u32) -> vec2u {
  let end = min(band.end_quad, config.quad_count);
  let first = min(band.first_quad, end);
  return first + share_of(end - first, workgroup, workgroups);
}

// The place in the triangle at which the row of a feature begins: row i holds i + 2 sums.
fn row_begin(i: u32) -> u32 {
  return (i + 1) * (i + 2) / 2;
}

// Writes the sum for a place in the triangle to the partial that begins at `at`.
fn put(at: u32, place: u32, sum: f32) {
  let i = at + place - band.first_sum;
  partials[i] = sum + select(0, partials[i], band.is_added != 0);
}
