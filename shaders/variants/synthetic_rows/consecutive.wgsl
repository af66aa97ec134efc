// A shard holds consecutive examples of the dataset, from its first on.

fn rows_of(quad: u32) -> Rows {
  let low = shard.first_low + 4 * quad;
  return Rows(low + vec4u(0, 1, 2, 3), shard.first_high + select(0u, 1u, low < shard.first_low));
}
