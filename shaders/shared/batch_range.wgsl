// The range of the current batch: all examples of the shard, or those of one mini-batch, which may begin and end within
// a quad. Needs the binding config.

// The share of a workgroup in the quads that hold examples of the batch.
fn batch_share(workgroup: u32, workgroups: u32) -> vec2u {
  let first = config.first_example / 4;
  return first + share_of((config.end_example + 3) / 4 - first, workgroup, workgroups);
}

// True for the examples of a quad that are in the batch: others belong to other batches, or pad the quad.
fn in_batch(quad: u32) -> vec4<bool> {
  let example = 4 * quad + vec4u(0, 1, 2, 3);
  return (example >= vec4u(config.first_example)) & (example < vec4u(config.end_example));
}
