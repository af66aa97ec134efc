// count_points: how many points of the training data fall on each pixel. A point is a disc of some pixels; where it is
// smaller than one, the pixel that it lies in.

@group(0) @binding(0) var<uniform> slice: Slice;
@group(0) @binding(1) var<storage, read> features: array<f32>;              // [m, d], d one or two
@group(0) @binding(2) var<storage, read> targets: array<f32>;               // [m]
@group(0) @binding(3) var<storage, read_write> counts: array<atomic<u32>>;  // [height, width]

// The examples of one dispatch, and where they lie in the picture.
struct Slice {
  first: u32,
  end: u32,
  size: vec2u,      // pixels
  origin: vec2f,    // pixels: where the example of zeros lies
  by_target: vec2f, // and how far from there for a unit of the target, and of each feature
  by_x1: vec2f,
  by_x2: vec2f,
  radius: f32,      // pixels
  feature_count: u32,
}

const WORKGROUP_SIZE = 64u;

@compute @workgroup_size(WORKGROUP_SIZE)
fn count_points(@builtin(global_invocation_id) invocation: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let reach = i32(ceil(slice.radius));
  for (var i = slice.first + invocation.x; i < slice.end; i += WORKGROUP_SIZE * workgroups.x) {
    let x = slice.feature_count * i;
    var place = slice.origin + targets[i] * slice.by_target + features[x] * slice.by_x1;
    if (slice.feature_count == 2) { place += features[x + 1] * slice.by_x2; }
    for (var down = -reach; down <= reach; down++) {
      for (var right = -reach; right <= reach; right++) {
        let pixel = vec2i(floor(place)) + vec2i(right, down);
        let isInside = all(pixel >= vec2i(0)) && all(pixel < vec2i(slice.size));
        let isCovered = reach == 0 || distance(vec2f(pixel) + 0.5, place) <= slice.radius;
        if (isInside && isCovered) { atomicAdd(&counts[u32(pixel.y) * slice.size.x + u32(pixel.x)], 1u); }
      }
    }
  }
}
