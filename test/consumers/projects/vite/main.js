import '../all.js';
