// paint_points: each pixel in the colour of the data, the less transparent the more points lie on it.

@group(0) @binding(0) var<uniform> paint: Paint;
@group(0) @binding(1) var<storage, read> counts: array<u32>;        // [height, width]
@group(0) @binding(2) var<storage, read_write> pixels: array<u32>;  // [height, width] red, green, blue, opacity

struct Paint {
  colour: vec3f,
  strength: f32,  // of one point
}

const WORKGROUP_SIZE = 64u;

@compute @workgroup_size(WORKGROUP_SIZE)
fn paint_points(@builtin(global_invocation_id) invocation: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  for (var i = invocation.x; i < arrayLength(&pixels); i += WORKGROUP_SIZE * workgroups.x) {
    let opacity = 1 - exp(-paint.strength * f32(counts[i]));
    pixels[i] = pack4x8unorm(vec4f(paint.colour, opacity));
  }
}
