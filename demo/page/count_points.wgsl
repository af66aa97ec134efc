// count_points: how many points of the training data fall on each pixel. A point is a disc of some pixels; where it is
// smaller than one, the pixel that it lies in.

@group(0) @binding(0) var<uniform> slice: Slice;
@group(0) @binding(1) var<storage, read> features: array<f32>;              // [m]
@group(0) @binding(2) var<storage, read> targets: array<f32>;               // [m]
@group(0) @binding(3) var<storage, read_write> counts: array<atomic<u32>>;  // [height, width]

// The examples of one dispatch, and where they lie in the picture.
struct Slice {
  first: u32,
  end: u32,
  size: vec2u,      // pixels
  corner: vec2f,    // x and y of the top left corner
  scale: vec2f,     // pixels to a unit of x, and of y, which points down
  radius: f32,      // pixels
}

const WORKGROUP_SIZE = 64u;

@compute @workgroup_size(WORKGROUP_SIZE)
fn count_points(@builtin(global_invocation_id) invocation: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let reach = i32(ceil(slice.radius));
  for (var i = slice.first + invocation.x; i < slice.end; i += WORKGROUP_SIZE * workgroups.x) {
    let place = (vec2f(features[i], targets[i]) - slice.corner) * slice.scale;
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
