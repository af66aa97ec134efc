const SHADER = `
@group(0) @binding(0) var<storage, read> features: array<f32>;
@group(0) @binding(1) var<storage, read> targets: array<f32>;
@group(0) @binding(2) var<uniform> line: vec2f; // weight, bias

@vertex fn point(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  return vec4f(features[i], targets[i], 0, 1);
}

@vertex fn end(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  let x = f32(i) * 2 - 1;
  return vec4f(x, line.x * x + line.y, 0, 1);
}

@fragment fn blue() -> @location(0) vec4f { return vec4f(0.11, 0.31, 0.84, 1); }
@fragment fn red() -> @location(0) vec4f { return vec4f(0.70, 0.07, 0.17, 1); }
`;

/** The examples as points and the model as a line, drawn to a texture, and shown on the canvas from there. */
export class Picture {
  constructor(device, canvas, { features, targets, exampleCount }) {
    this.device = device;
    this.count = exampleCount;
    this.canvas = canvas.getContext('webgpu');
    const format = navigator.gpu.getPreferredCanvasFormat();
    this.canvas.configure({ device, format });
    this.line = device.createBuffer({ size: 8, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
    const entry = (binding, type) => ({ binding, visibility: GPUShaderStage.VERTEX, buffer: { type } });
    const layout = device.createBindGroupLayout({
      entries: [entry(0, 'read-only-storage'), entry(1, 'read-only-storage'), entry(2, 'uniform')],
    });
    const module = device.createShaderModule({ code: SHADER });
    const pipeline = (vertex, fragment, topology) =>
      device.createRenderPipeline({
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        vertex: { module, entryPoint: vertex },
        fragment: { module, entryPoint: fragment, targets: [{ format }] },
        primitive: { topology },
      });
    this.points = pipeline('point', 'blue', 'point-list');
    this.ends = pipeline('end', 'red', 'line-list');
    const entries = [features, targets, this.line].map((buffer, binding) => ({ binding, resource: { buffer } }));
    this.group = device.createBindGroup({ layout, entries });
  }

  draw(weight, bias) {
    this.device.queue.writeBuffer(this.line, 0, new Float32Array([weight, bias]));
    const commands = this.device.createCommandEncoder();
    const view = this.canvas.getCurrentTexture().createView();
    const pass = commands.beginRenderPass({
      colorAttachments: [{ view, loadOp: 'clear', storeOp: 'store', clearValue: [1, 1, 1, 1] }],
    });
    pass.setBindGroup(0, this.group);
    pass.setPipeline(this.points);
    pass.draw(this.count);
    pass.setPipeline(this.ends);
    pass.draw(2);
    pass.end();
    this.device.queue.submit([commands.finish()]);
  }
}
