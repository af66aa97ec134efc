import { fit, type FittedModel } from 'webgpu-descent';

const area = [50, 80, 65, 120, 95];
const price = [120, 190, 152, 281, 224];
const model: FittedModel = await fit({ columns: { area }, targets: price });
console.log(`price = ${model.weights[0]?.toFixed(3)}·area + ${model.bias.toFixed(2)}`);
