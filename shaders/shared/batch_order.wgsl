// The order in which an epoch takes its batches. Needs the binding config. The twin of src/descent/batches.ts.
//
// The order is a permutation of the batches that depends on seed and epoch alone, so that any invocation finds any
// place of it: a Feistel network over the numbers of 2·half_bits bits, applied again until the number is a batch (Black
// and Rogaway, "Ciphers with arbitrary finite domains", 2002; Mitchell et al., "Bandwidth-optimal random shuffling for
// GPUs", 2021).

const ROUNDS = 6u;

fn batch_at(place: u32, epoch: u32) -> u32 {
  if (config.half_bits == 0) {
    return place;
  }
  let key = mixed(mixed(epoch ^ config.order_key0) ^ config.order_key1);
  var batch = swapped(place, key);
  while (batch >= config.batch_count) {
    batch = swapped(batch, key);
  }
  return batch;
}

fn swapped(number: u32, key: u32) -> u32 {
  let mask = (1u << config.half_bits) - 1;
  var left = number >> config.half_bits;
  var right = number & mask;
  for (var round = 1u; round <= ROUNDS; round++) {
    let next_right = left ^ (mixed(right ^ (key + round * 0x9e3779b9u)) & mask);
    left = right;
    right = next_right;
  }
  return (left << config.half_bits) | right;
}

// A hash of which every bit depends on every bit of the word: the last steps of MurmurHash3 (Appleby, 2011).
fn mixed(word: u32) -> u32 {
  var x = word;
  x = (x ^ (x >> 16)) * 0x85ebca6bu;
  x = (x ^ (x >> 13)) * 0xc2b2ae35u;
  return x ^ (x >> 16);
}
