import { fit } from 'webgpu-descent';

const area = [50, 80, 65, 120, 95];
const price = [120, 190, 152, 281, 224];
const data = { columns: { area }, targets: price };
const model = await fit(data);
console.log(String(await model.summary(data)));
console.log('a home of 70:', (await model.predict({ area: 70 }))[0].toFixed(1));
