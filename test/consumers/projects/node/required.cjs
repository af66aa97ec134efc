const { fit } = require('webgpu-descent');
const { csvSource } = require('webgpu-descent/csv');
fit(csvSource('a,y\n1,3\n2,5\n3,7\n', { target: 'y' })).then(({ weights, bias }) =>
  console.log(JSON.stringify([...weights, bias])),
);
